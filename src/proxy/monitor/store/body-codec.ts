/** How bodies are kept: small. */
import * as zlib from 'node:zlib';

/** Numbers stand in databases. */
const PLAIN = 0;
const DEFLATE = 1;
const ZSTD = 2;

/** Shorter ones gain nothing. */
const LEAST_BYTES = 256;

/** Absent before Node 22.15, where deflate stands in, four times as slow. */
const zstd: typeof zlib.zstdCompressSync | undefined = zlib.zstdCompressSync;
const unzstd: typeof zlib.zstdDecompressSync | undefined = zlib.zstdDecompressSync;

export interface PackedBody {
  codec: number;
  bytes: Uint8Array;
}

/** @returns the body as it is kept */
export function packBody(body: Uint8Array): PackedBody {
  if (body.length >= LEAST_BYTES) {
    const bytes = zstd
      ? zstd(body, { params: { [zlib.constants.ZSTD_c_compressionLevel]: 1 } })
      : zlib.deflateRawSync(body, { level: 1 });
    if (bytes.length < body.length) return { codec: zstd ? ZSTD : DEFLATE, bytes };
  }
  return { codec: PLAIN, bytes: body };
}

/** @returns the body as it was; undefined where this version of Node.js cannot read it, or it is damaged */
export function unpackBody({ codec, bytes }: PackedBody): Uint8Array | undefined {
  try {
    switch (codec) {
      case PLAIN:
        return bytes;
      case DEFLATE:
        return zlib.inflateRawSync(bytes);
      case ZSTD:
        return unzstd?.(bytes);
      default:
        return undefined;
    }
  } catch {
    return undefined;
  }
}
