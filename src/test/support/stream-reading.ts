/** What a grammar checker found in a stream: its complaints, and the answer it read. */
import type { JsonObject } from '../../shared/json';
import { isObject } from '../../shared/json';
import type { WireEvent } from './upstream/scripted-answer';

export interface ReadCall {
  id: string;
  name: string;
  /** The arguments as they were streamed, in one piece. */
  input: string;
  /** The input is free text. */
  custom?: true;
}

export interface StreamReading {
  /** What is illegal in the stream; empty when it is as the official SDK expects it. */
  complaints: string[];
  text: string;
  reasoning: string;
  calls: ReadCall[];
  /** The protocol's own word for why it ended. */
  stop?: string;
  usage?: JsonObject;
  /** The message of the error event, when the stream ended with one. */
  error?: string;
}

/** An empty reading. */
export function newReading(): StreamReading {
  return { complaints: [], text: '', reasoning: '', calls: [] };
}

/** Parses one event's data; a complaint and undefined when it is no JSON object. */
export function readData(event: WireEvent, reading: StreamReading): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(event.data);
    if (isObject(value)) return value;
  } catch {
    // Falls through to the complaint.
  }
  reading.complaints.push(`data is no JSON object: ${event.data.slice(0, 80)}`);
  return undefined;
}

/** The member of that name if it is an object, otherwise an empty one. */
export function member(value: JsonObject, name: string): JsonObject {
  const found = value[name];
  return isObject(found) ? found : {};
}

/** The member of that name if it is a string, otherwise ''. */
export function textMember(value: JsonObject, name: string): string {
  const found = value[name];
  return typeof found === 'string' ? found : '';
}

/** Complains of members of `value` that are not in `known`, and of `required` ones that are missing or no numbers. */
export function checkKeys(
  value: JsonObject,
  where: string,
  required: string[],
  known: string[],
  reading: StreamReading,
): void {
  for (const key of required)
    if (typeof value[key] !== 'number') reading.complaints.push(`${where} lacks the number ${key}`);
  for (const key of Object.keys(value))
    if (!required.includes(key) && !known.includes(key))
      reading.complaints.push(`${where} has an unknown ${key}`);
}

/** Text and reasoning of a chat message or delta, in each form that servers of that protocol use. */
export function readChatText(message: JsonObject): { text: string; reasoning: string } {
  const read = { text: '', reasoning: textMember(message, 'reasoning_content') };
  if (read.reasoning === '') read.reasoning = textMember(message, 'reasoning');
  const details = Array.isArray(message.reasoning_details) ? message.reasoning_details : [];
  if (read.reasoning === '')
    read.reasoning = details.map((each) => (isObject(each) ? textMember(each, 'text') : '')).join('');
  const { content } = message;
  if (!Array.isArray(content)) return { ...read, text: textMember(message, 'content') };
  // Mistral: a list of blocks, thinking among them.
  for (const block of content.filter(isObject)) {
    const inner = Array.isArray(block.thinking) ? block.thinking.filter(isObject) : [];
    if (block.type === 'text') read.text += textMember(block, 'text');
    if (block.type === 'thinking') read.reasoning += inner.map((each) => textMember(each, 'text')).join('');
  }
  return read;
}
