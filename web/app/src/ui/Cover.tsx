import { useState } from 'react';

import { artOf } from './art.ts';
import { cx } from './cx.ts';

/**
 * A cover's address at a size in pixels. Only its path counts: the page may have been reached by
 * another host name than the server gives itself.
 */
export function coverUrl(url: string | null, size: number): string | null {
  if (!url) return null;
  const { pathname } = new URL(url, document.baseURI);
  return `${pathname}?size=${size}`;
}

interface CoverProps {
  /** Null draws one from the title. */
  readonly url: string | null;
  readonly title: string;
  readonly className?: string;
  readonly eager?: boolean;
}

export function Cover({ url, title, className, eager = false }: CoverProps) {
  const [failed, setFailed] = useState<string | null>(null);
  const shape = cx('block aspect-square overflow-hidden bg-sunk', className);
  if (!url || failed === url) return <Drawn title={title} className={shape} />;
  return (
    <img
      src={url}
      alt=""
      loading={eager ? 'eager' : 'lazy'}
      decoding="async"
      onError={() => setFailed(url)}
      className={cx(shape, 'object-cover')}
    />
  );
}

function Drawn({ title, className }: { title: string; className: string }) {
  const art = artOf(title);
  return (
    <svg viewBox="0 0 14 14" aria-hidden="true" className={className}>
      <rect width="14" height="14" fill={art.ground} />
      {art.bars.map(({ x, height, fill }) => (
        <rect key={x} x={x * 2} y={14 - height} width="2.02" height={height} fill={fill} />
      ))}
    </svg>
  );
}
