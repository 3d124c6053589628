/**
 * Skips the running test, or all tests of the suite when called in its `before` hook, and says why: the reason stands in
 * the summary of `npm test`. Never returns.
 */
export function skipBecause(context: Mocha.Context, reason: string): never {
  const runnable = context.test as (Mocha.Runnable & { skipReason?: string }) | undefined;
  if (runnable) runnable.skipReason = reason;
  context.skip();
}
