import assert from 'node:assert/strict';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { continueAgent } from '../../../../../host/agents/known/continue';
import { readYaml } from '../../../../../host/agents/edit/edit-yaml';
import { valueAt } from '../../../../../host/agents/edit/edit-json';
import {
  anything,
  connected,
  CONNECTION,
  disconnected,
  filesOf,
  itComesBack,
  itLeavesOthers,
  itRefuses,
  place,
} from '../../../../support/agent-contract';

const OWN = `# mine
name: Main Config
version: 1.0.0
schema: v1
models:   # all of them

  # the good one
  - name: Sonnet
    provider: anthropic   # direct
    model: claude
    roles: [chat,
            edit]
  - uses: x/y
rules:
- be brief
`;

describe('Continue', () => {
  itComesBack(continueAgent, {
    'no file': [],
    'an empty file': [''],
    'comments and models': [OWN],
    CRLF: [OWN.replaceAll('\n', '\r\n')],
    'a mark and no last line end': ['\uFEFFname: x\nversion: 1.0.0\nmodels: []'],
    'a key without models': ['name: x\nmodels:\n# none\n'],
    'JSON in its stead': ['{"name": "x", "models": [{"name": "a"}]}\n'],
    'the older file': [undefined, '{\n  // mine\n  "models": [\n    { "title": "x" }\n  ]\n}\n'],
    'an empty file beside the older one': ['', '{"models": []}'],
    'an older file without models': [undefined, '{"allowAnonymousTelemetry": false}'],
  });

  itRefuses(continueAgent, ['name: x\nmodels: [\nrules: y'], 3, 1);
  itRefuses(continueAgent, ['- x'], 1, 1);
  itRefuses(continueAgent, ['models: none'], 1, 9);
  itRefuses(continueAgent, [undefined, '{"models": {}}'], 1, 12, 1);

  itLeavesOthers(
    continueAgent,
    fc
      .tuple(
        fc
          .tuple(
            fc.dictionary(
              fc.constantFrom('a', 'b', 'x y', '#'),
              fc.oneof(fc.string(), fc.integer(), anything),
              { noNullPrototype: true },
            ),
            fc.record(
              {
                name: fc.string(),
                rules: fc.array(fc.string()),
                models: fc.array(
                  fc.record({
                    name: fc.constantFrom('a', 'b (Portside)', 'gpt-5 (Portside)'),
                    provider: fc.string(),
                  }),
                  { maxLength: 3 },
                ),
              },
              { requiredKeys: [] },
            ),
          )
          .map(([any, known]) => ({ ...any, ...known })),
        fc.constantFrom('\n', '\r\n'),
        fc.boolean(),
        fc.constantFrom('', '# c\n', '\uFEFF# c\n'),
      )
      .map(([value, eol, indentSeq, head]) => ({
        value,
        text: (head + stringify(value, { indentSeq, lineWidth: 0 })).replaceAll('\n', eol),
      }))
      .filter(({ text }) => !/[|>][-+\d]*\r?\n/.test(text)),
    readYaml,
    (value) => {
      const { models, name: _, version: __, schema: ___, ...rest } = (value ?? {}) as Record<string, unknown>;
      const others = ((models ?? []) as { name: string }[]).filter(
        (model) => !model.name.endsWith(' (Portside)'),
      );
      return { ...rest, others };
    },
  );

  it('puts its models before all others, and leaves every line', () => {
    const [text = ''] = connected(continueAgent, [OWN]);
    const said = readYaml({ path: '', text });
    assert.deepEqual(
      (valueAt(said, ['models']) as { name?: string }[]).map(({ name }) => name),
      ['gpt-5 (Portside)', 'claude-opus (Portside)', 'vendor/model:free (Portside)', 'Sonnet', undefined],
    );
    assert.deepEqual(valueAt(said, ['models', 0]), {
      name: 'gpt-5 (Portside)',
      provider: 'openai',
      model: 'gpt-5',
      apiBase: 'http://127.0.0.1:8045/v1',
      apiKey: CONNECTION.key,
      capabilities: ['tool_use', 'image_input'],
      defaultCompletionOptions: { contextLength: 128_000, maxTokens: 16_384 },
    });
    const start = OWN.indexOf('\n  # the good one');
    assert.ok(text.startsWith(OWN.slice(0, start)) && text.endsWith(OWN.slice(start)), text);
  });

  it('makes a file that Continue accepts', () => {
    const said = readYaml({ path: '', text: connected(continueAgent, [])[0] ?? '' }) as Record<
      string,
      unknown
    >;
    const { models: _, ...rest } = said;
    assert.deepEqual(rest, { name: 'Main Config', version: '1.0.0', schema: 'v1' });
  });

  it('keeps what somebody changed of its models', () => {
    const [first = ''] = connected(continueAgent, [OWN]);
    const edited = first.replace('contextLength: 128000', 'contextLength: 1000000 # more');
    assert.equal(connected(continueAgent, [edited])[0], edited);
  });

  it('takes the newer file where both are', () => {
    const after = connected(continueAgent, [OWN, '{"models": []}']);
    assert.equal(after[1], '{"models": []}');
    const [empty, old] = connected(continueAgent, ['', '{"models": []}']);
    assert.match(empty ?? '', /\(Portside\)/);
    assert.equal(old, '{"models": []}');
  });

  it('tells when another model was chosen', () => {
    const overrides = (state: object) =>
      continueAgent.overrides(place(), filesOf(continueAgent, [undefined, undefined, JSON.stringify(state)]));
    const name = '/home/me/.continue/index/globalContext.json';
    assert.deepEqual(overrides({ selectedModelsByProfileId: { local: { chat: 'Sonnet' } } }), [
      { name, value: 'Sonnet' },
    ]);
    assert.deepEqual(overrides({ cliSelectedModel: 'x' }), [{ name, value: 'x' }]);
    assert.deepEqual(overrides({ selectedModelsByProfileId: { local: { chat: 'gpt-5 (Portside)' } } }), []);
  });

  it('tells when another configuration was chosen for the folder that is open', () => {
    const overrides = (chosen: object, workspaces: string[]) => {
      const state = JSON.stringify({ lastSelectedProfileForWorkspace: chosen });
      const at = place({ workspaces });
      return continueAgent
        .overrides(at, filesOf(continueAgent, [undefined, undefined, state], at))
        .map(({ value }) => value);
    };
    const config = 'file:///work/a%20b/.continue/agents/x.yaml';
    assert.deepEqual(overrides({ 'file:///other&file:///work/a%20b': config }, ['/work/a b']), [config]);
    assert.deepEqual(overrides({ 'file:///c%3A/work': config }, ['C:\\work']), [config]);
    assert.deepEqual(overrides({ 'file:///work': config, 'file:///own': 'local' }, ['/own']), []);
  });

  it('finds its folder', () => {
    assert.equal(continueAgent.files(place({ env: { CONTINUE_GLOBAL_DIR: '/c' } }))[0], '/c/config.yaml');
    assert.equal(
      continueAgent.files(place({ platform: 'win32', home: 'C:\\Users\\me' }))[0],
      'C:\\Users\\me\\.continue\\config.yaml',
    );
  });
  it('goes with what was changed of its models, and leaves a file that Continue accepts', () => {
    const edit = (text: string) => text.replace('contextLength: 128000', 'contextLength: 1000000');
    assert.equal(disconnected(continueAgent, [OWN], edit), OWN);
    const more = (text: string) => `${edit(text)}rules:\n  - be brief\n`;
    assert.deepEqual(readYaml({ path: '', text: disconnected(continueAgent, [], more) ?? '' }), {
      name: 'Main Config',
      version: '1.0.0',
      schema: 'v1',
      rules: ['be brief'],
    });
  });
});
