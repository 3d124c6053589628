import assert from 'node:assert/strict';
import fc from 'fast-check';
import { readJson } from '../../../../../host/agents/edit/edit-json';
import { openCode } from '../../../../../host/agents/known/opencode';
import {
  anyJson,
  anything,
  connected,
  CONNECTION,
  disconnected,
  filesOf,
  itComesBack,
  itLeavesOthers,
  itRefuses,
  MOVED,
  place,
  said,
} from '../../../../support/agent-contract';

const [jsonc, json] = [0, 1];

describe('OpenCode', () => {
  itComesBack(openCode, {
    'no file': [],
    'an empty file': [''],
    comments: ['// mine\n{\n  // the theme\n  "theme": "x", /* y */\n  "provider": { "other": {} },\n}\n'],
    'CRLF, a mark and tabs': ['\uFEFF{\r\n\t"model": "anthropic/x",\r\n\t"keybinds": { "a": "b" }\r\n}\r\n'],
    'lists of providers': ['{"enabled_providers":["anthropic"],"disabled_providers":["portside","x"]}'],
    'the file without comments': [undefined, '{ "theme": "x" }'],
    'a list of providers in another file': ['{"theme": "x"}', '{\n  "enabled_providers": ["a"] // mine\n}'],
    'no last line end': ['{"theme": "x"}'],
    'the oldest file': [undefined, undefined, '{"model": "a/b", "small_model": "a/c"}\n'],
  });

  itRefuses(openCode, ['{\n  "model": \n}'], 3, 1);
  itRefuses(openCode, ['[]'], 1, 1);
  itRefuses(openCode, ['{"provider": ""}'], 1, 14);
  itRefuses(openCode, ['{\n  "model": { /* mine */ }\n}'], 2, 12);

  itLeavesOthers(
    openCode,
    anyJson(
      fc
        .tuple(
          anything,
          fc.record(
            { provider: fc.dictionary(fc.constantFrom('a', 'b'), anything, { noNullPrototype: true }) },
            { requiredKeys: [] },
          ),
          fc.record(
            { model: fc.constantFrom('a/b', 'portside/gpt-5', 'portside/gone'), theme: fc.string() },
            { requiredKeys: [] },
          ),
        )
        .map(([any, provider, rest]) => ({ ...any, ...provider, ...rest })),
    ),
    readJson,
    (value) => {
      const { provider, model: _, small_model: __, $schema: ___, ...rest } = value as Record<string, unknown>;
      const { portside: ____, ...others } = (provider ?? {}) as Record<string, unknown>;
      return { ...rest, ...others };
    },
  );

  it('begins with the first model, and makes titles with it', () => {
    const [text] = connected(openCode, []);
    const { provider, ...rest } = said(text);
    assert.deepEqual(rest, {
      $schema: 'https://opencode.ai/config.json',
      model: 'portside/gpt-5',
      small_model: 'portside/gpt-5',
    });
    const { portside } = provider as { portside: { models: object; options: object; npm: string } };
    assert.deepEqual(portside.options, { baseURL: 'http://127.0.0.1:8045/v1', apiKey: CONNECTION.key });
    assert.equal(portside.npm, '@ai-sdk/openai-compatible');
    assert.deepEqual(Object.keys(portside.models), CONNECTION.models);
  });

  it('keeps what somebody chose: a model of the pool, a small one, limits', () => {
    const [first] = connected(openCode, ['{\n  "small_model": "x/y"\n}']);
    const edited = first
      ?.replace('portside/gpt-5', 'portside/claude-opus')
      .replace('"output": 16384', '"output": 64000');
    const [again] = connected(openCode, [edited], MOVED);
    const { model, small_model, provider } = said(again);
    assert.deepEqual([model, small_model], ['portside/claude-opus', 'x/y']);
    const { models } = (provider as { portside: { models: Record<string, { limit: object }> } }).portside;
    assert.deepEqual(models['gpt-5']?.limit, { context: 128_000, output: 64_000 });
    assert.deepEqual(Object.keys(models).sort(), [...MOVED.models].sort());
  });

  it('is let in where only some providers are', () => {
    const [text] = connected(openCode, ['{"enabled_providers": ["a"], "disabled_providers": ["portside"]}']);
    const { enabled_providers, disabled_providers } = said(text);
    assert.deepEqual([enabled_providers, disabled_providers], [['a', 'portside'], []]);
  });

  it('is let in where a file that is not written keeps it out', () => {
    const [text, other] = connected(openCode, ['{"theme": "x"}', '{"enabled_providers": ["a"]}']);
    assert.equal(said(text)['enabled_providers'], undefined);
    assert.deepEqual(said(other), { enabled_providers: ['a', 'portside'] });
  });

  it('writes the file that OpenCode would write', () => {
    assert.equal(connected(openCode, [undefined, '{}', '{}'])[jsonc], undefined);
    assert.notEqual(connected(openCode, [undefined, '{}', '{}'])[json], '{}');
  });

  it('goes by the file that wins over the others', () => {
    const [, text] = connected(openCode, [undefined, '{}']);
    const isConnected = (texts: (string | undefined)[]) =>
      openCode.isConnected(filesOf(openCode, texts), CONNECTION);
    assert.equal(isConnected([undefined, text, '{"model": "a/b"}']), true);
    assert.equal(isConnected(['{"model": "a/b"}', text]), false);
    const after = connected(openCode, ['{"model": "a/b"}', text]);
    assert.equal(isConnected(after), true);
    assert.equal(after[json], text);
  });

  it('knows where its files are, on every system', () => {
    assert.equal(openCode.files(place())[0], '/home/me/.config/opencode/opencode.jsonc');
    assert.equal(
      openCode.files(place({ platform: 'win32', home: 'C:\\Users\\me' }))[0],
      'C:\\Users\\me\\.config\\opencode\\opencode.jsonc',
    );
    assert.equal(
      openCode.files(place({ platform: 'darwin', env: { XDG_CONFIG_HOME: '/x' } }))[1],
      '/x/opencode/opencode.json',
    );
  });

  it('names each file once where the home is open as a folder', () => {
    const paths = openCode.files(place({ workspaces: ['/home/me', '/home/me/.config/opencode'] }));
    assert.deepEqual(paths, [...new Set(paths)]);
  });

  it('tells what wins: a project, another file, a variable', () => {
    const at = place({
      workspaces: ['/work'],
      env: {
        OPENCODE_CONFIG: '/other.json',
        OPENCODE_CONFIG_CONTENT: '{"model": "a/b", "key": "sk-secret"}',
      },
    });
    const texts = filesOf(openCode, connected(openCode, [undefined, '{}'], CONNECTION, at), at).map(
      ({ path, text }) =>
        path === '/work/.opencode/opencode.json' || path === '/other.json'
          ? '{"model": "c/d"}'
          : path === '/work/opencode.jsonc'
            ? '{"model": "portside/x"}'
            : path === '/work/opencode.json'
              ? '{ broken'
              : text,
    );
    assert.deepEqual(openCode.overrides(at, filesOf(openCode, texts, at)), [
      { name: 'OPENCODE_CONFIG_CONTENT', value: 'a/b' },
      { name: '/other.json', value: 'c/d' },
      { name: '/work/.opencode/opencode.json', value: 'c/d' },
    ]);
    assert.deepEqual(openCode.overrides(place(), filesOf(openCode, connected(openCode, []))), []);
  });
  it('tells when the mode that is used has a model of its own', () => {
    const overrides = (text: string) =>
      openCode.overrides(place(), filesOf(openCode, connected(openCode, [text])));
    const name = '/home/me/.config/opencode/opencode.jsonc';
    assert.deepEqual(overrides('{"agent": {"build": {"model": "a/b"}}}'), [{ name, value: 'a/b' }]);
    assert.deepEqual(overrides('{"agent": {"plan": {"model": "a/b"}}}'), []);
    assert.deepEqual(overrides('{"default_agent": "plan", "agent": {"plan": {"model": "a/b"}}}'), [
      { name, value: 'a/b' },
    ]);
  });
  it('goes as a whole where another model of it was chosen, and limits were changed', () => {
    const edit = (text: string) =>
      text.replace('"model": "portside/gpt-5"', '"model": "portside/claude-opus"').replace('16384', '64000');
    assert.deepEqual(said(disconnected(openCode, ['{ "model": "a/b", "theme": "x" }'], edit)), {
      model: 'a/b',
      theme: 'x',
    });
    assert.deepEqual(
      said(disconnected(openCode, ['{"theme": "x"}'], (text) => text.replace('portside/gpt-5', 'a/c')))[
        'model'
      ],
      'a/c',
    );
  });
});
