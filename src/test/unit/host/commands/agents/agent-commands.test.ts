import { testController, until, type TestController } from '../../test-controller';
import { editor } from '../../vscode-stub';
import assert from 'node:assert/strict';
import { chmodSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentConnections } from '../../../../../host/agents/agent-connections';
import { AGENTS } from '../../../../../host/agents/agent-list';
import { editorConnection } from '../../../../../host/agents/editor-connection';
import type { CommandContext } from '../../../../../host/commands/command-context';
import { connectAgent } from '../../../../../host/commands/agents/connect-agent';
import { disconnectAgent } from '../../../../../host/commands/agents/disconnect-agent';
import { offerReconnect } from '../../../../../host/commands/agents/offer-reconnect';
import { AgentHome } from '../../../../support/agent-home';

describe('the commands of agents', () => {
  let it_: TestController;
  let at: AgentHome;
  let context: CommandContext;

  beforeEach(async () => {
    it_ = await testController();
    at = new AgentHome();
    const connection = () => editorConnection(it_.controller);
    const agents = new AgentConnections({
      agents: () => Promise.resolve(AGENTS),
      folder: at.storage,
      place: () => at.place(),
      connection,
      fullConnection: connection,
      onError: (error) => assert.fail(String(error)),
    });
    context = { ...it_.context, agents };
  });
  afterEach(async () => {
    await it_.controller.dispose();
    at.remove();
  });

  const settings = () => join(at.home, '.claude', 'settings.json');
  const codex = () => join(at.home, '.codex', 'config.toml');
  const warnings = () =>
    editor.shown.filter(({ severity }) => severity === 'warning').map(({ message }) => message);

  it('several agents are shown in one look, and written after one yes', async () => {
    editor.pick.push('Write');
    assert.equal(await connectAgent(context, ['claude-code', 'codex']), true);
    assert.deepEqual(editor.executed, ['vscode.changes']);
    assert.equal(editor.asked.length, 1);
    assert.match(readFileSync(settings(), 'utf8'), /ANTHROPIC_BASE_URL/);
    assert.match(readFileSync(codex(), 'utf8'), /model_provider = "portside"/);
    for (const id of ['claude-code', 'codex']) assert.equal(await disconnectAgent(context, id), true);
    assert.deepEqual(at.tree(), []);
  });

  it('one that cannot be read is told of, and the other is connected', async () => {
    at.put(codex(), 'model = \n');
    editor.pick.push('Write');
    assert.equal(await connectAgent(context, ['claude-code', 'codex']), false);
    const [first] = editor.shown;
    assert.equal(first?.severity, 'error');
    assert.match(first.message, /^Nothing was written\. .*config\.toml:1:\d+: This is no valid TOML/);
    assert.deepEqual(first.buttons, ['Open File']);
    assert.ok(existsSync(settings()));
    assert.equal(readFileSync(codex(), 'utf8'), 'model = \n');
  });

  it('a read-only file is told of before anything is shown', async () => {
    at.put(settings(), '{}');
    chmodSync(settings(), 0o444);
    assert.equal(await connectAgent(context, 'claude-code'), false);
    assert.deepEqual(editor.executed, []);
    assert.match(editor.shown[0]?.message ?? '', /^Nothing was written\. .*is read-only\.$/);
  });

  describe('when the proxy changes', () => {
    /** Runs the proxy with a key to ask for, and connects two agents. */
    async function connected(): Promise<void> {
      it_.controller.onDidChange(offerReconnect(context));
      await it_.controller.updateSetting('authMode', 'strict');
      await it_.controller.addAccount({ provider: 'demo', label: 'Demo', key: '' });
      await it_.controller.start();
      editor.pick.push('Write');
      await connectAgent(context, ['claude-code', 'codex']);
      assert.deepEqual(warnings(), []);
    }

    it('agents with an old key are offered to be connected again, once and together', async () => {
      await connected();
      const key = await it_.controller.regenerateApiKey();
      await until(() => warnings().length > 0);
      await it_.controller.refresh();
      await context.agents.lookAnew();
      assert.deepEqual(warnings(), [
        'Claude Code, Codex: connected before the address or the key of the proxy changed.',
      ]);
      editor.press.push('Reconnect');
      editor.pick.push('Write');
      const next = await it_.controller.regenerateApiKey();
      await until(() => readFileSync(codex(), 'utf8').includes(next));
      assert.ok(!readFileSync(settings(), 'utf8').includes(key));
    });

    it('agents with an old address are offered to be connected again when the proxy runs there', async () => {
      await connected();
      await it_.controller.stop();
      await it_.controller.updateSetting('port', it_.controller.settings().port + 1);
      await context.agents.lookAnew();
      assert.deepEqual(warnings(), []);
      await it_.controller.start();
      await until(() => warnings().length > 0);
      assert.equal(warnings().length, 1);
    });

    it('nobody is bothered who connected none', async () => {
      it_.controller.onDidChange(offerReconnect(context));
      await it_.controller.addAccount({ provider: 'demo', label: 'Demo', key: '' });
      await it_.controller.start();
      await it_.controller.regenerateApiKey();
      await it_.controller.refresh();
      assert.equal(context.agents.views(), undefined);
      assert.deepEqual(warnings(), []);
    });
  });
});
