/** Recorded answers of real providers, where the machine has them; they are no part of the project. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Dialect } from '../../proxy/dialects/canonical';
import { isObject } from '../../shared/json';
import type { JsonObject } from '../../shared/json';
import type { WireEvent } from './upstream/scripted-answer';

export interface Recordings {
  /** Whole bodies by file name. */
  bodies: { name: string; body: JsonObject }[];
  /** Streams by file name, as the events that stood on the wire. */
  streams: { name: string; events: WireEvent[] }[];
}

const FOLDER = resolve(process.env.PORTSIDE_RECORDINGS ?? join(process.cwd(), '..', 'shared', 'recordings'));

/** Why there is nothing to read; undefined when the folder is there. */
export function whyNoRecordings(): string | undefined {
  return existsSync(FOLDER) ? undefined : `no recordings at ${FOLDER}: set PORTSIDE_RECORDINGS`;
}

/** All recordings of one protocol. Empty where the folder is missing. */
export function readRecordings(dialect: Dialect): Recordings {
  const folder = join(FOLDER, dialect);
  if (!existsSync(folder)) return { bodies: [], streams: [] };
  const files = readdirSync(folder).sort();
  return {
    bodies: files
      .filter((name) => name.endsWith('.json'))
      .map((name) => ({ name, body: readObject(join(folder, name)) })),
    streams: files
      .filter((name) => name.endsWith('.chunks.txt'))
      .flatMap((name) => splitResponses(name, readStream(dialect, join(folder, name)))),
  };
}

function readObject(file: string): JsonObject {
  const value: unknown = JSON.parse(readFileSync(file, 'utf8'));
  if (!isObject(value)) throw new Error(`${file} holds no JSON object`);
  return value;
}

/** One payload per line; event names equal the payload's type where the protocol names its events. */
function readStream(dialect: Dialect, file: string): WireEvent[] {
  const lines = readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
  const named = dialect === 'anthropic' || dialect === 'openai-responses';
  const events = lines.map((data): WireEvent => {
    const payload: unknown = named ? JSON.parse(data) : undefined;
    return isObject(payload) && typeof payload.type === 'string' ? { event: payload.type, data } : { data };
  });
  return dialect === 'openai-chat' ? [...events, { data: '[DONE]' }] : events;
}

/** Some files hold the answers of several turns, one after the other. */
function splitResponses(name: string, events: WireEvent[]): Recordings['streams'] {
  const starts = events.flatMap((event, at) => (event.event === 'response.created' ? [at] : []));
  if (starts.length < 2) return [{ name, events }];
  return starts.map((at, turn) => ({
    name: `${name}#${turn + 1}`,
    events: events.slice(at, starts[turn + 1]),
  }));
}
