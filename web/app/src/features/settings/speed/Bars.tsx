/** Small bars, oldest first; what failed is a cross. Said in words as a whole. */
export function Bars({ label, values }: { label: string; values: readonly (number | null)[] }) {
  const most = Math.max(1e-9, ...values.map((value) => value ?? 0));
  const [WIDTH, HEIGHT] = [8, 32];
  return (
    <>
      <span className="sr-only">{label}</span>
      <svg aria-hidden="true" width={values.length * WIDTH} height={HEIGHT} className="max-w-full">
        {values.map((value, at) => {
          const x = at * WIDTH;
          if (value === null) {
            const cross = `M${x + 1} ${HEIGHT - 7}l5 5m0 -5l-5 5`;
            return <path key={x} d={cross} className="stroke-danger" strokeWidth="1.5" />;
          }
          const height = Math.max(1, (value / most) * HEIGHT);
          return (
            <rect
              key={x}
              x={x}
              y={HEIGHT - height}
              width="6"
              height={height}
              className="fill-high"
            />
          );
        })}
      </svg>
    </>
  );
}
