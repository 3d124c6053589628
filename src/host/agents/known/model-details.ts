/**
 * What agents want to be told of a model and the pool does not know. It errs on the careful side: an agent shortens its
 * conversation too early rather than too late. Whoever knows better changes it in the agent's file; it stays.
 */
export const MODEL_DETAILS = {
  /** Tokens of a request and its answer. */
  context: 128_000,
  /** Tokens of an answer. */
  output: 16_384,
} as const;
