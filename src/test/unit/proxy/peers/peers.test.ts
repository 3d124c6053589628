import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { Peers } from '../../../../proxy/peers/peers';
import {
  LineReader,
  NONCE_HEADER,
  PEER_PATH,
  PEER_PROTOCOL,
  PROOF_HEADER,
  proofText,
} from '../../../../shared/peer-messages';
import type { ProxyStatus } from '../../../../shared/status';

const SECRET = 'known to all windows';
const NONCE = 'n'.repeat(32);

describe('the owner’s end of other windows', () => {
  let server: Server;
  let peers: Peers;
  let asked: string[];
  const sockets: Socket[] = [];

  beforeEach(async () => {
    asked = [];
    const status = { state: 'running', accounts: [] } as unknown as ProxyStatus;
    peers = new Peers({
      status: () => status,
      call: ({ type }) => Promise.resolve(void asked.push(type)),
      handOver: () => Promise.resolve(),
      listen: () => () => undefined,
    });
    peers.configure({ secret: SECRET, version: '1.0.0' });
    server = createServer();
    server.on('upgrade', (incoming, socket) => {
      socket.on('error', () => undefined);
      if (!peers.accept(incoming, socket)) socket.end('HTTP/1.1 426 Upgrade Required\r\n\r\n');
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    for (const socket of sockets.splice(0)) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });

  /** Asks for the upgrade. @returns the connection, and what the owner said */
  async function knock(headers: Record<string, string> = {}): Promise<{ socket: Socket; head: string }> {
    const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
    socket.setEncoding('utf8').on('error', () => undefined);
    sockets.push(socket);
    const all = {
      host: 'x',
      connection: 'Upgrade',
      upgrade: PEER_PROTOCOL,
      [NONCE_HEADER]: NONCE,
      ...headers,
    };
    const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
    socket.write(`GET ${PEER_PATH} HTTP/1.1\r\n${lines.join('')}\r\n`);
    const [head] = (await once(socket, 'data')) as [string];
    return { socket, head };
  }

  const headerOf = (head: string, name: string) => new RegExp(`${name}: (\\S+)`).exec(head)?.[1] ?? '';
  const proofOf = (head: string, side: 'owner' | 'window' = 'window', secret = SECRET) =>
    createHmac('sha256', secret)
      .update(proofText(side, NONCE, headerOf(head, NONCE_HEADER)))
      .digest('base64url');
  const hello = (proof: string) => `${JSON.stringify({ proof, version: '1.0.0', window: 'w' })}\n`;

  it('welcomes a window that proves itself, and proves itself first', async () => {
    const { socket, head } = await knock();
    assert.equal(headerOf(head, PROOF_HEADER), proofOf(head, 'owner'));
    socket.write(hello(proofOf(head)));
    const [said] = (await once(socket, 'data')) as [string];
    assert.match(said, /"type":"welcome"/);
  });

  for (const [what, proof] of [
    ['a wrong secret', (head: string) => proofOf(head, 'window', 'another')],
    ['the owner’s own proof given back', (head: string) => headerOf(head, PROOF_HEADER)],
    ['nothing', () => ''],
  ] as const)
    it(`closes on ${what}, and does nothing that is asked after it`, async () => {
      const { socket, head } = await knock();
      socket.write(`${hello(proof(head))}{"id":1,"call":{"type":"stop"}}\n`);
      await once(socket, 'close');
      assert.equal(socket.bytesRead, head.length);
      assert.deepEqual(asked, []);
    });

  it('takes a proof for its own connection alone', async () => {
    const first = await knock();
    const second = await knock();
    second.socket.write(hello(proofOf(first.head)));
    await once(second.socket, 'close');
  });

  it('is none for web pages and other upgrades', async () => {
    for (const headers of [
      { origin: 'http://127.0.0.1' },
      { upgrade: 'websocket' },
      { [NONCE_HEADER]: 'short' },
    ])
      assert.match((await knock(headers)).head, /^HTTP\/1\.1 426 /);
  });

  it('closes on more than a hello before the proof', async () => {
    const { socket } = await knock();
    socket.write('x'.repeat(10_000));
    await once(socket, 'close');
  });

  it('tells the others their place when a window closes', async () => {
    const [first, second] = [await knock(), await knock()];
    let heard = '';
    second.socket.on('data', (text: string) => (heard += text));
    first.socket.write(hello(proofOf(first.head)));
    await once(first.socket, 'data');
    second.socket.write(hello(proofOf(second.head)));
    await until(() => heard.includes('"rank":1'));
    first.socket.destroy();
    await until(() => heard.includes('"rank":0'));
  });

  it('lets windows in while others knock and prove nothing', async () => {
    const knocking: Socket[] = [];
    for (let n = 0; n < 100; n++) knocking.push((await knock()).socket);
    const { socket, head } = await knock();
    socket.write(hello(proofOf(head)));
    const [said] = (await once(socket, 'data')) as [string];
    assert.match(said, /"type":"welcome"/);
    assert.equal(knocking[0]!.destroyed || (await once(knocking[0]!, 'close')) !== undefined, true);
  });

  for (const wrong of ['null', '{}', '{"id":1}', '{"id":1,"call":null}', '{"id":1,"call":{"type":"x"}}', '['])
    it(`outlives a window that says ${wrong}`, async () => {
      const { socket, head } = await knock();
      socket.write(`${hello(proofOf(head))}${wrong}\n{"id":2,"call":{"type":"status"}}\n`);
      await until(() => socket.destroyed || asked.includes('status'));
    });
});

async function until(holds: () => boolean): Promise<void> {
  while (!holds()) await new Promise((resolve) => setTimeout(resolve, 5));
}

describe('lines of windows', () => {
  it('are put together however they were cut', () => {
    const text = 'one\n\ntwo, longer\nthree\nunfinished';
    for (let size = 1; size <= text.length; size++) {
      const reader = new LineReader(100);
      const lines: string[] = [];
      for (let at = 0; at < text.length; at += size) lines.push(...reader.push(text.slice(at, at + size)));
      assert.deepEqual(lines, ['one', 'two, longer', 'three']);
      assert.equal(reader.rest, 'unfinished');
    }
  });

  it('are refused when they are too long, in one piece or in many', () => {
    assert.throws(() => new LineReader(10).push('x'.repeat(11)), RangeError);
    const reader = new LineReader(10);
    reader.push('x'.repeat(10));
    assert.throws(() => reader.push('x'), RangeError);
    assert.throws(() => new LineReader(10).push(`${'x'.repeat(11)}\n`), RangeError);
  });
});
