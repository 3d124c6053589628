import { isObject, type Json } from '../../shared/json';
import type {
  AssistantPart,
  CanonicalResponse,
  Choice,
  ErrorInfo,
  Metadata,
  StreamPart,
  Usage,
} from './canonical';
import { mergeMetadata } from './merge-metadata';

/** Folds parts into a whole answer. */
export interface StreamCollector {
  push(part: StreamPart): void;
  /** What has been collected so far; complete once the stream has ended without {@link error}. */
  response(): CanonicalResponse;
  /** The error that ended the stream, if one did. */
  readonly error: ErrorInfo | undefined;
}

interface Building {
  text: string;
  part: AssistantPart;
}

/** OpenAI's `logprobs` comes in pieces whose lists (`content`, `refusal`) are to be joined. */
function mergeLogprobs(first: Json | undefined, second: Json): Json {
  if (!isObject(first) || !isObject(second)) return second;
  const merged = { ...first };
  for (const [key, value] of Object.entries(second)) {
    const before = merged[key];
    merged[key] =
      Array.isArray(before) && Array.isArray(value) ? [...before, ...value] : (value ?? before ?? null);
  }
  return merged;
}

/** A collector for clients that asked for no stream while the upstream streams. */
export function collectStream(): StreamCollector {
  const head: Omit<CanonicalResponse, 'choices'> = {};
  const choices: Choice[] = [];
  const open = new Map<string, Building>();
  let usage: Usage | undefined;
  let error: ErrorInfo | undefined;

  const choiceOf = (index = 0): Choice => {
    while (choices.length <= index) choices.push({ content: [], finish: { reason: 'other' } });
    return choices[index] as Choice;
  };
  const begin = (id: string, choice: number | undefined, part: AssistantPart) => {
    choiceOf(choice).content.push(part);
    open.set(id, { text: '', part });
  };
  const finish = (id: string, metadata: Metadata | undefined) => {
    const building = open.get(id);
    if (!building) return;
    open.delete(id);
    const { part, text } = building;
    switch (part.type) {
      case 'text':
      case 'reasoning':
      case 'refusal':
        part.text = text;
        break;
      case 'tool-call':
        part.input = text === '' && part.kind === 'function' ? '{}' : text;
        break;
      case 'file':
      case 'opaque':
        return;
    }
    const merged = mergeMetadata(part.metadata, metadata);
    if (merged) part.metadata = merged;
  };
  const withMetadata = (metadata: Metadata | undefined) => (metadata ? { metadata } : {});

  const push = (part: StreamPart): void => {
    switch (part.type) {
      case 'start':
        if (part.id !== undefined) head.id = part.id;
        if (part.model !== undefined) head.model = part.model;
        if (part.created !== undefined) head.created = part.created;
        if (part.metadata !== undefined) head.metadata = part.metadata;
        if (part.usage !== undefined) usage = part.usage;
        return;
      case 'text-start':
        return begin(part.id, part.choice, { type: 'text', text: '', ...withMetadata(part.metadata) });
      case 'reasoning-start':
        return begin(part.id, part.choice, { type: 'reasoning', text: '', ...withMetadata(part.metadata) });
      case 'refusal-start':
        return begin(part.id, part.choice, { type: 'refusal', text: '' });
      case 'tool-input-start': {
        const { id, name, kind } = part;
        return begin(id, part.choice, {
          type: 'tool-call',
          id,
          name,
          kind,
          input: '',
          ...withMetadata(part.metadata),
        });
      }
      case 'text-delta':
      case 'reasoning-delta':
      case 'refusal-delta':
      case 'tool-input-delta': {
        const building = open.get(part.id);
        if (building) building.text += part.text;
        return;
      }
      case 'citation': {
        const cited = open.get(part.id)?.part;
        if (cited?.type === 'text') (cited.citations ??= []).push(part.citation);
        return;
      }
      case 'text-end':
      case 'reasoning-end':
      case 'tool-input-end':
        return finish(part.id, part.metadata);
      case 'refusal-end':
        return finish(part.id, undefined);
      case 'file':
      case 'opaque':
        choiceOf(part.choice).content.push(part.part);
        return;
      case 'logprobs': {
        const choice = choiceOf(part.choice);
        choice.logprobs = mergeLogprobs(choice.logprobs, part.value);
        return;
      }
      case 'usage':
        usage = part.usage;
        return;
      case 'finish':
        choiceOf(part.choice).finish = part.finish;
        return;
      case 'error':
        error = part.error;
        return;
    }
  };

  return {
    push,
    response() {
      for (const id of [...open.keys()]) finish(id, undefined);
      return { ...head, choices, ...(usage && { usage }) };
    },
    get error() {
      return error;
    },
  };
}
