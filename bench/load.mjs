// The loader: keep-alive connections on raw sockets, a fixed number of requests, a fixed number in flight. It measures
// what a client sees: latency, time to the first byte of the body, events, and the delay of each paced event.
import { connect } from 'node:net';
import { HttpReader } from './http-reader.mjs';
import { median, percentile } from './statistics.mjs';

export const API_KEY = 'sk-bench-0123456789';
const EVENT_END = Buffer.from('\n\n');
/** Where the upstream writes its clock into a paced event: see upstream.mjs. */
const CLOCK = /"content":"@*(\d+)/g;

/**
 * The bytes of one chat request for `model`; `bodyBytes` pads it with a conversation to about that size, `noise` with words
 * that cannot be compressed well.
 */
export function chatRequest(model, { stream = false, bodyBytes = 0, noise = false } = {}) {
  const turn = { role: 'user', content: 'Read src/index.ts and say "what" it does.\n'.repeat(24) };
  const messages = [{ role: 'user', content: 'Say something.' }];
  for (let size = 0; size < bodyBytes; size += 1100)
    messages.push(noise ? { ...turn, content: noiseText(1070) } : turn);
  const body = JSON.stringify({ model, messages, temperature: 0.5, stream });
  return Buffer.from(
    'POST /v1/chat/completions HTTP/1.1\r\nHost: 127.0.0.1\r\n' +
      `Authorization: Bearer ${API_KEY}\r\nContent-Type: application/json\r\nAccept: */*\r\n` +
      `User-Agent: portside-bench\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
  );
}

function noiseText(length) {
  let text = '';
  while (text.length < length) text += `${Math.random().toString(36).slice(2)} `;
  return text.slice(0, length);
}

/** Counts the ends of events in the pieces of one body, wherever they were cut. */
class EventCounter {
  count = 0;
  #lastWasNewline = false;

  push(bytes) {
    let at = 0;
    if (this.#lastWasNewline && bytes[0] === 10) {
      this.count += 1;
      at = 1;
    }
    while ((at = bytes.indexOf(EVENT_END, at)) >= 0) {
      this.count += 1;
      at += 2;
    }
    this.#lastWasNewline = bytes.length > 0 && bytes[bytes.length - 1] === 10 && bytes.at(-2) !== 10;
  }
}

/** Microseconds of the machine's monotonic clock, the same in every process. */
const clockUs = () => Number(process.hrtime.bigint() / 1000n);

/**
 * Sends `count` requests, `concurrency` at a time, and reads every answer to its end.
 * @param load.port where to send; `load.request` the bytes of the request
 * @param load.delays whether to read the clock in each event (paced streams only)
 * @returns counts, `ms` in all, p50 and p99 of latency and first byte in ms, delays of events in µs
 * @throws when an answer is not 200 or a connection breaks
 */
export async function runLoad({ port, request, count, concurrency, delays = false }) {
  const latencies = [];
  const firstBytes = [];
  const eventDelays = [];
  let sent = 0;
  let events = 0;
  let bytes = 0;

  const client = () =>
    new Promise((resolve, reject) => {
      const socket = connect({ port, host: '127.0.0.1', noDelay: true });
      let start = 0;
      let firstByte = 0;
      let counter = new EventCounter();
      const next = () => {
        if (sent === count) {
          socket.destroy();
          return resolve();
        }
        sent += 1;
        firstByte = 0;
        counter = new EventCounter();
        start = performance.now();
        socket.write(request);
      };
      const reader = new HttpReader({
        onHead(head) {
          if (!head.startsWith('HTTP/1.1 200')) throw new Error(`port ${port} answered ${head}`);
        },
        onBody(part) {
          if (firstByte === 0) firstByte = performance.now();
          bytes += part.length;
          counter.push(part);
          if (!delays) return;
          const now = clockUs();
          for (const [, written] of part.latin1Slice().matchAll(CLOCK))
            eventDelays.push(now - Number(written));
        },
        onEnd() {
          latencies.push(performance.now() - start);
          firstBytes.push(firstByte - start);
          events += counter.count;
          next();
        },
      });
      socket.on('data', (data) => {
        try {
          reader.push(data);
        } catch (error) {
          socket.destroy(error);
        }
      });
      socket.on('connect', next);
      socket.on('error', reject);
      socket.on('close', () => reject(new Error(`port ${port} closed the connection`)));
    });

  const begin = performance.now();
  await Promise.all(Array.from({ length: Math.min(concurrency, count) }, client));
  const ms = performance.now() - begin;
  return {
    responses: latencies.length,
    events,
    bytes,
    ms,
    latency: { p50: median(latencies), p99: percentile(latencies, 0.99) },
    firstByte: { p50: median(firstBytes), p99: percentile(firstBytes, 0.99) },
    eventDelay: { p50: median(eventDelays), p99: percentile(eventDelays, 0.99) },
  };
}

/**
 * Opens `count` paced streams that last until `close()`.
 * @returns once each has begun; `events()` tells how many events came so far
 */
export async function holdStreams({ port, count }) {
  const request = chatRequest('bench-paced-1000000', { stream: true });
  const counters = [];
  const sockets = [];
  let failure;
  await Promise.all(
    Array.from(
      { length: count },
      () =>
        new Promise((resolve, reject) => {
          const socket = connect({ port, host: '127.0.0.1', noDelay: true });
          const counter = new EventCounter();
          counters.push(counter);
          sockets.push(socket);
          const fail = (error) => reject((failure ??= error));
          const reader = new HttpReader({
            onHead: (head) =>
              head.startsWith('HTTP/1.1 200') || socket.destroy(new Error(`answered ${head}`)),
            onBody(part) {
              counter.push(part);
              resolve();
            },
            onEnd: () => socket.destroy(new Error('a stream ended early')),
          });
          socket.on('data', (data) => reader.push(data));
          socket.on('error', fail);
          socket.write(request);
        }),
    ),
  );
  return {
    events: () => counters.reduce((sum, counter) => sum + counter.count, 0),
    close() {
      if (failure) throw failure;
      for (const socket of sockets) socket.destroy();
    },
  };
}
