// The bench's provider: an OpenAI-compatible server on raw sockets, cheap enough not to be what is measured. The request's
// `model` chooses the answer: `bench-json` (1.2 kB), `bench-burst` (a stream of 204 events of 300 bytes, each its own
// write, as fast as the socket takes them), `bench-paced-N` (N such events, 100 a second, the first at once), and
// `bench-failover` (429 for the key that is limited; for another the time since that 429, in a header), and
// `bench-stream-<dialect>` (a burst of as many events in that dialect: see translated-streams.mjs).
import { createServer } from 'node:net';
import { HttpReader } from './http-reader.mjs';
import { dialectOfModel, STREAM_DIALECTS, streamEvents } from './translated-streams.mjs';

const EVENTS = 204;
const EVENT_BYTES = 300;
const PERIOD_MS = 10;
const SLOTS = 10;
const CLOCK_DIGITS = 16;

const chunk = (text) => Buffer.from(`${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`);

/** One event of exactly EVENT_BYTES, its text beginning with `content`. */
function event(model, content, finish = null) {
  const render = (text) =>
    `data: ${JSON.stringify({
      id: 'chatcmpl-bench',
      object: 'chat.completion.chunk',
      created: 1763900000,
      model,
      choices: [{ index: 0, delta: { content: text }, finish_reason: finish }],
      ...(finish && { usage: { prompt_tokens: 20, completion_tokens: 200, total_tokens: 220 } }),
    })}\n\n`;
  return render(content + ' and more'.repeat(EVENT_BYTES).slice(0, EVENT_BYTES - render(content).length));
}

const STREAM_HEAD = Buffer.from(
  'HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nCache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n',
);
const LAST_CHUNK = Buffer.from('0\r\n\r\n');
const DONE = chunk('data: [DONE]\n\n');

const chatBurst = Array.from({ length: EVENTS - 2 }, () => chunk(event('bench-burst', 'words')));
chatBurst.push(chunk(event('bench-burst', 'end', 'stop')), DONE, LAST_CHUNK);

const bursts = Object.fromEntries(
  STREAM_DIALECTS.map((dialect) => [dialect, [...streamEvents(dialect).map(chunk), LAST_CHUNK]]),
);

const jsonBody = (() => {
  const answer = (content) =>
    JSON.stringify({
      id: 'chatcmpl-bench',
      object: 'chat.completion',
      created: 1763900000,
      model: 'bench-json',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 20, completion_tokens: 200, total_tokens: 220 },
    });
  return answer('word '.repeat(200).slice(0, 1200 - answer('').length));
})();
const json = Buffer.from(
  `HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ${jsonBody.length}\r\n\r\n${jsonBody}`,
);

// Paced streams share one timer; each has one of ten slots, so that they do not all speak in the same millisecond.
const slots = Array.from({ length: SLOTS }, () => new Set());
let nextSlot = 0;
let open = 0;
let timer;
let tick = 0;
let due = 0;

function beat() {
  // A late timer catches up: the rate stays 100 events a second.
  const now = performance.now();
  while (due <= now) {
    for (const stream of slots[tick % SLOTS]) stream.write();
    tick += 1;
    due += PERIOD_MS / SLOTS;
  }
}

function startPaced(socket, model, count) {
  const parts = chunk(event(model, '@'.repeat(CLOCK_DIGITS)));
  const clockAt = parts.indexOf('@');
  const slot = slots[(nextSlot = (nextSlot + 1) % SLOTS)];
  let left = count;
  const stream = {
    write() {
      const bytes = Buffer.from(parts);
      bytes.latin1Write(String(process.hrtime.bigint() / 1000n).padStart(CLOCK_DIGITS, '@'), clockAt);
      if (!socket.writable) return stream.end();
      socket.write(bytes);
      if (--left > 0) return;
      socket.write(DONE);
      socket.write(LAST_CHUNK);
      stream.end();
    },
    end() {
      if (!slot.delete(stream)) return;
      socket.off('close', stream.end);
      open -= 1;
      if (open === 0) clearInterval(timer);
    },
  };
  slot.add(stream);
  if (open++ === 0) {
    due = performance.now();
    timer = setInterval(beat, PERIOD_MS / SLOTS);
  }
  socket.on('close', stream.end);
  socket.write(STREAM_HEAD);
  stream.write();
}

const LIMITED = Buffer.from(
  'HTTP/1.1 429 Too Many Requests\r\nRetry-After-Ms: 1\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}',
);
let limitedAt = 0;

/** The 429, or how many microseconds after the last one this request arrived. */
function answerFailover(socket, isLimited, arrivedAt) {
  if (isLimited) {
    limitedAt = performance.now();
    socket.write(LIMITED);
  } else {
    const us = Math.round((arrivedAt - limitedAt) * 1000);
    socket.write(json.toString('latin1').replace('\r\n\r\n', `\r\nX-Failover-Us: ${us}\r\n\r\n`));
  }
}

function answer(socket, model) {
  if (model === 'bench-json') socket.write(json);
  else if (model === 'bench-burst' || dialectOfModel(model)) {
    socket.write(STREAM_HEAD);
    const burst = bursts[dialectOfModel(model)] ?? chatBurst;
    let at = 0;
    // One event per turn of the loop: written in one go, they would arrive in a few large reads, as no provider sends.
    const writeNext = () => {
      if (!socket.writable) return;
      socket.write(burst[at++]);
      if (at < burst.length) setImmediate(writeNext);
    };
    writeNext();
  } else {
    const paced = /^bench-paced-(\d+)$/.exec(model);
    if (paced) startPaced(socket, model, Number(paced[1]));
    else socket.end('HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n');
  }
}

const server = createServer({ noDelay: true }, (socket) => {
  let model;
  let isLimited = false;
  let arrivedAt = 0;
  const reader = new HttpReader({
    // Gemini has the model's name in the path.
    onHead(head) {
      model = /^POST \S*\/models\/([^:\s]+):/.exec(head)?.[1];
      arrivedAt = performance.now();
      isLimited = head.includes('sk-bench-limited');
    },
    onBody(bytes) {
      // The name stands at the start of the bench's bodies, wherever the request was cut.
      model ??= /"model" *: *"([^"]+)"/.exec(bytes.toString('latin1', 0, 200))?.[1];
    },
    onEnd() {
      if (model === 'bench-failover') answerFailover(socket, isLimited, arrivedAt);
      else answer(socket, model ?? '');
    },
  });
  socket.on('data', (bytes) => reader.push(bytes));
  socket.on('error', () => socket.destroy());
});
server.listen(0, '127.0.0.1', () => {
  console.log(JSON.stringify({ event: 'listening', url: `http://127.0.0.1:${server.address().port}` }));
});
