/**
 * AWS's side of things, written from its specifications and sharing nothing with the product: frames of event streams, and a
 * look at signatures. https://smithy.io/2.0/aws/amazon-eventstream.html,
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';

/** CRC-32, bit by bit. */
export function crcOf(bytes: Uint8Array): number {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1;
  }
  return (crc ^ 0xffffffff) >>> 0;
}

const number = (value: number): Buffer => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** Headers that are texts, as bytes. */
export function textHeaders(headers: Record<string, string>): Buffer {
  return Buffer.concat(
    Object.entries(headers).flatMap(([name, value]) => {
      const [key, text] = [Buffer.from(name), Buffer.from(value)];
      return [Buffer.from([key.length]), key, Buffer.from([7, text.length >> 8, text.length & 255]), text];
    }),
  );
}

/** What a frame begins with. @param total its length, in bytes */
export function prelude(total: number, headers: number): Buffer {
  const lengths = Buffer.concat([number(total), number(headers)]);
  return Buffer.concat([lengths, number(crcOf(lengths))]);
}

/** A frame with these headers: texts, or bytes already. */
export function frame(headers: Record<string, string> | Buffer, payload: string | Buffer): Buffer {
  const head = Buffer.isBuffer(headers) ? headers : textHeaders(headers);
  const body = Buffer.from(payload);
  const whole = Buffer.concat([prelude(16 + head.length + body.length, head.length), head, body]);
  return Buffer.concat([whole, number(crcOf(whole))]);
}

/** An event of a stream. */
export const eventFrame = (type: string, payload: unknown): Buffer =>
  frame(
    { ':event-type': type, ':content-type': 'application/json', ':message-type': 'event' },
    JSON.stringify(payload),
  );

/** An exception in a stream. */
export const exceptionFrame = (type: string, payload: unknown): Buffer =>
  frame(
    { ':message-type': 'exception', ':exception-type': type, ':content-type': 'application/json' },
    JSON.stringify(payload),
  );

const hash = (data: Buffer | string) => createHash('sha256').update(data).digest('hex');
const mac = (key: Buffer | string, data: string) => createHmac('sha256', key).update(data).digest();

/** Every byte that is not unreserved, as `%XX`. */
const escape = (text: string): string =>
  [...Buffer.from(text)]
    .map((byte) => {
      const character = String.fromCharCode(byte);
      return /[A-Za-z0-9\-._~]/.test(character)
        ? character
        : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
    })
    .join('');

export interface SignedRequest {
  method: string;
  /** The request line's target. */
  target: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/**
 * What is wrong with a request's signature; undefined when nothing is.
 * @param secrets secret access keys by access key id
 */
export function signatureProblem(
  { method, target, headers, body }: SignedRequest,
  secrets: Record<string, string>,
  expected: { region: string; service: string },
): string | undefined {
  const match =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/([^/]+)\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/.exec(
      headers.authorization ?? '',
    );
  if (!match) return 'there is no signature';
  const [, id = '', day = '', region = '', service = '', names = '', signature] = match;
  const secret = secrets[id];
  if (secret === undefined) return `the access key ${id} is unknown`;
  if (region !== expected.region) return `it is for the region ${region}`;
  if (service !== expected.service) return `it is for the service ${service}`;
  const date = String(headers['x-amz-date']);
  if (!/^\d{8}T\d{6}Z$/.test(date) || !date.startsWith(day)) return 'its date is none';
  const list = names.split(';');
  if (!list.includes('host') || !list.includes('x-amz-date')) return 'host or date are not signed';
  if (headers['x-amz-security-token'] !== undefined && !list.includes('x-amz-security-token'))
    return 'the token is not signed';
  const [path = '/', query = ''] = target.split('?');
  const canonical =
    `${method}\n${path.split('/').map(escape).join('/')}\n` +
    `${query
      .split('&')
      .filter(Boolean)
      .map((pair) => (pair.includes('=') ? pair : `${pair}=`))
      .sort()
      .join('&')}\n` +
    list.map((name) => `${name}:${String(headers[name]).trim().replace(/ +/g, ' ')}\n`).join('') +
    `\n${names}\n${hash(body)}`;
  const scope = `${day}/${region}/${service}/aws4_request`;
  const key = mac(mac(mac(mac(`AWS4${secret}`, day), region), service), 'aws4_request');
  const right = mac(key, `AWS4-HMAC-SHA256\n${date}\n${scope}\n${hash(canonical)}`).toString('hex');
  return right === signature ? undefined : `it is not the right one for\n${canonical}`;
}
