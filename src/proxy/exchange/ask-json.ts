import type { JsonObject } from '../../shared/json';
import { isObject } from '../../shared/json';
import type { WireRequest } from '../dialects/adapter';
import { ProxyError, UpstreamError } from '../errors';
import { Attempt, type Done, type Target } from './attempts/attempt';
import type { Core } from './core';
import type { Exchange } from './exchange';
import { headerOf, translatedHeaders } from './upstream-headers';

/** Largest answer that is read whole, in bytes. */
const ANSWER_LIMIT = 256 * 1_048_576;

/** One request whose answer is one JSON object, to be made into something else for the client. */
class AskJson extends Attempt {
  answer: JsonObject | undefined;
  #chunks: Buffer[] = [];
  #size = 0;

  protected onGoodHead(_status: number, headers: string[]): void {
    const encoding = headerOf(headers, 'content-encoding');
    if (encoding !== undefined && encoding.toLowerCase() !== 'identity')
      this.failWith(`answered in the encoding "${encoding.slice(0, 40)}" although none was asked for`);
  }

  protected onGoodData(bytes: Buffer): boolean {
    this.#size += bytes.length;
    if (this.#size > ANSWER_LIMIT) this.failWith(`sent an answer larger than ${ANSWER_LIMIT} bytes`);
    else this.#chunks.push(bytes);
    return true;
  }

  protected onGoodEnd(): void {
    let parsed: unknown;
    try {
      parsed = JSON.parse(this.scrub(Buffer.concat(this.#chunks).toString('utf8')));
    } catch {
      parsed = undefined;
    }
    if (!isObject(parsed)) {
      this.failWith(
        this.#size === 0 ? 'answered without any content' : 'answered with something that is not JSON',
      );
      return;
    }
    this.answer = parsed;
    this.settle({ served: true });
  }

  /** Never reached: nothing is written before the answer is whole. */
  protected endBroken(error: ProxyError): void {
    this.exchange.fail(error);
  }
}

/**
 * Sends requests to one account, one after another, and gives all of their answers.
 * @param take makes the client's answer of them and writes it; what it throws fails the attempt
 * @param done told once: that the client has been answered, or why this account could not
 */
export function askJson(
  core: Core,
  exchange: Exchange,
  target: Target,
  wires: WireRequest[],
  take: (answers: JsonObject[]) => void,
  done: Done,
): void {
  const answers: JsonObject[] = [];
  const next = (): void => {
    const wire = wires[answers.length];
    if (!wire) {
      finish();
      return;
    }
    const attempt = new AskJson(core, exchange, target);
    const call = {
      method: 'POST' as const,
      path: wire.path,
      headers: translatedHeaders(target, wire.headers),
      body: Buffer.from(JSON.stringify(wire.body)),
      streamed: false,
    };
    attempt.run(call, (outcome) => {
      // Without an answer the client is gone, or was told that the server stops.
      if (!attempt.answer) done(outcome);
      else {
        answers.push(attempt.answer);
        next();
      }
    });
  };
  const finish = (): void => {
    try {
      take(answers);
    } catch (thrown) {
      const error =
        thrown instanceof ProxyError
          ? thrown
          : new UpstreamError(`The answer of the account "${target.label}" could not be understood.`, {
              cause: thrown,
            });
      done({
        served: false,
        failure: { error, verdict: { type: error.status >= 500 ? 'failed' : 'request' } },
      });
      return;
    }
    done({ served: true });
  };
  next();
}
