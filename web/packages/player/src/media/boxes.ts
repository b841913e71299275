// Finds boxes of an ISO media file in bytes from elsewhere. Knows no box by what it means.

export const viewOf = (bytes: Uint8Array): DataView =>
  new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);

/** The body of the first box of this type. */
export function boxIn(view: DataView | null, type: string): DataView | null {
  for (let at = 0; view && at + 8 <= view.byteLength;) {
    const size = view.getUint32(at);
    if (size < 8 || at + size > view.byteLength) return null;
    if (view.getUint32(at + 4) === fourCc(type)) return part(view, at + 8, size - 8);
    at += size;
  }
  return null;
}

const fourCc = (type: string): number =>
  [...type].reduce((code, letter) => code * 256 + letter.charCodeAt(0), 0);

export const part = (view: DataView, from: number, length: number): DataView =>
  new DataView(view.buffer, view.byteOffset + from, length);
