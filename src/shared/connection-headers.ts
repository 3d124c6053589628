/** Headers of one connection, hop by hop (RFC 9110 §7.6.1 and what proxies add), in lower case. */
export const HOP_BY_HOP: readonly string[] = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
];

/** Headers of a request that say nothing about it but how it came here: of its connection, and of its body's bytes. */
export const OF_ONE_DELIVERY: readonly string[] = [
  ...HOP_BY_HOP,
  'proxy-authorization',
  'expect',
  'host',
  'content-length',
  'content-encoding',
  'accept-encoding',
];
