/** One row of the monitor: what happened to one request. Holds no secret and no content. */
export interface Attempt {
  account: string;
  model: string;
  /** The protocol in which the account was asked; absent for the built-in demo account. */
  dialect?: string;
  /** The provider of the account, as its table is called: for prices. */
  provider?: string;
  /** Milliseconds from the exchange's beginning until this account was asked. */
  startMs?: number;
  /** Milliseconds from the asking until the first byte of an answer's body, where one came. */
  firstByteMs?: number;
  /** Milliseconds from the asking until the attempt was over. */
  durationMs?: number;
  status?: number;
  /** Why it was not the last one. */
  reason?: string;
}

/** An account that could have served and was not asked. */
export interface Skipped {
  account: string;
  model: string;
  /** `cooling until 12:00:05: rate limit of requests per minute` */
  reason: string;
  /** Unix ms; absent when nobody knows. */
  until?: number;
}

export interface ExchangeRecord {
  /** Orders exchanges by their beginning: Unix ms × 1000 and a count. */
  seq: number;
  /** Also the answer's `x-request-id`. */
  id: string;
  /** Unix time in milliseconds. */
  time: number;
  method: string;
  /** Without its query: keys may stand there. */
  path: string;
  /** The program that asked, as the first product of its User-Agent names it (RFC 9110 §10.1.5): `claude-cli`. */
  client?: string;
  /** The program's version, where it tells one. */
  clientVersion?: string;
  clientDialect?: string;
  upstreamDialect?: string;
  modelAsked?: string;
  modelServed?: string;
  account?: string;
  attempts: Attempt[];
  /** How the first account was chosen: `sticky`, `turn`, `preferred`, `fastest`, `only`. */
  chosenBy?: string;
  skipped?: Skipped[];
  /** Milliseconds that it waited for a place at an account whose cap was reached. */
  queuedMs?: number;
  /** The name of the client key it came with. */
  clientKey?: string;
  status: number;
  outcome: 'completed' | 'failed' | 'cancelled' | 'rejected';
  firstByteMs?: number;
  durationMs: number;
  usage?: {
    inputTokens: number;
    outputTokens: number;
    cachedInputTokens?: number;
    cacheWriteTokens?: number;
    reasoningTokens?: number;
    /** Of `cacheWriteTokens`: those kept for an hour, which Anthropic prices higher. */
    cacheWrite1hTokens?: number;
  };
  /** In billionths of a US dollar; absent where no price is known. Set when the record is stored. */
  costNano?: number;
  /** The id of the exchange whose request this one sent again. */
  replayOf?: string;
  warnings: { type: string; field: string; message: string }[];
  error?: string;
}
