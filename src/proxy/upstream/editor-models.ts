/**
 * The editor's own models as an upstream: it takes the requests that go to {@link EDITOR_ORIGIN} and answers them as a server
 * would, so that time limits, failover and translation need to know nothing of it.
 */
import type { Dispatcher } from 'undici';
import { isObject } from '../../shared/json';
import type { LanguageModels, LmError, LmPart, LmRequest } from '../../shared/language-models';

/** Stands for the editor where an address is wanted; no such host can exist (RFC 2606). */
export const EDITOR_ORIGIN = 'http://editor-models.invalid';

/** Parts that wait for a client that reads slowly, in bytes: the editor cannot be made to wait. */
const WAITING_LIMIT = 16 * 1_048_576;

const STATUS: Readonly<Record<LmError['kind'], number>> = {
  permission: 403,
  blocked: 400,
  'not-found': 404,
  limited: 429,
  unsupported: 501,
  failed: 502,
};

const NO_EDITOR: LmError = {
  kind: 'unsupported',
  message: "The editor's own models are to be had inside the editor only.",
};

/** Stands in for the connections to an origin. */
export class EditorModels {
  readonly #running = new Set<Answer>();

  /** @param models absent where the host is no editor, or one without models: every request is refused then */
  constructor(private readonly models: LanguageModels | undefined) {}

  dispatch({ method, path, body }: Dispatcher.DispatchOptions, handler: Dispatcher.DispatchHandler): boolean {
    const answer = new Answer(handler, () => this.#running.delete(answer));
    this.#running.add(answer);
    // Never before the caller knows whom it asked.
    queueMicrotask(() => {
      answer.begin();
      if (answer.over) return;
      if (!this.models) answer.refuse(NO_EDITOR);
      else if (method === 'GET') this.#list(this.models, answer);
      else this.#ask(this.models, answer, body, path);
    });
    return true;
  }

  /** What is under way goes on. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** Breaks off what is under way. */
  destroy(): Promise<void> {
    for (const answer of this.#running) answer.abort(new Error('the proxy was stopped'));
    return Promise.resolve();
  }

  #list(models: LanguageModels, answer: Answer): void {
    models.list().then(
      (all) => answer.whole(200, { data: all.map(({ id }) => ({ id })) }),
      (error: unknown) => answer.refuse({ kind: 'failed', message: messageOf(error) }),
    );
  }

  #count(models: LanguageModels, answer: Answer, request: LmRequest): void {
    if (!models.count) {
      answer.refuse({ kind: 'unsupported', message: 'This editor counts no tokens.' });
      return;
    }
    models.count(request).then(
      (tokens) => answer.whole(200, { tokens }),
      (error: unknown) => answer.refuse({ kind: 'failed', message: messageOf(error) }),
    );
  }

  #ask(models: LanguageModels, answer: Answer, body: unknown, path: string): void {
    try {
      const request = JSON.parse(String(body)) as unknown;
      if (!isObject(request)) throw new TypeError('The request is no object.');
      const asked = request as unknown as LmRequest;
      if (path.endsWith('/count')) {
        this.#count(models, answer, asked);
        return;
      }
      const streamed = path.endsWith('?stream');
      const parts: LmPart[] = [];
      const take = (part: LmPart) => {
        if (streamed) answer.stream(part);
        else if (part.type === 'error') answer.refuse(part.error);
        else if (parts.push(part) && part.type === 'end') answer.whole(200, { parts });
      };
      const { cancel } = models.ask(asked, take);
      answer.onAbort(cancel);
    } catch (error) {
      answer.refuse({ kind: 'failed', message: messageOf(error) });
    }
  }
}

const messageOf = (error: unknown) => (error instanceof Error ? error.message : String(error));

/** One answer, in the words of undici's raw handlers: see send.ts. */
class Answer {
  over = false;
  #begun = false;
  #paused = false;
  #held: LmPart[] = [];
  #waiting: Buffer[] = [];
  #size = 0;
  #last = false;
  #cancel: (() => void) | undefined;

  constructor(
    private readonly handler: Dispatcher.DispatchHandler,
    private readonly ended: () => void,
  ) {}

  begin(): void {
    this.handler.onConnect?.((reason) => {
      this.abort(reason instanceof Error ? reason : new Error('aborted'));
    });
  }

  /** The caller wants no more, or the proxy stops. */
  abort(reason: Error): void {
    if (this.over) return;
    this.#end();
    this.#cancel?.();
    this.handler.onError?.(reason);
  }

  /** @param cancel tells the editor, when the caller wants no more */
  onAbort(cancel: () => void): void {
    if (this.over && !this.#last) cancel();
    else this.#cancel = cancel;
  }

  /** An answer that is an error. */
  refuse(error: LmError): void {
    this.whole(STATUS[error.kind], { error });
  }

  /** An answer in one piece. */
  whole(status: number, body: object): void {
    if (this.over) return;
    this.#head(status, 'application/json');
    this.#last = true;
    this.#write(Buffer.from(JSON.stringify(body)));
  }

  /** The next part of a stream. What says nothing waits for what does: an error ahead of it is an answer of its own. */
  stream(part: LmPart): void {
    if (this.over || this.#last) return;
    if (!this.#begun) {
      if (part.type === 'start') {
        this.#held.push(part);
        return;
      }
      if (part.type === 'error') {
        this.refuse(part.error);
        return;
      }
      this.#head(200, 'text/event-stream');
    }
    const parts = [...this.#held.splice(0), part];
    this.#last = part.type === 'end' || part.type === 'error';
    this.#write(Buffer.from(parts.map((each) => `data: ${JSON.stringify(each)}\n\n`).join('')));
  }

  #head(status: number, type: string): void {
    this.#begun = true;
    const headers = ['content-type', type].map((each) => Buffer.from(each));
    const resume = () => {
      this.#paused = false;
      this.#flush();
    };
    if (this.handler.onHeaders?.(status, headers, resume, '') === false) this.#paused = true;
  }

  #write(bytes: Buffer): void {
    if (this.over) return;
    this.#waiting.push(bytes);
    this.#size += bytes.length;
    this.#flush();
    if (this.#size > WAITING_LIMIT && !this.#last)
      this.abort(new Error("the editor's model answers faster than the client reads"));
  }

  #flush(): void {
    while (!this.#paused && !this.over) {
      const bytes = this.#waiting.shift();
      if (!bytes) break;
      this.#size -= bytes.length;
      if (this.handler.onData?.(bytes) === false) this.#paused = true;
    }
    if (!this.#last || this.#paused || this.over || this.#waiting.length > 0) return;
    this.#end();
    this.handler.onComplete?.(null);
  }

  #end(): void {
    this.over = true;
    this.#waiting = [];
    this.ended();
  }
}
