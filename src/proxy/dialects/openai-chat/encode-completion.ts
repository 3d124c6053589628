import { isObject, type Json, type JsonObject } from '../../../shared/json';
import type { DialectAdapter, ReplyContext, StreamEncoder } from '../adapter';
import type { CanonicalResponse, Choice, StreamPart, Usage } from '../canonical';
import { encodeStreamError } from './encode-error';
import { warnOfLostPart } from './encode-response';
import { openaiChatAdapter } from './index';
import { encodeFinish } from './map-stop-reason';
import { encodeUsage } from './map-usage';
import { objectsIn } from './wire';

const NO_CALLS = { calls: false, refused: true, legacy: false };

/** Reasoning and calls have no place in a text completion. */
function warnOfReasoning(context: ReplyContext): void {
  context.warn({ type: 'dropped', field: 'choices', message: 'Text completions carry no reasoning.' });
}

/**
 * Log probabilities of a chat in the form of text completions.
 * @param start where the first token's text begins in the completion
 */
function encodeLogprobs(chat: Json | undefined, start: number): JsonObject | null {
  const tokens = isObject(chat) ? objectsIn(chat.content) : [];
  if (tokens.length === 0) return null;
  const word = (entry: JsonObject) => (typeof entry.token === 'string' ? entry.token : '');
  let offset = start;
  return {
    tokens: tokens.map(word),
    token_logprobs: tokens.map(({ logprob }) => logprob ?? null),
    top_logprobs: tokens.map((token) =>
      Object.fromEntries(objectsIn(token.top_logprobs).map((each) => [word(each), each.logprob ?? null])),
    ),
    text_offset: tokens.map((token) => {
      const at = offset;
      offset += word(token).length;
      return at;
    }),
  };
}

function textOf(choice: Choice, context: ReplyContext): string {
  return choice.content
    .map((part) => {
      switch (part.type) {
        case 'text':
        case 'refusal':
          return part.text;
        case 'reasoning':
          if (part.text !== '') warnOfReasoning(context);
          return '';
        case 'file':
        case 'opaque':
          warnOfLostPart(part, context);
          return '';
        case 'tool-call':
          return '';
      }
    })
    .join('');
}

/** https://platform.openai.com/docs/api-reference/completions/object */
function encodeResponse(response: CanonicalResponse, context: ReplyContext, echoes: string[]): JsonObject {
  return {
    id: response.id ?? context.newId('cmpl-'),
    object: 'text_completion',
    created: response.created ?? context.now,
    model: context.model,
    choices: response.choices.map((choice, index) => {
      const echo = echoOf(echoes, index);
      return {
        text: echo + textOf(choice, context),
        index,
        logprobs: encodeLogprobs(choice.logprobs, echo.length),
        finish_reason: encodeFinish(choice.finish, NO_CALLS),
      };
    }),
    ...(response.usage && { usage: encodeUsage(response.usage) }),
  };
}

/** One prompt stands before all of its completions. */
const echoOf = (echoes: string[], index: number): string =>
  (echoes.length === 1 ? echoes[0] : echoes[index]) ?? '';

const lostCitations = {
  type: 'dropped',
  field: 'citations',
  message: 'Text completions have no citations.',
} as const;

/** Parts as chunks of a text completion, ended by `[DONE]`. */
class CompletionStreamEncoder implements StreamEncoder {
  /** Choice → length of its text so far. */
  private readonly lengths = new Map<number, number>();
  private readonly logprobs = new Map<number, Json>();
  private head: JsonObject | undefined;
  private id: string | undefined;
  private created: number | undefined;
  private usage: Usage | undefined;
  private finished = false;
  private failed = false;

  constructor(
    private readonly context: ReplyContext,
    private readonly echoes: string[],
  ) {}

  push(part: StreamPart): string {
    switch (part.type) {
      case 'start':
        this.id ??= part.id;
        this.created ??= part.created;
        if (part.usage) this.usage = part.usage;
        return '';
      case 'text-delta':
      case 'refusal-delta':
        return this.text(part.choice, part.text, null);
      case 'reasoning-delta':
        if (part.text !== '') warnOfReasoning(this.context);
        return '';
      case 'logprobs':
        this.logprobs.set(part.choice ?? 0, part.value);
        return '';
      case 'file':
      case 'opaque':
        warnOfLostPart(part.part, this.context);
        return '';
      case 'citation':
        this.context.warn(lostCitations);
        return '';
      case 'usage':
        this.usage = part.usage;
        return '';
      case 'finish':
        this.finished = true;
        return this.text(part.choice, '', encodeFinish(part.finish, NO_CALLS));
      case 'error':
        this.failed = true;
        return encodeStreamError(part.error);
      case 'text-start':
      case 'text-end':
      case 'reasoning-start':
      case 'reasoning-end':
      case 'refusal-start':
      case 'refusal-end':
      case 'tool-input-start':
      case 'tool-input-delta':
      case 'tool-input-end':
        return '';
    }
  }

  end(): string {
    if (this.failed || !this.finished) return '';
    const usage =
      this.context.request.streamUsage && this.usage
        ? this.event({ choices: [], usage: encodeUsage(this.usage) })
        : '';
    return `${usage}data: [DONE]\n\n`;
  }

  heartbeat(): string {
    return ': ping\n\n';
  }

  private text(choice = 0, text: string, finish: string | null): string {
    const before = this.lengths.get(choice);
    const echo = before === undefined ? echoOf(this.echoes, choice) : '';
    const start = (before ?? 0) + echo.length;
    this.lengths.set(choice, start + text.length);
    const logprobs = encodeLogprobs(this.logprobs.get(choice), start);
    this.logprobs.delete(choice);
    return this.event({
      choices: [{ text: echo + text, index: choice, logprobs, finish_reason: finish }],
      ...(this.context.request.streamUsage && { usage: null }),
    });
  }

  private event(rest: JsonObject): string {
    this.head ??= {
      id: this.id ?? this.context.newId('cmpl-'),
      object: 'text_completion',
      created: this.created ?? this.context.now,
      model: this.context.model,
    };
    return `data: ${JSON.stringify({ ...this.head, ...rest })}\n\n`;
  }
}

/**
 * Chat completions' adapter, but for its answers: they are text completions.
 * @param echoes what stands before each choice's text; one for all, or none
 */
export function completionVoice(echoes: string[]): DialectAdapter {
  return {
    ...openaiChatAdapter,
    encodeResponse: (response, context) => encodeResponse(response, context, echoes),
    createStreamEncoder: (context) => new CompletionStreamEncoder(context, echoes),
  };
}
