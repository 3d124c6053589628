import { agent, bench, RUNNING } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkAgents } from '../../../../../host/doctor/checks/agents';

const FILE = '/home/ann/.claude/settings.json';

describe('the doctor on agents', () => {
  it('names those that are not here in one line', async () => {
    const { find, world } = bench();
    world.agents = [agent(), agent({ id: 'codex', name: 'Codex' })];
    assert.deepEqual(await find(checkAgents), ['info: Not found here: Claude Code, Codex.']);
  });

  it('offers to connect one that is here, and is content with one that is connected', async () => {
    const { find, press, done, world } = bench();
    world.agents = [agent({ found: true })];
    assert.deepEqual(await find(checkAgents), ['info: Claude Code is here and not connected.']);
    assert.equal(await press(checkAgents, /not connected/), 'Connect');
    assert.deepEqual(done, ['portside.connectAgent claude-code']);
    world.agents = [agent({ found: true, connected: true, canDisconnect: true })];
    assert.deepEqual(await find(checkAgents), ['ok: Claude Code is connected.']);
  });

  it('finds one that leads to an address of before, past Portside, or has a key of before', async () => {
    const { find, press, done, world } = bench();
    world.agents = [agent({ canDisconnect: true, stale: 'address' })];
    assert.deepEqual(await find(checkAgents), [
      `warning: Claude Code leads to an address that Portside had before: ${FILE}`,
    ]);
    world.agents = [agent({ canDisconnect: true })];
    assert.deepEqual(await find(checkAgents), [
      `warning: Claude Code was connected, but ${FILE} leads past Portside now.`,
    ]);
    world.agents = [agent({ canDisconnect: true, connected: true, stale: 'key' })];
    assert.deepEqual(await find(checkAgents), [
      `warning: Claude Code leads to Portside, but ${FILE} does not have the key of now.`,
    ]);
    assert.equal(await press(checkAgents, /key/), 'Connect Again');
    assert.deepEqual(done, ['portside.connectAgent claude-code']);
  });

  it('finds a list of models of before, while the proxy can tell the one of now', async () => {
    const { find, world } = bench();
    world.agents = [agent({ connected: true, canDisconnect: true })];
    world.outdated = ['claude-code'];
    assert.deepEqual(await find(checkAgents), ['ok: Claude Code is connected.']);
    Object.assign(world.status, RUNNING);
    assert.match((await find(checkAgents)).join(), /^info: .* the models differ\.$/);
  });

  it('finds variables and files that win, and leads to them', async () => {
    const { find, press, done, world } = bench();
    world.agents = [
      agent({ connected: true, overrides: ['ANTHROPIC_BASE_URL', '/etc/claude/managed.json'] }),
    ];
    assert.deepEqual(await find(checkAgents), [
      'warning: Claude Code is connected, but ANTHROPIC_BASE_URL wins and leads elsewhere.',
      'warning: Claude Code is connected, but /etc/claude/managed.json wins and leads elsewhere.',
    ]);
    assert.equal(await press(checkAgents, /ANTHROPIC/), 'Open Documentation');
    assert.equal(await press(checkAgents, /managed/), 'Open File');
    assert.deepEqual(done, ['vscode.open https://example.com/docs', 'open /etc/claude/managed.json']);
  });

  it('opens a file that cannot be read at the place of its trouble', async () => {
    const { find, press, done, world } = bench();
    world.agents = [agent({ problem: 'settings.json:3:7: no value', at: { line: 3, column: 7 } })];
    assert.deepEqual(await find(checkAgents), [
      'error: Claude Code: the file cannot be read. settings.json:3:7: no value',
    ]);
    assert.equal(await press(checkAgents, /cannot be read/), 'Open File');
    assert.deepEqual(done, [`open ${FILE}:3:7`]);
  });

  it('tells of the others when one cannot be looked at', async () => {
    const { find, world } = bench();
    Object.assign(world.status, RUNNING);
    world.outdated = new Error('EIO');
    world.agents = [agent({ connected: true }), agent({ name: 'Codex', found: true })];
    assert.deepEqual(await find(checkAgents), [
      'warning: Claude Code could not be looked at: EIO',
      'info: Codex is here and not connected.',
    ]);
  });
});
