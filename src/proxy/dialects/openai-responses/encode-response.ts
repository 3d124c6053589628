import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type { AssistantPart, CanonicalResponse, RefusalPart, TextPart } from '../canonical';
import { StepJoiner } from '../tools/server-steps';
import {
  callItem,
  createToolLookup,
  droppedChoices,
  encodeCitation,
  imageItem,
  messageItem,
  opaqueItem,
  reasoningItem,
  refusalContent,
  sendsEncrypted,
  textContent,
  type OutputItem,
} from './encode-items';
import { encodeFinish } from './map-stop-reason';
import { filled } from './read-item';
import { ResponseObject } from './response-object';
import { stepItem } from './server-steps';
import { DIALECT, noteOf } from './wire';

/** A message whose contents are still being gathered. */
interface OpenMessage {
  id: string;
  phase: string | undefined;
  content: JsonObject[];
}

const listIn = (value: Json | undefined): Json[] => (Array.isArray(value) ? value : []);

/** Gathers the items of an answer; texts and refusals side by side are one message unless the upstream had several. */
class OutputBuilder {
  readonly items: OutputItem[] = [];
  private message: OpenMessage | undefined;
  private readonly steps = new StepJoiner();
  private readonly lookup;
  private readonly encrypted: boolean;

  constructor(
    private readonly context: ReplyContext,
    /** Of the whole answer: they stand with its first text. */
    private logprobs: Json[],
  ) {
    this.lookup = createToolLookup(context.request);
    this.encrypted = sendsEncrypted(context.request);
  }

  add(part: AssistantPart): void {
    if (part.type !== 'opaque') this.settle();
    switch (part.type) {
      case 'text':
      case 'refusal':
        return this.say(part);
      case 'reasoning': {
        if (part.text === '' && !part.metadata) return;
        const id = filled(noteOf(part.metadata).id) ?? this.context.newId('rs_');
        return this.push(reasoningItem(id, part.text, part.metadata, this.encrypted));
      }
      case 'tool-call':
        return this.push(callItem(part, this.lookup, this.context));
      case 'file':
        return this.push(imageItem(part, this.context));
      case 'opaque':
        if (part.dialect === DIALECT || !part.step) return this.push(opaqueItem(part, this.context));
        for (const step of this.steps.add(part.step)) this.push(stepItem(step, this.context));
        return;
    }
  }

  /** The answer goes on, or ends: what the provider's own tools have not answered stands without a result. */
  settle(): void {
    for (const step of this.steps.flush()) this.push(stepItem(step, this.context));
  }

  /** Ends the message that is open. */
  close(status: 'completed' | 'incomplete'): void {
    if (!this.message) return;
    const { id, content, phase } = this.message;
    this.message = undefined;
    const item = messageItem(id, status, content, phase);
    this.items.push({ sent: item, kept: item });
  }

  private push(item: JsonObject | OutputItem | undefined): void {
    if (!item) return;
    this.close('completed');
    this.items.push(isOutputItem(item) ? item : { sent: item, kept: item });
  }

  private say(part: TextPart | RefusalPart): void {
    if (part.text === '') return;
    const note = noteOf(part.metadata);
    const id = filled(note.id);
    if (this.message && id !== undefined && id !== this.message.id) this.close('completed');
    this.message ??= { id: id ?? this.context.newId('msg_'), phase: filled(note.phase), content: [] };
    if (part.type === 'refusal') {
      this.message.content.push(refusalContent(part.text));
      return;
    }
    const annotations = (part.citations ?? []).flatMap((citation): Json[] => {
      const annotation = encodeCitation(citation, part.text, this.context);
      return annotation ? [annotation] : [];
    });
    this.message.content.push(textContent(part.text, annotations, this.logprobs));
    this.logprobs = [];
  }
}

const isOutputItem = (item: JsonObject | OutputItem): item is OutputItem =>
  isObject(item.sent) && isObject(item.kept);

/** A whole response. Reference: https://platform.openai.com/docs/api-reference/responses/object */
export function encodeResponse(response: CanonicalResponse, context: ReplyContext): JsonObject {
  if (response.choices.length > 1) context.warn(droppedChoices);
  const choice = response.choices[0];
  const content = choice?.content ?? [];
  const finish = choice?.finish ?? { reason: 'other' as const };
  const end = encodeFinish(finish, { refused: content.some((part) => part.type === 'refusal') });
  const logprobs = isObject(choice?.logprobs) ? listIn(choice.logprobs.content) : [];
  const builder = new OutputBuilder(context, logprobs);
  for (const part of content) builder.add(part);
  builder.settle();
  builder.close(end.status === 'incomplete' ? 'incomplete' : 'completed');
  const object = new ResponseObject(context, response.id, response.created);
  const state = { ...end, usage: response.usage };
  const { items } = builder;
  context.completed?.(
    object.build(
      state,
      items.map(({ kept }) => kept),
    ),
  );
  return object.build(
    state,
    items.map(({ sent }) => sent),
  );
}
