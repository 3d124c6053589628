/**
 * The program of a {@link startKillableUpstream}: a provider that speaks all four protocols and can be told to stop at a
 * moment of its next answer, so that it can be killed there. Talks with the test over the channel of `fork`.
 */
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject } from '../../../shared/json';
import type { Moment, Notice, Order } from './killable-upstream';
import { SPEAKERS } from '../speak/speakers';
import { readTarget } from './upstream-dialect';
import { frameEvents } from './write-answer';

let moment: Moment | undefined;
const tell = (notice: Notice, then?: () => void) => {
  process.send?.(notice, () => then?.());
};

process.on('message', (order: Order) => {
  moment = order.moment;
  tell({ type: 'understood' }, () => {
    // From here on connections wait in the system's queue: nobody accepts them.
    if (moment === 'in-the-queue') Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
});
process.on('disconnect', () => process.exit());

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(request.url ?? '/', Buffer.concat(chunks).toString(), request.headers, response);
  });
});

function answer(
  url: string,
  body: string,
  headers: Parameters<typeof readTarget>[1],
  response: ServerResponse,
): void {
  const target = readTarget(url, headers);
  if (target.endpoint !== 'generate') {
    response.writeHead(404, { 'content-type': 'application/json' }).end('{}');
    return;
  }
  const asked: unknown = JSON.parse(body);
  const json = isObject(asked) ? asked : {};
  const spoken = SPEAKERS[target.dialect](
    { text: 'Hello from a process that can be killed' },
    {
      model: target.model ?? (typeof json.model === 'string' ? json.model : 'scripted-model'),
      streamUsage: false,
    },
  );
  const here = () => {
    tell({ type: 'reached' });
  };
  const { socket } = response;
  if (moment === 'before-headers') here();
  else if (moment === 'amid-headers') socket?.write('HTTP/1.1 200 OK\r\nContent-Type: text/ev', here);
  else if (target.stream ?? json.stream === true) {
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.flushHeaders();
    const count = EVENTS[moment ?? ''];
    if (count === undefined) {
      response.end(frameEvents(spoken.events, target));
      return;
    }
    const events = spoken.events.slice(0, count < 1 ? Math.floor(spoken.events.length * count) : 1);
    response.write(events.length === 0 ? ': nothing yet\n\n' : frameEvents(events, target), here);
  } else {
    const bytes = Buffer.from(JSON.stringify(spoken.body));
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': bytes.length });
    if (moment === 'amid-body') response.write(bytes.subarray(0, bytes.length >> 1), here);
    else if (moment === 'after-headers') (response.flushHeaders(), here());
    else response.end(bytes);
  }
}

/** How much of a stream comes before the moment: a share of its events, or one of them. */
const EVENTS: Record<string, number | undefined> = {
  'after-headers': 0,
  'after-first-event': 1,
  'amid-stream': 0.5,
};

server.listen(Number(process.argv[2]), '127.0.0.1', () => {
  tell({ type: 'listening', port: (server.address() as AddressInfo).port });
});
