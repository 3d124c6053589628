/**
 * AWS Signature Version 4, in headers.
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
 */
import { createHash, createHmac } from 'node:crypto';

export interface AwsCredentials {
  accessKeyId: string;
  secretAccessKey: string;
  /** Of temporary credentials. */
  sessionToken?: string;
}

/** A request as it is sent. */
export interface RequestToSign {
  method: string;
  /** As in the request line, percent-encoded already. */
  path: string;
  /** Without `?`, percent-encoded already. */
  query: string;
  /** Headers to sign, by their names in small letters; `host` among them. */
  headers: Record<string, string>;
  body: Buffer | string;
}

/** For what and when a signature is made. */
export interface Scope {
  region: string;
  /** `bedrock`. */
  service: string;
  now: Date;
}

const sha256 = (data: Buffer | string): string => createHash('sha256').update(data).digest('hex');
const hmac = (key: Buffer | string, data: string): Buffer => createHmac('sha256', key).update(data).digest();

/** Percent-encoding of everything but `A-Z a-z 0-9 - . _ ~`. */
const encode = (text: string): string =>
  encodeURIComponent(text).replace(/[!'()*]/g, (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`);

/** Every service but S3 wants each segment of the path encoded once more than it is sent. */
const canonicalPath = (path: string): string => path.split('/').map(encode).join('/') || '/';

function canonicalQuery(query: string): string {
  const decode = (text: string) => encode(decodeURIComponent(text));
  const pairs = query
    .split('&')
    .filter((pair) => pair !== '')
    .map((pair) => {
      const mark = pair.indexOf('=');
      return mark < 0 ? [decode(pair), ''] : [decode(pair.slice(0, mark)), decode(pair.slice(mark + 1))];
    });
  // By code units: the names are ASCII now.
  const order = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0);
  return pairs
    .sort(([a = '', x = ''], [b = '', y = '']) => order(a, b) || order(x, y))
    .map((pair) => pair.join('='))
    .join('&');
}

/** `20150830T123600Z` */
export const awsDate = (now: Date): string => now.toISOString().replace(/\.\d+|[-:]/g, '');

/**
 * The header lines that make a request a signed one: a flat list of `x-amz-date`, `x-amz-security-token` for temporary
 * credentials, and `authorization`.
 */
export function signatureHeaders(
  request: RequestToSign,
  { accessKeyId, secretAccessKey, sessionToken }: AwsCredentials,
  { region, service, now }: Scope,
): string[] {
  const date = awsDate(now);
  const added: Record<string, string> = {
    'x-amz-date': date,
    ...(sessionToken !== undefined && { 'x-amz-security-token': sessionToken }),
  };
  const headers = Object.entries({ ...request.headers, ...added }).sort(([a], [b]) => (a < b ? -1 : 1));
  const signed = headers.map(([name]) => name).join(';');
  const canonical = [
    request.method,
    canonicalPath(request.path),
    canonicalQuery(request.query),
    ...headers.map(([name, value]) => `${name}:${value.trim().replace(/ +/g, ' ')}`),
    '',
    signed,
    sha256(request.body),
  ].join('\n');
  const day = date.slice(0, 8);
  const scope = `${day}/${region}/${service}/aws4_request`;
  const toSign = ['AWS4-HMAC-SHA256', date, scope, sha256(canonical)].join('\n');
  const key = [day, region, service, 'aws4_request'].reduce<Buffer | string>(hmac, `AWS4${secretAccessKey}`);
  const signature = hmac(key, toSign).toString('hex');
  return [
    ...Object.entries(added).flat(),
    'authorization',
    `AWS4-HMAC-SHA256 Credential=${accessKeyId}/${scope}, SignedHeaders=${signed}, Signature=${signature}`,
  ];
}
