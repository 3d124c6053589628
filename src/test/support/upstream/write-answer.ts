/** Puts one answer onto a socket, well or badly, as a {@link Behaviour} says. */
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import type { Behaviour, Framing } from './behaviour';
import type { SpokenAnswer, WireEvent } from './scripted-answer';
import { splitEveryByte, splitSeeded } from '../split-bytes';
import { errorEvent } from './upstream-dialect';
import type { UpstreamTarget } from './upstream-dialect';

export interface AnswerTask {
  target: UpstreamTarget;
  stream: boolean;
  spoken: SpokenAnswer;
  behaviour: Behaviour;
  /** Resolves when the test lets go of a hanging answer. */
  released: () => Promise<void>;
  /** Told the number of body bytes handed to the socket. */
  onSent: (bytes: number) => void;
}

/** Events as the bytes of a stream, in the framing asked for. */
export function frameEvents(events: WireEvent[], target: UpstreamTarget, framing: Framing = {}): Buffer {
  if (target.framing === 'json-array')
    return Buffer.from(`[${events.map((event) => event.data).join(',\r\n')}\n]\n`);
  const eol = framing.crlf ? '\r\n' : '\n';
  const blocks = events.map((event) => {
    const name = event.event === undefined ? '' : `event: ${event.event}${eol}`;
    const comment = framing.comments ? `: keep-alive${eol}${eol}` : '';
    return `${comment}${name}data: ${event.data}${eol}`;
  });
  const text = blocks.map((block) => block + eol).join('');
  const cut = framing.noFinalNewline ? text.slice(0, -2 * eol.length) : text;
  return Buffer.from((framing.bom ? '\uFEFF' : '') + cut);
}

/** Writes the whole answer. Resolves when done or when the socket is gone. */
export async function writeAnswer(response: ServerResponse, task: AnswerTask): Promise<void> {
  const { behaviour, spoken, target } = task;
  const stream = task.stream && !behaviour.ignoreStream;
  const socket = response.socket;
  switch (behaviour.fault) {
    case 'reset-before-headers':
      socket?.resetAndDestroy();
      return;
    case 'reset-mid-headers':
      socket?.write('HTTP/1.1 200 OK\r\nContent-Type: text/ev', () => socket.destroy());
      return;
    case 'no-http':
      socket?.end('SSH-2.0-OpenSSH_9.9\r\n');
      return;
    case 'hang':
      await task.released();
      break;
    case 'redirect':
      response.writeHead(302, { location: 'http://127.0.0.1:9/elsewhere' }).end();
      return;
    default:
      break;
  }

  const type = !stream
    ? 'application/json'
    : target.framing === 'sse'
      ? 'text/event-stream; charset=utf-8'
      : 'application/json; charset=UTF-8';
  const headers: Record<string, string> = { 'content-type': type, ...behaviour.headers };
  if (behaviour.fault === 'giant-header') headers['x-giant'] = 'g'.repeat(200_000);

  if (behaviour.flood) {
    response.writeHead(200, headers);
    await flood(response, task);
    return;
  }
  const bytes = bodyBytes(task, stream);
  if (behaviour.fault === 'wrong-content-length') {
    headers['content-length'] = String(bytes.length + 1000);
    response.writeHead(200, headers);
    response.write(bytes, () => socket?.destroy());
    task.onSent(bytes.length);
    return;
  }
  if (!stream) headers['content-length'] ??= String(bytes.length);
  response.writeHead(behaviour.status ?? 200, headers);
  response.flushHeaders();

  const half = stream
    ? frameEvents(spoken.events.slice(0, halfOf(spoken)), target, {
        ...behaviour.framing,
        noFinalNewline: false,
      }).length
    : bytes.length >> 1;
  if (behaviour.fault === 'reset-mid-body') {
    await writePieces(response, [bytes.subarray(0, half)], task);
    await onceFlushed(response);
    socket?.resetAndDestroy();
    return;
  }
  if (behaviour.fault === 'hang-mid-body') {
    await writePieces(response, split(bytes.subarray(0, half), behaviour.framing), task);
    await task.released();
    await writePieces(response, split(bytes.subarray(half), behaviour.framing), task);
  } else {
    await writePieces(response, split(bytes, behaviour.framing), task);
  }
  response.end();
}

function halfOf(spoken: SpokenAnswer): number {
  return Math.max(1, Math.ceil(spoken.events.length / 2));
}

function bodyBytes(task: AnswerTask, stream: boolean): Buffer {
  const { behaviour, spoken, target } = task;
  if (behaviour.body !== undefined) {
    if (Buffer.isBuffer(behaviour.body)) return behaviour.body;
    return Buffer.from(typeof behaviour.body === 'string' ? behaviour.body : JSON.stringify(behaviour.body));
  }
  if (behaviour.fault === 'empty') return Buffer.alloc(0);
  if (behaviour.fault === 'garbage') return Buffer.from('<html><body>It works!</body></html>\n');
  if (!stream) return Buffer.from(JSON.stringify(spoken.body));
  const error = errorEvent(
    target.dialect,
    behaviour.faultStatus ?? 429,
    behaviour.message ?? 'scripted trouble',
  );
  const half = spoken.events.slice(0, halfOf(spoken));
  switch (behaviour.fault) {
    case 'error-event-first':
      return frameEvents([error], target, behaviour.framing);
    case 'error-event-mid':
      return frameEvents([...half, error], target, behaviour.framing);
    case 'cut-mid-stream':
      return frameEvents(half, target, behaviour.framing);
    default:
      return frameEvents(spoken.events, target, behaviour.framing);
  }
}

function split(bytes: Buffer, framing: Framing = {}): Buffer[] {
  if (framing.byteByByte) return splitEveryByte(bytes);
  if (framing.seed !== undefined) return splitSeeded(bytes, framing.seed);
  return [bytes];
}

async function writePieces(response: ServerResponse, parts: Buffer[], task: AnswerTask): Promise<void> {
  for (const part of parts) {
    if (response.destroyed) return;
    task.onSent(part.length);
    await new Promise<void>((resolve) => response.write(part, () => resolve()));
    // A turn of the event loop between writes, so that they reach the other side as pieces.
    if (parts.length > 1) await new Promise((resolve) => setImmediate(resolve));
  }
}

async function onceFlushed(response: ServerResponse): Promise<void> {
  while (!response.destroyed && response.writableLength > 0)
    await new Promise((resolve) => setImmediate(resolve));
  await new Promise((resolve) => setTimeout(resolve, 20));
}

async function drained(response: ServerResponse): Promise<void> {
  const over = new AbortController();
  const ended = once(response, 'close', { signal: over.signal }).catch(() => undefined);
  await Promise.race([once(response, 'drain', { signal: over.signal }).catch(() => undefined), ended]);
  over.abort();
}

/** Repeats the first text event of the answer, waiting whenever the socket is full. */
async function flood(response: ServerResponse, task: AnswerTask): Promise<void> {
  const { events } = task.spoken;
  const marker = 'flood';
  const at = events.findIndex((event) => event.data.includes(marker));
  const { events: count, characters } = task.behaviour.flood ?? { events: 0, characters: 0 };
  const grown = { ...events[at]!, data: events[at]!.data.replace(marker, 'f'.repeat(characters)) };
  const body = frameEvents([grown], task.target);
  response.write(frameEvents(events.slice(0, at), task.target));
  for (let sent = 0; sent < count && !response.destroyed; sent++) {
    task.onSent(body.length);
    if (!response.write(body)) await drained(response);
  }
  response.end(frameEvents(events.slice(at + 1), task.target));
}
