/** What happens while the proxy goes from one window to another (SPEC 1.10). */
import { changeSetting, resetEditor } from '../vscode-stub';
import assert from 'node:assert/strict';
import { createHmac } from 'node:crypto';
import { createServer, connect, type Server, type Socket } from 'node:net';
import { createRequire } from 'node:module';
import type { Worker } from 'node:worker_threads';
import { NONCE_HEADER, PEER_PATH, PEER_PROTOCOL, proofText } from '../../../../shared/peer-messages';
import { freePort } from '../../../support/local-port';
import { ask, Editor, until } from './editor-of-windows';

const moment = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Does something with a list of the threads that are made meanwhile. */
async function seeingThreads(deed: (made: Worker[]) => Promise<void>): Promise<void> {
  const threads = createRequire(__filename)('node:worker_threads') as { Worker: typeof Worker };
  const before = threads.Worker;
  const made: Worker[] = [];
  threads.Worker = class extends before {
    constructor(...args: ConstructorParameters<typeof Worker>) {
      super(...args);
      made.push(this);
    }
  };
  try {
    await deed(made);
  } finally {
    threads.Worker = before;
  }
}

describe('while the proxy changes hands, windows', function () {
  this.timeout(30_000);
  let editor: Editor;
  let port: number;
  let foreign: Server | undefined;
  let sockets: Socket[];

  beforeEach(async () => {
    resetEditor();
    port = await freePort();
    changeSetting('port', port);
    editor = new Editor();
    sockets = [];
  });
  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    await editor.dispose();
    await new Promise((resolve) => (foreign ? foreign.close(resolve) : resolve(undefined)));
    foreign = undefined;
  });

  const stillStopped = async () => {
    await moment(1500);
    assert.equal(await ask(port), 'ECONNREFUSED');
    assert.deepEqual(
      editor.windows.map((each) => each.status().state),
      editor.windows.map(() => 'stopped'),
    );
  };

  for (const which of [1, 2])
    for (const wait of [0, 60])
      it(`stay stopped when the user stops in window ${which} ${wait} ms after the owner closed`, async () => {
        const [first] = [editor.open(), editor.open(), editor.open()];
        await first.start();
        await editor.windows[1]!.start();
        await editor.windows[2]!.start();
        const stopping = editor.windows[which]!;
        const closing = editor.close(first);
        await moment(wait);
        await stopping.stop();
        await closing;
        await stillStopped();
      });

  it('stay stopped when the owner is killed while it is asked to stop', () =>
    seeingThreads(async (made) => {
      const [first, second] = [editor.open(), editor.open(), editor.open()];
      await first.start();
      await second.start();
      await editor.windows[2]!.start();
      const stopping = second.stop();
      await made[0]!.terminate();
      await stopping;
      await stillStopped();
    }));

  it('have a core ready where it is next, which nobody sees', () =>
    seeingThreads(async (made) => {
      const [first, second, third] = [editor.open(), editor.open(), editor.open()];
      await first.start();
      await second.start();
      await third.start();
      await until(() => made.length === 2, 'a second core is loaded');
      await moment(400);
      assert.equal(made.length, 2);
      // Accounts that were added since: what stands by has not heard of them.
      await second.addAccount({ provider: 'demo', label: 'Second', key: '' });
      await third.stop();
      await until(() => !second.status().attached, 'it hears of the stop');
      await second.refresh();
      assert.equal(second.status().accounts.length, 2);
      await first.start();
      await until(() => editor.attached().length === 2, 'the others attach');
      await made[1]!.terminate();
      await moment(100);
      assert.equal(second.status().failure, undefined);
      assert.equal(second.status().attached, true);
      await editor.close(first);
      await until(() => editor.owners().length === 1 && editor.attached().length === 1, 'another takes over');
      assert.equal(editor.owners()[0]!.status().accounts.length, 2);
    }));

  it('let others attach to one that took over while it was still getting its core ready', () =>
    seeingThreads(async (made) => {
      const [first, second] = [editor.open(), editor.open()];
      await first.start();
      await second.start();
      let release = () => {};
      editor.held = new Promise((resolve) => (release = resolve));
      await until(() => made.length === 2 && editor.held === undefined, 'it gets ready');
      await editor.close(first);
      await until(() => editor.owners()[0] === second, 'it takes over');
      release();
      await moment(200);
      const third = editor.open();
      await third.start();
      assert.equal(third.status().attached, true);
    }));

  it('go on telling views of the monitor', async () => {
    const [first, second] = [editor.open(), editor.open()];
    await first.start();
    await second.start();
    const heard: string[] = [];
    second.onMonitorEvent((event) => heard.push(event.type));
    await second.monitor({ type: 'info' });
    await editor.close(first);
    await until(() => editor.owners()[0] === second, 'the second takes over');
    await moment(300);
    heard.length = 0;
    await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      body: '{"model":"x","messages":[{"role":"user","content":"Hi"}]}',
    });
    await until(() => heard.includes('changed'), 'events of its own monitor arrive');
  });

  it('say that a stranger took the port', async () => {
    const [first, second] = [editor.open(), editor.open()];
    await first.start();
    await second.start();
    foreign = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('HTTP/1.1 200 OK\r\n\r\n'),
    );
    const closing = editor.close(first);
    for (;;) {
      const taken = await new Promise((resolve) => {
        foreign!.once('error', () => resolve(false)).listen(port, '127.0.0.1', () => resolve(true));
      });
      if (taken) break;
      await new Promise(setImmediate);
    }
    await closing;
    await until(() => second.status().failure?.code === 'EADDRINUSE', 'it says who has the port');
    assert.equal(second.status().state, 'stopped');
  });

  it('forget what went wrong before, once they are attached', async () => {
    const [first, second] = [editor.open(), editor.open()];
    foreign = createServer((socket) =>
      socket
        .on('error', () => undefined)
        .resume()
        .end('HTTP/1.1 200 OK\r\n\r\n'),
    );
    await new Promise<void>((resolve) => foreign!.listen(port, '127.0.0.1', resolve));
    await assert.rejects(second.start(), { code: 'EADDRINUSE' });
    await new Promise((resolve) => foreign!.close(resolve));
    foreign = undefined;
    await first.start();
    await until(() => second.status().attached === true, 'it attaches');
    await first.stop();
    await until(() => second.status().state === 'stopped', 'it hears of the stop');
    assert.equal(second.status().failure, undefined);
  });

  it('can stop while another one is suspended and closes nothing', async () => {
    const first = editor.open();
    await first.start();
    const secret = editor.secrets.get('portside.windowSecret') ?? '';
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
    sockets.push(socket);
    const nonce = 'n'.repeat(32);
    socket.write(
      `GET ${PEER_PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: ${PEER_PROTOCOL}\r\n${NONCE_HEADER}: ${nonce}\r\n\r\n`,
    );
    const head = await new Promise<string>((resolve) => socket.once('data', (data) => resolve(String(data))));
    const theirs = new RegExp(`${NONCE_HEADER}: (\\S+)`).exec(head)?.[1] ?? '';
    const proof = createHmac('sha256', secret)
      .update(proofText('window', nonce, theirs))
      .digest('base64url');
    socket.write(`${JSON.stringify({ proof, version: '1.0.0', window: 'w' })}\n`);
    await new Promise((resolve) => socket.once('data', resolve));
    socket.pause();
    const stopped = await Promise.race([first.stop().then(() => true), moment(6000).then(() => false)]);
    assert.equal(stopped, true);
  });

  it('find the owner at the port that it has, when another one is set', async () => {
    const first = editor.open();
    await first.start();
    const other = await freePort();
    changeSetting('port', other);
    await until(() => first.status().restartNeeded, 'the owner knows');
    const second = editor.open();
    await second.start();
    assert.equal(second.status().attached, true);
    assert.equal(second.status().listening?.port, port);
    assert.equal(second.status().restartNeeded, true);
  });

  it('start at once, and one of them owns the proxy', async () => {
    for (let n = 0; n < 4; n++) editor.open();
    await Promise.all(editor.windows.map((window) => window.start()));
    assert.equal(editor.owners().length, 1);
    assert.equal(editor.attached().length, 3);
  });

  it('follow each other’s starts and stops, however fast they come', async () => {
    const [first, second, third] = [editor.open(), editor.open(), editor.open()];
    for (let n = 0; n < 3; n++) {
      await Promise.allSettled([first.start(), second.stop(), third.start(), second.start(), first.stop()]);
      await second.start();
      await until(() => editor.owners().length === 1 && editor.attached().length === 2, 'one owner');
      await third.stop();
      await until(() => editor.windows.every((each) => each.status().state === 'stopped'), 'all stop');
    }
    await stillStopped();
  });

  it('start the proxy that another one has stopped, also when they have not heard of it', async () => {
    const [owner, second, third] = [editor.open(), editor.open(), editor.open()];
    await owner.start();
    await second.start();
    await third.start();
    for (const [stopping, starting] of [
      [second, third],
      [third, second],
    ] as const) {
      await stopping.stop();
      await starting.start();
      assert.ok(editor.owners()[0] === starting, 'it owns the proxy');
      await moment(100);
      assert.equal(starting.status().state, 'running');
      await until(() => editor.attached().length === 2, 'the others attach');
    }
  });

  it('start when whoever had the port is just going', async () => {
    foreign = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => foreign!.listen(port, '127.0.0.1', resolve));
    const window = editor.open();
    const starting = window.start();
    await until(() => window.status().state === 'starting', 'it begins');
    await moment(700);
    await new Promise((resolve) => foreign!.close(resolve));
    foreign = undefined;
    await starting;
    assert.equal(window.status().state, 'running');
  });

  it('start by themselves when that is set, unless the user stopped the proxy in one of them', async () => {
    changeSetting('autoStart', true);
    const first = editor.open();
    assert.equal(first.startsByItself(), true);
    await first.start();
    await first.stop();
    const later = editor.open();
    assert.equal(later.startsByItself(), false);
    await later.start();
    await until(() => first.status().attached === true, 'the first attaches');
    assert.equal(first.startsByItself(), true);
    changeSetting('autoStart', false);
    assert.equal(first.startsByItself(), false);
  });

  it('ask before the network is let in, though another one was told yes once', async () => {
    const [first, second] = [editor.open(), editor.open()];
    const asked = () => editor.questions;
    changeSetting('allowLanAccess', true);
    changeSetting('authMode', 'off');
    await first.start();
    assert.equal(asked(), 1);
    await second.start();
    changeSetting('authMode', 'strict');
    await until(() => second.status().authMode === 'strict', 'both know');
    await first.stop();
    await until(() => second.status().state === 'stopped', 'it hears of the stop');
    changeSetting('authMode', 'off');
    await second.start();
    assert.equal(asked(), 2);
  });
});
