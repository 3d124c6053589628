/** Node's own slice, which its types leave out: half the cost of `toString` for the short strings of headers and keys. */
interface Sliceable {
  latin1Slice(start?: number, end?: number): string;
}

/** Bytes as a string with one character each. */
export function latin1(bytes: Buffer, start = 0, end = bytes.length): string {
  return (bytes as unknown as Sliceable).latin1Slice(start, end);
}
