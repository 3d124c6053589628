/** Several windows of one editor, each with a core of its own, over one port (SPEC 1.10). */
import { changeSetting, resetEditor } from '../vscode-stub';
import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { connect, createServer, type Server } from 'node:net';
import { join } from 'node:path';
import { freePort } from '../../../support/local-port';
import { ask, Editor, until } from './editor-of-windows';

describe('windows of one editor', function () {
  this.timeout(30_000);
  let editor: Editor;
  let port: number;
  let foreign: Server | undefined;

  beforeEach(async () => {
    resetEditor();
    port = await freePort();
    changeSetting('port', port);
    editor = new Editor();
  });
  afterEach(async () => {
    await editor.dispose();
    await new Promise((resolve) => (foreign ? foreign.close(resolve) : resolve(undefined)));
    foreign = undefined;
  });

  const answers = async () => (await ask(port)) === 200;
  const owners = () => editor.owners();
  const attached = () => editor.attached();

  it('attach to the one that runs the proxy, and show what it shows', async () => {
    const [first, second, third] = [editor.open(), editor.open(), editor.open()];
    await first.start();
    await second.start();
    await until(() => third.status().attached === true, 'the third attaches without being told to');
    assert.equal(owners().length, 1);
    for (const window of [second, third]) {
      const { attached: isAttached, ...status } = window.status();
      assert.equal(isAttached, true);
      assert.deepEqual(status, first.status());
    }
  });

  it('attach when they are opened later', async () => {
    await editor.open().start();
    const later = editor.open();
    await later.lookForOwner();
    assert.equal(later.status().state, 'running');
    assert.equal(later.status().attached, true);
  });

  it('stop together, and nobody starts again', async () => {
    const [first, second, third] = [editor.open(), editor.open(), editor.open()];
    await first.start();
    await Promise.all([second.start(), third.start()]);
    await second.stop();
    for (const window of editor.windows)
      await until(() => window.status().state === 'stopped', 'every window says that it is stopped');
    await new Promise((resolve) => setTimeout(resolve, 400));
    assert.equal(await answers(), false);
    await third.start();
    assert.equal(await answers(), true);
    await until(() => attached().length === 2, 'the others attach to the new owner');
    assert.ok(first.status().attached);
  });

  it('take over when the owner closes, in turn, while a client goes on asking', async () => {
    for (let n = 0; n < 4; n++) editor.open();
    await editor.windows[0]!.start();
    await until(() => attached().length === 3, 'all attach');
    let asking = true;
    const refusals = new Set<unknown>();
    const client = (async () => {
      while (asking) {
        const code = await ask(port);
        if (code !== 200) refusals.add(code);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    })();
    for (let left = 3; left > 0; left--) {
      const [owner] = owners();
      assert.ok(owner);
      editor.windows.splice(editor.windows.indexOf(owner), 1);
      await owner.dispose();
      await until(() => owners().length === 1, 'one takes over');
      await until(() => attached().length === left - 1, 'the others attach to it');
    }
    asking = false;
    await client;
    assert.equal(await answers(), true);
    // Nothing half: a request is answered, or nobody takes it. Who knocks in the moment in which the port changes hands is
    // turned away by the system.
    for (const code of refusals) assert.match(String(code), /^ECONN(REFUSED|RESET)$/);
  });

  it('take over in the order in which they attached', async () => {
    const [first, second, third] = [editor.open(), editor.open(), editor.open()];
    await first.start();
    await third.start();
    await second.start();
    // What the owner tells of the order reaches each before an answer to what it asked later.
    await Promise.all([second.refresh(), third.refresh()]);
    await first.dispose();
    editor.windows.splice(0, 1);
    await until(() => owners().length === 1 && attached().length === 1, 'one takes over, the other attaches');
    assert.equal(owners()[0], third);
    await third.dispose();
    editor.windows.splice(editor.windows.indexOf(third), 1);
    await until(() => owners()[0] === second, 'the other is the first in turn now');
  });

  it('attach to an owner that is too busy to answer at once', async () => {
    const first = editor.open();
    await first.start();
    const busy = await freePort();
    let connections = 0;
    foreign = createServer((socket) => {
      // The first one is never answered.
      if (++connections === 1) {
        socket.on('error', () => undefined).resume();
        return;
      }
      const owner = connect({ port, host: '127.0.0.1' });
      for (const [from, to] of [
        [socket, owner],
        [owner, socket],
      ] as const)
        from
          .on('error', () => to.destroy())
          .on('close', () => to.destroy())
          .pipe(to);
    });
    await new Promise<void>((resolve) => foreign!.listen(busy, '127.0.0.1', resolve));
    changeSetting('port', busy);
    writeFileSync(join(editor.storage, 'owner.json'), JSON.stringify({ port: busy }));
    const second = editor.open();
    await second.lookForOwner();
    assert.equal(second.status().attached, true);
    assert.equal(connections, 2);
  });

  it('carry what is asked to the owner: routes, the monitor, ends of rests', async () => {
    const [first, second] = [editor.open(), editor.open()];
    await first.start();
    await second.start();
    const heard: string[] = [];
    second.onMonitorEvent((event) => heard.push(event.type));
    await fetch(`http://127.0.0.1:${port}/v1/chat/completions`, {
      method: 'POST',
      body: '{"model":"x","messages":[{"role":"user","content":"Hi"}]}',
    });
    await until(() => heard.includes('changed'), 'events of the owner’s monitor arrive');
    const query = { filter: {}, sort: { key: 'time', descending: true } } as const;
    const { total } = (await second.monitor({ type: 'query', query })) as { total: number };
    assert.equal(total, 1);
    assert.equal((await second.explainRoute('x', 'openai-chat')).candidates[0]?.account, 'Demo');
    await second.clearCooling('demo');
    await second.refresh();
    assert.equal(second.status().state, 'running');
  });

  it('let the owner hear of accounts that are added elsewhere', async () => {
    const [first, second] = [editor.open(), editor.open()];
    await first.start();
    await second.start();
    await second.addAccount({ provider: 'demo', key: '', label: 'Another' });
    await until(() => first.status().activeAccounts === 2, 'the owner has it');
    await until(() => second.status().activeAccounts === 2, 'and says so');
  });

  it('give the port to a newer version', async () => {
    const older = editor.open('1.9.0');
    await older.start();
    const same = editor.open('1.9.0');
    await same.start();
    const newer = editor.open('1.10.0');
    await newer.start();
    await until(
      () => newer.status().listening !== undefined && !newer.status().attached,
      'the newer one owns',
    );
    await until(() => attached().length === 2, 'the older ones attach');
    assert.equal(await answers(), true);
  });

  it('do not take a stranger’s word: another program on the port, and one that knows another secret', async () => {
    foreign = createServer((socket) => socket.on('data', () => socket.end('HTTP/1.1 200 OK\r\n\r\n')));
    await new Promise<void>((resolve) => foreign!.listen(port, '127.0.0.1', resolve));
    const window = editor.open();
    await assert.rejects(window.start(), { code: 'EADDRINUSE' });
    assert.equal(window.status().failure?.code, 'EADDRINUSE');
    await new Promise((resolve) => foreign!.close(resolve));
    foreign = undefined;
    await window.start();
    const stranger = editor.open('1.0.0', 'another secret');
    await assert.rejects(stranger.start(), { code: 'EADDRINUSE' });
    assert.equal(stranger.status().attached, undefined);
  });
});
