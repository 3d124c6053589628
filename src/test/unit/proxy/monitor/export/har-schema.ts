/** HAR 1.2 as a JSON schema, from its specification: http://www.softwareishard.com/blog/har-12-spec/ */
const text = { type: 'string' };
const size = { type: 'integer', minimum: -1 };
const time = { type: 'number', minimum: 0 };
const optionalTime = { type: 'number', minimum: -1 };
const object = (required: Record<string, object>, optional: Record<string, object> = {}) => ({
  type: 'object',
  required: Object.keys(required),
  properties: { ...required, ...optional, comment: text },
  // "Custom fields … must start with an underscore."
  patternProperties: { '^_': {} },
  additionalProperties: false,
});
const list = (items: object) => ({ type: 'array', items });
const pair = object({ name: text, value: text });
const cookie = object(
  { name: text, value: text },
  { path: text, domain: text, expires: text, httpOnly: { type: 'boolean' }, secure: { type: 'boolean' } },
);
const date = {
  type: 'string',
  pattern: '^\\d{4}-\\d{2}-\\d{2}T\\d{2}:\\d{2}:\\d{2}(\\.\\d+)?(Z|[+-]\\d{2}:\\d{2})$',
};

const request = object(
  {
    method: text,
    url: { type: 'string', pattern: '^https?://[^/]+/' },
    httpVersion: text,
    cookies: list(cookie),
    headers: list(pair),
    queryString: list(pair),
    headersSize: size,
    bodySize: size,
  },
  { postData: object({ mimeType: text, text }) },
);
const response = object({
  status: { type: 'integer', minimum: 0 },
  statusText: text,
  httpVersion: text,
  cookies: list(cookie),
  headers: list(pair),
  content: object({ size, mimeType: text }, { text, encoding: text, compression: { type: 'integer' } }),
  redirectURL: text,
  headersSize: size,
  bodySize: size,
});
const timings = object(
  { send: time, wait: time, receive: time },
  { blocked: optionalTime, dns: optionalTime, connect: optionalTime, ssl: optionalTime },
);
const entry = object(
  { startedDateTime: date, time, request, response, cache: object({}), timings },
  { pageref: text, serverIPAddress: text, connection: text },
);

export const HAR_SCHEMA = object({
  log: object({
    version: { const: '1.2' },
    creator: object({ name: text, version: text }),
    entries: list(entry),
  }),
});
