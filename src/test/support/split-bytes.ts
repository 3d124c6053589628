/** Cuts bytes where networks cut them: anywhere, also inside a character or a field. */

/** A small repeatable random source: numbers in [0, 1). (mulberry32) */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

/** Pieces of 1 to `most` bytes, the same ones for the same seed. Together they are the input. */
export function splitSeeded(bytes: Buffer, seed: number, most = 64): Buffer[] {
  const random = seededRandom(seed);
  const parts: Buffer[] = [];
  for (let at = 0; at < bytes.length;) {
    const size = 1 + Math.floor(random() * most);
    parts.push(bytes.subarray(at, at + size));
    at += size;
  }
  return parts;
}

/** Every byte alone. */
export function splitEveryByte(bytes: Buffer): Buffer[] {
  return Array.from(bytes, (byte) => Buffer.from([byte]));
}

/** All ways to cut into two: one pair for each boundary between bytes. */
export function splitInTwo(bytes: Buffer): [Buffer, Buffer][] {
  return Array.from({ length: Math.max(0, bytes.length - 1) }, (_, index) => [
    bytes.subarray(0, index + 1),
    bytes.subarray(index + 1),
  ]);
}
