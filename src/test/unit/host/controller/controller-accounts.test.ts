import { testController, until, type TestController } from '../test-controller';
import { changeSetting, editor } from '../vscode-stub';
import assert from 'node:assert/strict';
import { BAD_KEY, REFUSED_MODEL } from '../stand-in-core';

const KEY = 'canary-upstream-key-0123456789';

describe('the controller’s accounts', () => {
  let it_: TestController;
  beforeEach(async () => {
    it_ = await testController();
  });
  afterEach(() => it_.controller.dispose());

  const add = (label = 'Mine') => it_.controller.addAccount({ provider: 'openai', key: KEY, label });
  const order = () => it_.controller.accounts().map(({ id }) => id);
  const tested = () => editor.log.filter((line) => line.startsWith('tested '));

  describe('when edited', () => {
    it('take all fields as given, and lose those that are absent', async () => {
      await add();
      const fields = {
        label: 'Work',
        baseUrl: 'http://127.0.0.1:9/v1',
        dialect: 'openai-responses',
        models: ['a', 'b'],
        defaultModel: 'a',
        priority: 2,
        weight: 0.5,
        maxConcurrent: 3,
        project: 'p',
        region: 'eu-west-1',
      } as const;
      assert.equal(
        (await it_.controller.editAccount('openai', { fields: { ...fields, models: ['a', 'b'] } })).ok,
        true,
      );
      assert.deepEqual(it_.controller.accounts(), [
        { id: 'openai', provider: 'openai', enabled: true, hasKey: true, ...fields },
      ]);
      await it_.controller.editAccount('openai', { fields: {} });
      assert.deepEqual(it_.controller.accounts(), [
        {
          id: 'openai',
          provider: 'openai',
          enabled: true,
          hasKey: true,
          label: 'OpenAI',
          priority: 0,
          weight: 1,
        },
      ]);
      assert.equal(it_.secrets.get('portside.account.openai'), KEY);
    });

    it('have no protocol to choose where there is no address', async () => {
      await it_.controller.addAccount({ provider: 'vscode', key: '', dialect: 'gemini', models: ['a'] });
      const [account] = it_.controller.accounts();
      assert.deepEqual([account?.dialect, account?.models], [undefined, ['a']]);
    });

    it('are tested under their own id when key or address change, and not for a label', async () => {
      await add();
      await it_.controller.editAccount('openai', { fields: { label: 'Work', priority: 3 } });
      await it_.controller.editAccount('openai', { fields: { label: 'Work' }, key: KEY });
      assert.deepEqual(tested(), []);
      await it_.controller.editAccount('openai', { fields: { baseUrl: 'http://127.0.0.1:9' } });
      await it_.controller.editAccount('openai', {
        fields: { baseUrl: 'http://127.0.0.1:9' },
        key: 'sk-new-0123456789',
      });
      await until(() => tested().length === 2);
      assert.deepEqual([...new Set(tested())], ['tested openai, knows the settings']);
      assert.equal(it_.secrets.get('portside.account.openai'), 'sk-new-0123456789');
    });

    it('stay as they are when the provider refuses the new key, unless anyway', async () => {
      await add();
      const edit = { fields: { label: 'Work' }, key: BAD_KEY };
      assert.deepEqual(await it_.controller.editAccount('openai', edit), {
        ok: false,
        message: 'API key not valid: [redacted]',
      });
      assert.equal(it_.controller.accounts()[0]?.label, 'Mine');
      assert.equal(it_.secrets.get('portside.account.openai'), KEY);
      await it_.controller.editAccount('openai', { ...edit, anyway: true });
      assert.equal(it_.controller.accounts()[0]?.label, 'Work');
      assert.equal(it_.secrets.get('portside.account.openai'), BAD_KEY);
    });

    it('keep their switch, and are not made by an edit', async () => {
      await add();
      await it_.controller.setAccountEnabled('openai', false);
      await it_.controller.editAccount('openai', { fields: {} });
      assert.equal(it_.controller.accounts()[0]?.enabled, false);
      await assert.rejects(it_.controller.editAccount('nobody', { fields: {} }), /no account "nobody"/);
      await assert.rejects(
        it_.controller.editAccount('openai', { fields: { baseUrl: 'ftp://x' } }),
        /http or https/,
      );
    });
  });

  it('stand in the order in which the user puts them', async () => {
    for (const label of ['A', 'B', 'C']) await add(label);
    await it_.controller.moveAccount('openai-3', 0);
    assert.deepEqual(order(), ['openai-3', 'openai', 'openai-2']);
    await it_.controller.moveAccount('openai-3', 1);
    assert.deepEqual(order(), ['openai', 'openai-3', 'openai-2']);
    await it_.controller.moveAccount('openai', 99);
    assert.deepEqual(order(), ['openai-3', 'openai-2', 'openai']);
    const { candidates } = await it_.controller.explainRoute('m', 'anthropic');
    assert.deepEqual(
      candidates.map(({ account }) => account),
      ['C', 'B', 'A'],
    );
  });

  it('that are preferred are no longer so once they are removed', async () => {
    await add();
    await it_.controller.updateSetting('preferredAccount', 'openai');
    await it_.controller.removeAccount('openai');
    assert.equal(it_.controller.settings().preferredAccount, '');
  });

  it('seem to have no key until somebody looks', async () => {
    it_.memory.set('portside.accounts', [
      { id: 'a', provider: 'openai', enabled: true, priority: 0, weight: 1 },
      { id: 'b', provider: 'openai', enabled: true, priority: 0, weight: 1 },
    ]);
    it_.secrets.set('portside.account.a', KEY).set('portside.zaiKey', KEY);
    const seen = () => [...it_.controller.accounts().map(({ hasKey }) => hasKey), it_.controller.hasZaiKey()];
    assert.deepEqual(seen(), [false, false, false]);
    await it_.controller.learnKeys();
    assert.deepEqual(seen(), [true, false, true]);
    await it_.controller.setZaiKey('');
    assert.deepEqual(seen(), [true, false, false]);
  });

  it('that are tested give the models they list', async () => {
    await add();
    assert.deepEqual((await it_.controller.testAccount('openai')).models, ['m1', 'm2']);
    await until(() => tested().length === 1);
    assert.deepEqual(tested(), ['tested openai, knows the settings']);
  });

  it('that change their health are told of in the log, and a dead one by name', async () => {
    await it_.controller.addAccount({ provider: 'openai', key: KEY, label: 'Mine', models: [REFUSED_MODEL] });
    await it_.controller.start();
    await until(() => it_.dead.length > 0);
    assert.deepEqual(it_.dead, [{ id: 'openai', label: 'Mine', reason: 'the provider refuses the key' }]);
    assert.ok(editor.log.includes('Mine: disabled (the provider refuses the key)'));
  });

  it('that the user switched off are no news', async () => {
    await it_.controller.addAccount({ provider: 'openai', key: KEY, label: 'Mine', models: [REFUSED_MODEL] });
    await it_.controller.addAccount({ provider: 'demo', key: '' });
    await it_.controller.setAccountEnabled('openai', false);
    await it_.controller.start();
    await until(() => editor.log.some((line) => line.startsWith('Mine: disabled')));
    assert.deepEqual(it_.dead, []);
  });
});

describe('the controller’s client keys', () => {
  let it_: TestController;
  beforeEach(async () => {
    it_ = await testController();
  });
  afterEach(() => it_.controller.dispose());

  it('are made like the local key, kept in the secret storage alone, and show their use', async () => {
    await it_.controller.addAccount({ provider: 'demo', key: '' });
    const { key } = await it_.controller.addClientKey({ name: 'ci', expires: '2001-01-01' });
    assert.match(key, /^sk-[0-9a-f]{48}$/);
    assert.ok(!JSON.stringify([...it_.memory]).includes(key));
    await it_.controller.start();
    assert.deepEqual(it_.controller.clientKeys(), [
      {
        name: 'ci',
        expires: '2001-01-01',
        expired: true,
        usage: { name: 'ci', requests: 7, refused: 0, inputTokens: 1, outputTokens: 2 },
      },
    ]);
  });

  it('have a name of their own, also when made at the same time', async () => {
    const made = await Promise.allSettled([
      it_.controller.addClientKey({ name: 'ci' }),
      it_.controller.addClientKey({ name: 'ci' }),
    ]);
    assert.deepEqual(
      made.map(({ status }) => status),
      ['fulfilled', 'rejected'],
    );
    await assert.rejects(it_.controller.addClientKey({ name: '../x' }), /A name has/);
  });
});

describe('the network of the editor', () => {
  let it_: TestController;
  beforeEach(async () => {
    it_ = await testController();
  });
  afterEach(() => it_.controller.dispose());

  it('reaches the core at once when its settings change, and its password no log', async () => {
    await it_.controller.addAccount({ provider: 'demo', key: '' });
    await it_.controller.start();
    changeSetting('http.proxy', 'http://me:CANARY-0123@proxy.test:3128');
    await until(() => editor.log.includes('network [redacted]'));
    assert.doesNotMatch(editor.log.join('\n'), /CANARY/);
  });
});
