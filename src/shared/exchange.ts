/** One row of the monitor: what happened to one request. Holds no secret and no content. */
export interface Attempt {
  account: string;
  model: string;
  status?: number;
  /** Why it was not the last one. */
  reason?: string;
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
