import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Capture, heldBytes } from '../../../../proxy/monitor/capture';
import { ChunkWriter } from '../../../../proxy/stream/chunk-writer';

const textOf = (pieces: Uint8Array[] = []) => Buffer.concat(pieces).toString();

/** What is kept of an answer, and what the client read. */
async function answered(answer: (outgoing: ServerResponse) => void, limit = 1000) {
  const capture = new Capture(limit);
  const server = createServer((_, outgoing) => {
    capture.listen(outgoing);
    answer(outgoing);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const read = await (await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`)).text();
  server.close();
  server.closeAllConnections();
  return { read, messages: capture.take(7) };
}

describe('what the monitor keeps of messages', () => {
  it('is an answer that is written whole', async () => {
    const { messages } = await answered((outgoing) => {
      outgoing.writeHead(201, ['x-one', '1']);
      outgoing.end('héllo');
    });
    const [{ body, ...head } = { body: [] }] = messages;
    assert.deepEqual(head, { seq: 7, part: 'response', status: 201, headers: ['x-one', '1'], size: 6 });
    assert.equal(textOf(body), 'héllo');
  });

  it('is a stream without the frames of its chunks', async () => {
    const { read, messages } = await answered((outgoing) => {
      outgoing.writeHead(200, ['content-type', 'text/event-stream']);
      const writer = new ChunkWriter(outgoing);
      writer.writeText('data: ä\n\n');
      writer.write(Buffer.from('data: 2\n\n'));
      writer.end('data: 3\n\n');
    });
    assert.equal(read, 'data: ä\n\ndata: 2\n\ndata: 3\n\n');
    assert.equal(textOf(messages[0]?.body), read);
  });

  it('keeps text that was written in Latin-1 byte by byte', async () => {
    const { messages } = await answered((outgoing) => {
      outgoing.writeHead(200, []);
      outgoing.end(Buffer.from('ü').toString('latin1'), 'latin1');
    });
    assert.equal(textOf(messages[0]?.body), 'ü');
  });

  it('ends at the limit and says so, while the size is that of all', async () => {
    const { read, messages } = await answered((outgoing) => {
      outgoing.writeHead(200, []);
      for (let n = 0; n < 10; n++) outgoing.write('0123456789');
      outgoing.end();
    }, 25);
    assert.equal(read.length, 100);
    assert.equal(textOf(messages[0]?.body), '0123456789012345678901234');
    assert.equal(messages[0]?.size, 100);
    assert.match(messages[0].note ?? '', /beginning/);
  });

  it('is heads alone where no bodies are wanted', () => {
    const capture = new Capture(0);
    capture.message({ part: 'request', method: 'POST', url: '/', headers: ['a', 'b'] }).add('content');
    assert.deepEqual(capture.take(1), [
      { seq: 1, part: 'request', method: 'POST', url: '/', headers: ['a', 'b'], size: 7 },
    ]);
  });

  it('copies: what a socket read into later does not change it, and no larger buffer is held', () => {
    const capture = new Capture(1000);
    const read = Buffer.alloc(65_536, 'a');
    capture.message({ part: 'request', headers: [] }).add(read.subarray(0, 300));
    read.fill('b');
    const [message] = capture.take(1);
    assert.equal(textOf(message?.body), 'a'.repeat(300));
    assert.equal(message?.body?.[0]?.buffer.byteLength, 300);
  });

  it('stops to hold bodies when very many are under way, and goes on when they are gone', () => {
    const limit = 30 * 1_048_576;
    const captures = Array.from({ length: 3 }, () => new Capture(limit));
    const large = Buffer.alloc(20 * 1_048_576);
    for (const capture of captures) capture.message({ part: 'request', headers: [] }).add(large);
    const kept = captures.map((capture) => capture.take(1)[0]);
    assert.deepEqual(
      kept.map((message) => message?.body !== undefined),
      [true, true, false],
    );
    assert.match(kept[2]?.note ?? '', /Too many/);
    const after = new Capture(limit);
    after.message({ part: 'request', headers: [] }).add(large);
    assert.notEqual(after.take(1)[0]?.body, undefined);
    assert.equal(heldBytes(), 0);
  });

  it('holds nothing of what comes when all was taken', () => {
    const capture = new Capture(1000);
    const body = capture.message({ part: 'upstream-response', headers: [] });
    body.add(Buffer.from('one'));
    assert.equal(textOf(capture.take(1)[0]?.body), 'one');
    body.add(Buffer.from('two'));
    capture.message({ part: 'upstream-response', headers: [] }).add(Buffer.from('three'));
    assert.equal(heldBytes(), 0);
    assert.deepEqual(capture.take(1), []);
  });
});
