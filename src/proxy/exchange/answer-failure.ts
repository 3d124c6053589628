/** The answer when nobody served: the last true status, body and wait (SPEC 5.6). */
import { NoAccountError, ProxyError, UpstreamError } from '../errors';
import type { PoolRequest } from '../pool/pool-request';
import type { Core } from './core';
import type { Exchange } from './exchange';
import type { Failure } from './failure';
import { withoutHeaders } from './upstream-headers';

/** What the pool knows of those that were not asked. */
export interface PoolTrouble {
  /** Unix ms at which the first of them may be asked again. */
  earliest: number | undefined;
  trouble: ReturnType<PoolRequest<never>['lastReason']>;
}

/**
 * The failure that tells the client most: the last one, but rather a limit that will pass than an account that lacks the
 * model or whose key is dead.
 */
function mostTelling(failures: Failure[]): Failure | undefined {
  const last = failures.at(-1);
  const type = last?.verdict.type;
  if (type !== 'elsewhere' && type !== 'dead') return last;
  return (
    failures.findLast(({ verdict }) => verdict.type === 'limited') ??
    failures.findLast(({ verdict }) => verdict.type === 'failed') ??
    last
  );
}

/** Whether waiting may help: then the client is told for how long. */
function passes(status: number): boolean {
  return status === 429 || status >= 500;
}

/** Answers with what went wrong. */
export function answerFailure(
  core: Core,
  exchange: Exchange,
  failures: Failure[],
  { earliest, trouble }: PoolTrouble,
): void {
  const failure = mostTelling(failures);
  const seconds = earliest === undefined ? undefined : Math.max(1, Math.ceil((earliest - core.now()) / 1000));
  if (!failure) {
    exchange.fail(
      trouble
        ? new ProxyError(trouble.status, trouble.kind, trouble.reason, {
            ...(seconds !== undefined && { retryAfterSeconds: seconds }),
          })
        : new NoAccountError('No account could be asked.', seconds),
    );
    return;
  }
  const { verbatim, error } = failure;
  const wait = passes(error.status) ? seconds : undefined;
  if (verbatim) {
    exchange.noteError(error.message);
    if (exchange.outgoing.headersSent || exchange.outgoing.destroyed) return;
    const replaced =
      wait === undefined ? /^content-(length|type)$/i : /^(content-(length|type)|retry-after(-ms)?)$/i;
    exchange.head(verbatim.status, [
      ...withoutHeaders(verbatim.headers, replaced),
      ...(wait === undefined ? [] : ['retry-after', String(wait)]),
      'content-type',
      'application/json',
      'content-length',
      String(verbatim.body.length),
    ]);
    exchange.outgoing.end(verbatim.body);
    return;
  }
  exchange.fail(retold(core, failure, wait));
}

/** The error with the wait until somebody serves again, and as "nobody is left" where the last key was refused. */
function retold(core: Core, { error, verdict }: Failure, wait: number | undefined): ProxyError {
  const nobodyLeft =
    verdict.type === 'dead' &&
    error.status === 502 &&
    wait === undefined &&
    core.pool.status().every(({ state }) => state === 'disabled');
  if (!nobodyLeft && wait === undefined) return error;
  const details = {
    ...(error.code !== undefined && { code: error.code }),
    ...(error.param !== undefined && { param: error.param }),
    ...(wait !== undefined && { retryAfterSeconds: wait }),
    headers: error.headers,
  };
  return nobodyLeft
    ? new UpstreamError(error.message, { ...details, status: 503, kind: 'unavailable' })
    : new ProxyError(error.status, error.kind, error.message, details);
}
