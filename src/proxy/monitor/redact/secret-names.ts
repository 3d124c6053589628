/** What a name says of its value: a secret, harmless, or nothing. */

export type Judgement = 'secret' | 'harmless' | 'unknown';

/** Words of a header's or parameter's name, between its hyphens, that say a secret. */
const SECRET_WORDS = new Set([
  ...[
    'auth',
    'authorization',
    'authentication',
    'authenticator',
    'bearer',
    'jwt',
    'cookie',
    'cookies',
    'cookie2',
  ],
  ...['key', 'apikey', 'token', 'authtoken', 'accesstoken', 'secret', 'secrets', 'password', 'passwd', 'pwd'],
  ...[
    'passphrase',
    'passcode',
    'pin',
    'otp',
    'signature',
    'sig',
    'hmac',
    'credential',
    'credentials',
    'session',
  ],
  ...[
    'csrf',
    'xsrf',
    'csrftoken',
    'private',
    'assertion',
    'sas',
    'accesskey',
    'secretkey',
    'subscriptionkey',
  ],
]);

/** Names with such a word whose values are none, and names whose values look random by nature. */
const HARMLESS_HEADERS = new Set([
  ...['host', 'user-agent', 'content-type', 'content-length', 'content-encoding', 'content-language', 'date'],
  ...[
    'connection',
    'keep-alive',
    'transfer-encoding',
    'te',
    'trailer',
    'upgrade',
    'expect',
    'age',
    'server',
    'via',
  ],
  ...[
    'cache-control',
    'pragma',
    'vary',
    'etag',
    'last-modified',
    'expires',
    'retry-after',
    'retry-after-ms',
    'allow',
  ],
  ...[
    'traceparent',
    'tracestate',
    'b3',
    'cf-ray',
    'cf-cache-status',
    'alt-svc',
    'nel',
    'report-to',
    'origin',
    'range',
  ],
  ...[
    'strict-transport-security',
    'content-security-policy',
    'server-timing',
    'priority',
    'if-none-match',
    'dnt',
  ],
  ...[
    'x-portside-account',
    'x-portside-model',
    'x-amz-content-sha256',
    'x-amz-date',
    'x-amz-target',
    'x-app',
  ],
  ...[
    'x-amzn-trace-id',
    'x-cloud-trace-context',
    'idempotency-key',
    'x-idempotency-key',
    'sec-websocket-key',
  ],
  ...[
    'sec-websocket-accept',
    'sec-websocket-version',
    'sec-websocket-extensions',
    'session_id',
    'session-id',
  ],
  ...[
    'x-session-id',
    'x-session-affinity',
    'x-claude-code-session-id',
    'conversation_id',
    'x-opencode-session',
  ],
  ...[
    'x-interaction-id',
    'originator',
    'version',
    'x-title',
    'http-referer',
    'x-initiator',
    'chatgpt-account-id',
  ],
  ...[
    'x-goog-api-client',
    'x-goog-user-project',
    'x-goog-request-params',
    'www-authenticate',
    'proxy-authenticate',
  ],
  ...['x-content-type-options', 'x-frame-options', 'x-xss-protection', 'x-powered-by', 'x-accel-buffering'],
  ...[
    'x-codex-turn-metadata',
    'x-codex-beta-features',
    'x-auth-mode',
    'copilot-integration-id',
    'editor-version',
  ],
]);
const HARMLESS_HEADER_STARTS =
  /^(accept|anthropic-|openai-|x-stainless-|x-ratelimit-|ratelimit|x-rate-limit|access-control-|sec-fetch-|sec-ch-|x-envoy-|x-b3-|x-datadog-|x-amzn-bedrock-|cross-origin-)/;
/** `x-request-id`, `request_id`, `x-correlation-id`. */
const NAMES_AN_ID =
  /(^|[-_])(request|req|trace|span|correlation|invocation|message|event|thread|turn|conversation|conv|session|interaction|machine|device|window|vscode-sessionid|execution|run)[-_]?id$/;
const COUNTS = /(^|[-_])(count|counts|limit|remaining|reset|used|usage|max|min|budget|estimate|ms)([-_]|$)/;

const wordsOf = (name: string): string[] => name.split(/[-_.\s[\]$]+/);

/** Judges the name of a header, in any case. */
export function judgeHeader(name: string): Judgement {
  const lower = name.toLowerCase();
  if (HARMLESS_HEADERS.has(lower) || NAMES_AN_ID.test(lower)) return 'harmless';
  if (
    /api-?_?key|token(?!s|iz)|secret|passw|signature|credential|authoriz|cookie/.test(lower) &&
    !COUNTS.test(lower)
  )
    return 'secret';
  if (wordsOf(lower).some((word) => SECRET_WORDS.has(word)) && !COUNTS.test(lower)) return 'secret';
  return HARMLESS_HEADER_STARTS.test(lower) ? 'harmless' : 'unknown';
}

const HARMLESS_PARAMETERS = new Set([
  ...[
    'alt',
    '$alt',
    'beta',
    'limit',
    'after',
    'before',
    'order',
    'include',
    'include[]',
    'model',
    'pagesize',
    'page_size',
  ],
  ...[
    'api-version',
    'api_version',
    'stream',
    'fields',
    'prettyprint',
    'x-amz-algorithm',
    'x-amz-date',
    'x-amz-expires',
  ],
  ...['x-amz-signedheaders', 'starting_after', 'max_tokens', 'client_version'],
]);

/** Judges the name of a parameter of a query or a form, in any case. */
export function judgeParameter(name: string): Judgement {
  const lower = name.toLowerCase();
  if (HARMLESS_PARAMETERS.has(lower)) return 'harmless';
  if (
    lower === 'code' ||
    lower === 'pass' ||
    lower === 'nonce' ||
    lower === 'state' ||
    lower === 'code_verifier'
  )
    return 'secret';
  return isSecretMember(name) || judgeHeader(name) === 'secret' ? 'secret' : 'unknown';
}

/** Ends of members' names in JSON, without hyphens and in lower case. Never `key` and `code` alone, nor `signature`: see below. */
const SECRET_MEMBER =
  /(?:apikey|apisecret|secret|secretkey|secrettoken|token|password|passwd|passphrase|passcode|pwd|privatekey|privatekeyid|accesskey|accesskeyid|subscriptionkey|encryptionkey|signingkey|masterkey|authkey|authorization|cookie|credentials?|bearer|jwt|connectionstring|sastoken|clientassertion|xamzsignature|xamzcredential|headerstoken|webhookurl|authtokenvalue)$/;
/** Places in lists, and words of a tokenizer's vocabulary. */
const NO_SECRET_MEMBER =
  /(?:page|continuation|continue|cursor|sync|resume|eos|bos|pad|unk|sep|cls|mask|stop|special|added|image|audio|video|start|end|first|last|next|per|thinking|decoder)token$|^usecookie|nosecret$/;

const members = new Map<string, boolean>();

/**
 * Whether a member of that name holds a secret. Counts (`max_tokens`, `tokens`), `tool_choice`, and signatures and encrypted
 * content of reasoning, which the next request needs, are none.
 */
export function isSecretMember(name: string): boolean {
  let known = members.get(name);
  if (known === undefined) {
    const plain = name.toLowerCase().replace(/[-_.\s$]/g, '');
    known = SECRET_MEMBER.test(plain) && !NO_SECRET_MEMBER.test(plain);
    if (members.size > 5000) members.clear();
    members.set(name, known);
  }
  return known;
}
