/** One row of the monitor: what happened to one request. Holds no secret and no content. */
export interface Attempt {
  account: string;
  model: string;
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
  id: string;
  /** Unix time in milliseconds. */
  time: number;
  method: string;
  /** Without its query: keys may stand there. */
  path: string;
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
  };
  warnings: { type: string; field: string; message: string }[];
  error?: string;
}
