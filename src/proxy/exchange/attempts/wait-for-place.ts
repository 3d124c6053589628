/** A request that waits for a place, when everybody who could serve it has reached its cap (SPEC 5.12). */
import { ProxyError } from '../../errors';
import type { PoolRequest } from '../../pool/pool-request';
import type { Ticking } from '../../stream/ticker';
import type { Choice } from './candidates';
import type { Core } from '../core';
import type { Exchange } from '../exchange';

/**
 * Waits, at most as long as an account may take to answer.
 * @param done told once: `ready` when it is this request's turn; `over` when the client is gone or has been answered
 */
export function waitForPlace(
  core: Core,
  exchange: Exchange,
  request: PoolRequest<Choice>,
  done: (outcome: 'ready' | 'over') => void,
): void {
  const begun = core.now();
  let waitedMs = 0;
  const end = (outcome: 'ready' | 'over') => {
    core.ticker.remove(waiting);
    withdraw();
    exchange.work = undefined;
    exchange.queuedMs += core.now() - begun;
    done(outcome);
  };
  const answer = (error: ProxyError) => {
    exchange.fail(error);
    end('over');
  };
  const waiting: Ticking = {
    place: -1,
    tick(elapsedMs) {
      waitedMs += elapsedMs;
      // A rest that is over by the clock alone is noticed by whoever looks.
      core.pool.look();
      const { firstByteMs } = core.settings.timeouts;
      if (waitedMs <= firstByteMs) return;
      answer(
        new ProxyError(
          503,
          'overloaded',
          `Every account that could serve this is busy, and none had a free place within ${firstByteMs} ms. ` +
            'Raise the cap of an account (maxConcurrent), or add one.',
          { retryAfterSeconds: 1 },
        ),
      );
    },
  };
  const withdraw = request.wait(() => {
    end('ready');
  });
  exchange.work = {
    clientGone: () => {
      end('over');
    },
    serverStops: () => {
      answer(new ProxyError(503, 'unavailable', 'Portside was stopped.'));
    },
  };
  core.ticker.add(waiting);
}
