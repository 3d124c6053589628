/** Account after account until one serves (SPEC 5.6): before the first byte only, at once, each account once. */
import type { Attempt as AttemptRecord } from '../../shared/exchange';
import { NoAccountError, NotSupportedError, UpstreamError } from '../errors';
import { labelOf } from '../pool/pool';
import { DEMO_MODEL } from '../providers/demo';
import type { Done, Outcome } from './attempt';
import type { Choice } from './candidates';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { bookFailure, type Failure } from './failure';
import { learnFrom, remedyFor, type Remedy } from './remedy';
import { withoutHeaders } from './upstream-headers';

/**
 * Asks one after another until one serves; the last failure is the client's answer.
 * @param attempt asks one, in another way where the same account's refusal told one. What it throws is the client's answer,
 * too: nobody else would take such a request. But a `NotSupportedError` speaks of one account's protocol.
 */
export function tryEach(
  core: Core,
  exchange: Exchange,
  choices: Choice[],
  attempt: (choice: Choice, done: Done, remedy?: Remedy) => void,
): void {
  let index = 0;
  let remedy: Remedy | undefined;
  let unsupported: NotSupportedError | undefined;
  // A connection that breaks before any answer may have been an old one: with nobody else to ask it is tried once more.
  let again = choices.length === 1;
  const next = (failure?: Failure): void => {
    const choice = choices[index];
    if (!choice) {
      if (!failure && unsupported) exchange.fail(unsupported);
      else answerFailure(core, exchange, failure);
      return;
    }
    const account = choice.type === 'demo' ? choice.candidate.account : choice.account;
    const record: AttemptRecord = {
      account: choice.type === 'demo' ? labelOf(account) : choice.label,
      model: choice.type === 'demo' ? DEMO_MODEL : choice.model,
    };
    exchange.attempts.push(record);
    exchange.alternatives = choices.length - index - 1;
    exchange.account = record.account;
    exchange.modelServed = record.model;
    if (choice.type === 'upstream') exchange.upstreamDialect = choice.endpoint.dialect;
    const done = (outcome: Outcome): void => {
      if (outcome.served) {
        record.status = exchange.outgoing.statusCode;
        core.pool.recovered(account.id);
        return;
      }
      const failed = outcome.failure;
      record.status = failed.error.status;
      record.reason = failed.error.message;
      bookFailure(core.pool, account.id, failed);
      core.log.warn(`${exchange.id} ${record.account}: ${failed.error.message}`);
      const cure =
        exchange.gone || remedy
          ? undefined
          : remedyFor(failed, choice, exchange.upstreamDialect, exchange.dialect);
      if (cure) {
        remedy = cure;
        learnFrom(core, failed, choice, cure);
        next(failed);
        return;
      }
      if (exchange.gone || !failed.retryable) {
        answerFailure(core, exchange, failed);
        return;
      }
      if (failed.reset && again) again = false;
      else {
        index++;
        remedy = undefined;
      }
      next(failed);
    };
    try {
      attempt(choice, done, remedy);
    } catch (error) {
      // The request itself cannot be taken: nobody was asked.
      if (error instanceof NotSupportedError && index + 1 < choices.length) {
        record.reason = error.message;
        unsupported ??= error;
        index++;
        next(failure);
        return;
      }
      exchange.attempts.pop();
      exchange.fail(unsupported ?? error);
    }
  };
  next();
}

function answerFailure(core: Core, exchange: Exchange, failure: Failure | undefined): void {
  if (!failure) {
    exchange.fail(new NoAccountError('No account could be asked.'));
    return;
  }
  const { verbatim, error } = failure;
  if (verbatim) {
    exchange.noteError(error.message);
    if (exchange.outgoing.headersSent || exchange.outgoing.destroyed) return;
    exchange.head(verbatim.status, [
      ...withoutHeaders(verbatim.headers, /^(content-length|content-type)$/i),
      'content-type',
      'application/json',
      'content-length',
      String(verbatim.body.length),
    ]);
    exchange.outgoing.end(verbatim.body);
    return;
  }
  const lastOne = failure.rest?.kind === 'refused' && core.pool.enabled().length <= 1;
  exchange.fail(
    lastOne && error.status === 502
      ? new UpstreamError(error.message, {
          status: 503,
          kind: 'unavailable',
          ...(error.code !== undefined && { code: error.code }),
        })
      : error,
  );
}
