import { isObject, type JsonObject } from '../../../shared/json';
import type { AnswerContext, EscapedDelta, SseEvent, StreamDecoder } from '../adapter';
import type { ErrorInfo, StreamPart, Usage } from '../canonical';
import { parseData } from '../openai/errors';
import { ChoiceDecoder } from './choice-decoder';
import { readSources } from './decode-answer-content';
import { readStreamError } from './decode-error';
import { readUsage } from './map-usage';
import { filled, objectsIn } from './wire';

const cut = (message: string): ErrorInfo => ({ status: 502, kind: 'upstream', message });

/**
 * A stream of `chat.completion.chunk`. The finish is held back until `[DONE]` or the end of the bytes: servers send
 * usage behind it, repeat it, or say "stop" in a first empty chunk.
 * Reference: https://platform.openai.com/docs/api-reference/chat-streaming
 */
class ChatStreamDecoder implements StreamDecoder {
  private readonly choices = new Map<number, ChoiceDecoder>();
  private readonly usedIds = new Set<string>();
  private usage: Usage | undefined;
  private started = false;
  private ended = false;

  constructor(private readonly context: AnswerContext) {}

  push(event: SseEvent): StreamPart[] {
    if (this.ended || event.data === '') return [];
    if (event.data.trim() === '[DONE]') return this.finish();
    const error = readStreamError(event);
    if (error) return this.fail(error);
    const chunk = parseData(event.data);
    if (!isObject(chunk)) {
      return this.fail(cut('The upstream sent an event that is not a chat completion chunk.'));
    }
    this.usage = readUsage(chunk) ?? this.usage;
    const parts: StreamPart[] = [];
    const choices = objectsIn(chunk.choices);
    const sources = readSources(chunk);
    if (!this.started && choices.length > 0) parts.push(this.start(chunk));
    for (const choice of choices) parts.push(...this.choiceAt(choice.index).push(choice, sources));
    return parts;
  }

  skipped(type: EscapedDelta['type'], id: string, text: string): void {
    for (const choice of this.choices.values()) choice.skipped(type, id, text);
  }

  end(): StreamPart[] {
    if (this.ended) return [];
    const all = [...this.choices.values()];
    if (all.length > 0 && all.every((choice) => choice.finishReason !== undefined)) return this.finish();
    return this.fail(
      cut(
        this.started
          ? 'The upstream ended its answer before it was complete.'
          : 'The upstream answered without content.',
      ),
    );
  }

  private start(chunk: JsonObject): StreamPart {
    this.started = true;
    const id = filled(chunk.id);
    const model = filled(chunk.model);
    return {
      type: 'start',
      ...(id !== undefined && { id }),
      ...(model !== undefined && { model }),
      ...(typeof chunk.created === 'number' && { created: chunk.created }),
    };
  }

  private choiceAt(given: unknown): ChoiceDecoder {
    const index = typeof given === 'number' && given >= 0 ? given : 0;
    let choice = this.choices.get(index);
    if (!choice) {
      choice = new ChoiceDecoder(index, this.context, this.usedIds);
      this.choices.set(index, choice);
    }
    return choice;
  }

  private closeAll(): StreamPart[] {
    const parts = [...this.choices.values()].flatMap((choice) => choice.close());
    if (this.usage) parts.push({ type: 'usage', usage: this.usage });
    return parts;
  }

  private finish(): StreamPart[] {
    const all = [...this.choices.values()];
    if (all.every((choice) => choice.isEmpty && choice.finishReason === undefined)) {
      return this.fail(cut('The upstream answered without content.'));
    }
    this.ended = true;
    return [...this.closeAll(), ...all.map((choice) => choice.finish())];
  }

  private fail(error: ErrorInfo): StreamPart[] {
    this.ended = true;
    return [...this.closeAll(), { type: 'error', error }];
  }
}

/** A decoder for one upstream answer. */
export function createStreamDecoder(context: AnswerContext): StreamDecoder {
  return new ChatStreamDecoder(context);
}
