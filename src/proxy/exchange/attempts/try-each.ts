/** Account after account until one serves (SPEC 5.6): before the first byte only, at once, each account once. */
import type { Attempt as AttemptRecord } from '../../../shared/exchange';
import type { UpstreamDialect } from '../../dialects/canonical';
import { NotSupportedError } from '../../errors';
import { labelOf } from '../../pool/pool';
import type { PoolRequest } from '../../pool/pool-request';
import { answerFailure } from '../answer-failure';
import type { Done, Outcome } from './attempt';
import type { Choice, Choices } from './candidates';
import type { Core } from '../core';
import type { Exchange } from '../exchange';
import type { Failure } from '../failure';
import { learnFrom, remedyFor, type Remedy } from './remedy';
import { waitForPlace } from './wait-for-place';

/** Asks one account, in another way where the same account's refusal told one. */
type Ask = (choice: Choice, done: Done, remedy?: Remedy) => void;

/**
 * Asks one after another until one serves; when nobody does, the last true failure is the client's answer.
 * @param ask asks one. What it throws is the client's answer, too: nobody else would take such a request. But a
 * `NotSupportedError` speaks of one account's protocol.
 * @param anew chooses again, by the settings of then, for a request that waited for a place while they changed: those it was to
 * ask may be gone. Absent: the request keeps to its choices.
 */
export function tryEach(core: Core, exchange: Exchange, choices: Choices, ask: Ask, anew?: () => void): void {
  new Trial(core, exchange, choices, ask, anew).next();
}

/** Who asks, for fair turns: a client key, else a program at an address. Agents on one machine tell themselves apart by name. */
function askerOf({ clientKey, incoming }: Exchange): string {
  return clientKey ?? `${incoming.socket.remoteAddress ?? ''} ${incoming.headers['user-agent'] ?? ''}`;
}

class Trial {
  readonly #request: PoolRequest<Choice>;
  readonly #begun: number;
  readonly #settings: Core['settings'];
  #attempts = 0;
  #askedAt = 0;
  #remedy: Remedy | undefined;
  #unsupported: NotSupportedError | undefined;
  #failures: Failure[] = [];
  /** A connection that breaks before any answer may have been an old one: with nobody else to ask it is tried once more. */
  #again = true;

  constructor(
    private readonly core: Core,
    private readonly exchange: Exchange,
    choices: Choices,
    private readonly ask: Ask,
    private readonly anew: (() => void) | undefined,
  ) {
    this.#begun = core.now();
    this.#settings = core.settings;
    this.#request = core.pool.request<Choice>({
      groups: choices,
      session: () => exchange.session?.(),
      asker: askerOf(exchange),
    });
  }

  /** Asks the next account that may be asked. */
  next(): void {
    const { core, exchange } = this;
    const { maxAttempts, timeouts } = core.settings;
    const spent = this.#attempts > 0 && core.now() - this.#begun >= timeouts.failoverMs;
    if (this.#attempts >= maxAttempts || spent) {
      this.#giveUp();
      return;
    }
    const result = this.#request.take();
    switch (result.type) {
      case 'none':
        this.#giveUp();
        return;
      case 'full':
        waitForPlace(core, exchange, this.#request, (outcome) => {
          if (outcome === 'over') this.#request.release();
          else if (this.anew && this.#attempts === 0 && core.settings !== this.#settings)
            this.#startAnew(this.anew);
          else this.next();
        });
        return;
      case 'taken': {
        const { candidate, chosenBy } = result.taken;
        exchange.chosenBy ??= chosenBy;
        this.#attempts++;
        this.#attempt(candidate);
      }
    }
  }

  #startAnew(anew: () => void): void {
    this.#request.release();
    try {
      anew();
    } catch (error) {
      this.exchange.fail(error);
    }
  }

  #attempt(choice: Choice): void {
    const { core, exchange } = this;
    const record: AttemptRecord = {
      account: choice.type === 'demo' ? labelOf(choice.account) : choice.label,
      model: choice.model,
      provider: choice.account.provider,
      startMs: exchange.since(exchange.time),
    };
    if (choice.type === 'upstream') record.dialect = choice.endpoint.dialect;
    exchange.attempts.push(record);
    exchange.alternatives = this.#request.remaining();
    exchange.account = record.account;
    exchange.modelServed = record.model;
    if (choice.type === 'upstream') exchange.upstreamDialect = choice.endpoint.dialect;
    this.#askedAt = core.now();
    exchange.onFirstByte = () => {
      record.firstByteMs = exchange.since(this.#askedAt);
      this.#request.served(record.firstByteMs);
    };
    try {
      this.ask(
        choice,
        (outcome) => {
          this.#end(choice, record, outcome);
        },
        this.#remedy,
      );
    } catch (error) {
      this.#refuse(record, error);
    }
  }

  /** What became of one attempt. */
  #end(choice: Choice, record: AttemptRecord, outcome: Outcome): void {
    const { core, exchange } = this;
    record.durationMs = exchange.since(this.#askedAt);
    if (outcome.served) {
      if (exchange.outgoing.headersSent) record.status = exchange.outgoing.statusCode;
      const { error } = exchange;
      if (error !== undefined && exchange.firstByteAt !== undefined && !exchange.gone) {
        record.reason = error;
        this.#request.broke(error);
      }
      this.#over();
      return;
    }
    const { failure } = outcome;
    record.status = failure.answered ?? failure.error.status;
    record.reason = failure.error.message;
    core.log.warn(`${exchange.id} ${record.account}: ${failure.error.status} ${failure.error.message}`);
    if (exchange.gone) {
      this.#over();
      return;
    }
    if (!this.#remedy) {
      const cure = remedyFor(failure, choice, exchange.upstreamDialect, exchange.dialect);
      if (cure) {
        this.#remedy = cure;
        learnFrom(core, failure, choice, cure);
        this.#attempt(choice);
        return;
      }
    }
    this.#remedy = undefined;
    if (failure.reset && this.#again && this.#attempts === 1 && exchange.alternatives === 0) {
      this.#again = false;
      this.#attempt(choice);
      return;
    }
    this.#request.failed(failure.verdict, failure.error.message);
    this.#failures.push(failure);
    if (failure.verdict.type === 'request') this.#giveUp();
    else this.next();
  }

  /** The request cannot be put into this account's protocol, or not be understood at all: nobody was asked. */
  #refuse(record: AttemptRecord, error: unknown): void {
    if (error instanceof NotSupportedError) {
      record.reason = error.message;
      this.#unsupported ??= error;
      this.#request.unable();
      this.#attempts--;
      this.next();
      return;
    }
    this.exchange.attempts.pop();
    this.#nameLast();
    this.#over();
    this.exchange.fail(this.#unsupported ?? error);
  }

  /** The exchange is the account's that was asked last: of none, where none was. */
  #nameLast(): void {
    const { exchange } = this;
    const last = exchange.attempts.at(-1);
    exchange.account = last?.account;
    exchange.modelServed = last?.model;
    exchange.upstreamDialect = last?.dialect as UpstreamDialect | undefined;
  }

  #giveUp(): void {
    const { core, exchange } = this;
    exchange.skipped = this.#request.skipped();
    if (this.#failures.length === 0 && this.#unsupported) {
      // Nobody was asked: the reason is the answer's.
      exchange.attempts.length = 0;
      this.#nameLast();
      exchange.fail(this.#unsupported);
    } else
      answerFailure(core, exchange, this.#failures, {
        earliest: this.#request.earliest(),
        trouble: this.#request.lastReason(),
      });
    this.#request.release();
  }

  #over(): void {
    this.exchange.skipped = this.#request.skipped();
    this.exchange.onFirstByte = undefined;
    this.#request.release();
  }
}
