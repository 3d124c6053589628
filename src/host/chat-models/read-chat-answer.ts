/** A streamed chat completion, put together to what the editor takes. */
import { isObject, type JsonObject } from '../../shared/json';

/** A piece of an answer, in its order. */
export type AnswerPart =
  { type: 'text'; text: string } | { type: 'tool-call'; id: string; name: string; input: JsonObject };

/** The answer broke off, or is none. `kind` says what to tell the editor. */
export class AnswerError extends Error {
  override name = 'AnswerError';

  constructor(
    message: string,
    readonly kind: 'failed' | 'blocked' = 'failed',
  ) {
    super(message);
  }
}

interface OpenCall {
  id: string;
  name: string;
  text: string;
}

/**
 * Takes the events of a stream and tells the parts. Texts are told as they come, calls when they are whole.
 * https://platform.openai.com/docs/api-reference/chat-streaming
 */
export class ChatAnswerReader {
  readonly #open = new Map<number, OpenCall>();
  #finished = false;

  /** @param tell hears each part; a refusal in words is text */
  constructor(private readonly tell: (part: AnswerPart) => void) {}

  /**
   * One event's data.
   * @throws AnswerError where the stream tells of an error, or a call has arguments that are none
   */
  take(data: string): void {
    if (data === '[DONE]') {
      this.#finish();
      return;
    }
    const chunk = parse(data);
    if (!chunk) throw new AnswerError('The proxy sent an event that is no JSON object.');
    if (isObject(chunk['error'])) throw new AnswerError(wordsOf(chunk['error']));
    const [choice] = Array.isArray(chunk['choices']) ? chunk['choices'] : [];
    if (!isObject(choice)) return;
    const delta = isObject(choice['delta']) ? choice['delta'] : {};
    for (const text of [delta['content'], delta['refusal']])
      if (typeof text === 'string' && text !== '') this.tell({ type: 'text', text });
    if (Array.isArray(delta['tool_calls']))
      for (const call of delta['tool_calls']) if (isObject(call)) this.#takeCall(call);
    if (typeof choice['finish_reason'] !== 'string') return;
    this.#finish();
    if (choice['finish_reason'] === 'content_filter')
      throw new AnswerError('The model’s provider withheld the answer (content filter).', 'blocked');
  }

  /** @throws AnswerError when the stream ended before the answer did */
  end(): void {
    if (!this.#finished) throw new AnswerError('The answer broke off.');
  }

  #takeCall(call: JsonObject): void {
    const index = typeof call['index'] === 'number' ? call['index'] : 0;
    const given = isObject(call['function']) ? call['function'] : {};
    let open = this.#open.get(index);
    if (!open) {
      // The next one begins: those before it are whole.
      this.#closeCalls();
      open = { id: '', name: '', text: '' };
      this.#open.set(index, open);
    }
    if (typeof call['id'] === 'string') open.id ||= call['id'];
    if (typeof given['name'] === 'string') open.name ||= given['name'];
    if (typeof given['arguments'] === 'string') open.text += given['arguments'];
  }

  #closeCalls(): void {
    for (const [index, { id, name, text }] of this.#open) {
      this.#open.delete(index);
      const input = text.trim() === '' ? {} : parse(text);
      if (!input)
        throw new AnswerError(`The model called the tool “${name}” with arguments that are no JSON object.`);
      this.tell({ type: 'tool-call', id, name, input });
    }
  }

  #finish(): void {
    this.#finished = true;
    this.#closeCalls();
  }
}

/** The words of an error in OpenAI's form. */
export function wordsOf(error: JsonObject): string {
  const { message } = error;
  return typeof message === 'string' && message !== '' ? message : 'The model gave no reason.';
}

function parse(text: string): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}
