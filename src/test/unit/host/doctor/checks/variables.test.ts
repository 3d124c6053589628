import { bench, LOCAL_KEY, RUNNING } from '../doctor-bench';
import assert from 'node:assert/strict';
import { checkVariables } from '../../../../../host/doctor/checks/variables';

const OTHER_KEY = 'sk-other-CANARY-0123456789';

describe('the doctor on environment variables', () => {
  it('is content where none is set, or what is set leads here', async () => {
    const { find, machine } = bench();
    assert.deepEqual(await find(checkVariables), ['ok: No variable leads agents elsewhere.']);
    machine.env = { ANTHROPIC_BASE_URL: 'http://localhost:8045', ANTHROPIC_API_KEY: LOCAL_KEY };
    assert.deepEqual(await find(checkVariables), [
      'ok: ANTHROPIC_BASE_URL (the editor’s environment) leads to Portside.',
    ]);
  });

  it('tells the host to which one leads, and nothing else of the address', async () => {
    const { find, machine } = bench();
    machine.env = {
      OPENAI_BASE_URL: `https://me:${OTHER_KEY}@api.example.com/${OTHER_KEY}?key=${OTHER_KEY}`,
    };
    assert.deepEqual(await find(checkVariables), [
      'warning: OPENAI_BASE_URL (the editor’s environment) leads to https://api.example.com, past Portside.',
    ]);
    machine.env = { OPENAI_BASE_URL: OTHER_KEY };
    assert.match((await find(checkVariables)).join(), /leads to something that is no URL, past Portside/);
  });

  it('finds another port of this machine', async () => {
    const { find, machine } = bench();
    machine.env = { OPENAI_BASE_URL: 'http://127.0.0.1:9999/v1' };
    assert.match(
      (await find(checkVariables)).join(),
      /^warning: .* http:\/\/127\.0\.0\.1:9999: another port of this machine than Portside’s/,
    );
  });

  it('offers to lead terminals here; where they are led it says that they are', async () => {
    const { find, press, done, machine, world } = bench();
    machine.env = { ANTHROPIC_BASE_URL: 'https://api.example.com' };
    assert.equal(await press(checkVariables, /past/), 'Lead Terminals to Portside');
    machine.terminalsLed = true;
    assert.equal(await press(checkVariables, /past/), 'Start Proxy');
    Object.assign(world.status, RUNNING);
    assert.match(
      (await find(checkVariables)).join(),
      /^info: .* new terminals get Portside’s address instead/,
    );
    assert.deepEqual(done, ['portside.useInTerminals', 'portside.start']);
  });

  it('takes others away: what settings say is dropped, what the editor brings along is kept out', async () => {
    const { find, press, done, machine } = bench();
    machine.env = { OPENAI_API_BASE: 'https://one.example.com' };
    machine.terminal = { CODE_ASSIST_ENDPOINT: 'https://two.example.com' };
    assert.equal(await press(checkVariables, /OPENAI/), 'Take Away in Terminals');
    await press(checkVariables, /CODE_ASSIST/);
    assert.deepEqual(done, ['terminal OPENAI_API_BASE=null', 'terminal CODE_ASSIST_ENDPOINT=undefined']);
    machine.terminal = { OPENAI_API_BASE: null };
    assert.deepEqual(await find(checkVariables), ['ok: No variable leads agents elsewhere.']);
  });

  it('leaves what a workspace sets to the user', async () => {
    const { press, done, machine } = bench();
    machine.terminal = { OPENAI_API_BASE: 'https://one.example.com' };
    machine.fromWorkspace = ['OPENAI_API_BASE'];
    assert.equal(await press(checkVariables, /linux of the workspace/), 'Open Settings');
    assert.deepEqual(done, ['workbench.action.openWorkspaceSettings terminal.integrated.env.linux']);
  });

  it('names keys that are not Portside’s, never what they are', async () => {
    const { find, machine, world } = bench();
    machine.env = { ANTHROPIC_API_KEY: OTHER_KEY };
    assert.match((await find(checkVariables)).join(), /^info: ANTHROPIC_API_KEY .* which asks for no key\.$/);
    world.settings.authMode = 'strict';
    assert.deepEqual(await find(checkVariables), [
      'warning: ANTHROPIC_API_KEY (the editor’s environment) is not Portside’s key: a client that sends it gets 401.',
    ]);
  });

  it('finds what leads an agent to another cloud, unless it is off', async () => {
    const { find, press, done, machine } = bench();
    machine.env = { CLAUDE_CODE_USE_BEDROCK: '1', CLAUDE_CODE_USE_VERTEX: 'false' };
    assert.deepEqual(await find(checkVariables), [
      'warning: CLAUDE_CODE_USE_BEDROCK (the editor’s environment) leads its agent to another cloud, past Portside.',
    ]);
    await press(checkVariables, /BEDROCK/);
    assert.deepEqual(done, ['terminal CLAUDE_CODE_USE_BEDROCK=null']);
  });
});
