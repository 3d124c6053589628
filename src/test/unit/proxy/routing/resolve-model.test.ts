import assert from 'node:assert/strict';
import fc from 'fast-check';
import type { Account, ProxySettings } from '../../../../shared/settings';
import { familyOf, matchRoute } from '../../../../proxy/routing/match-route';
import { endpointFor, resolveModel } from '../../../../proxy/routing/resolve-model';
import { zaiModel } from '../../../../proxy/routing/zai-models';

const account = (id: string, provider: Account['provider'], more: Partial<Account> = {}): Account => ({
  id,
  provider,
  key: 'k',
  enabled: true,
  priority: 0,
  weight: 1,
  ...more,
});

const gemini = account('g', 'gemini');
const claude = account('c', 'anthropic');
const openai = account('o', 'openai');
const router = account('r', 'openrouter');
const local = account('l', 'openai-compatible', {
  baseUrl: 'http://127.0.0.1:1',
  models: ['qwen3', 'openai/gpt-oss-20b'],
});
const any = account('any', 'openai-compatible', { baseUrl: 'http://127.0.0.1:2' });

/** Who is asked for what, as `id model`, with `~` where the account's default stands in. */
function resolved(
  model: string,
  accounts: Account[],
  routes: ProxySettings['routes'] = {},
  listed: Record<string, string[]> = {},
  others: string[] = [],
): string[] {
  const ids = new Set([...accounts.map(({ id }) => id), ...others]);
  return resolveModel(
    model,
    accounts,
    routes,
    (id) => (listed[id] ? new Set(listed[id]) : undefined),
    (id) => ids.has(id),
  )
    .groups.flat()
    .map((each) => `${each.account.id} ${each.substituted ? '~' : ''}${each.model}`);
}

describe('the targets of a route (SPEC 5.10)', () => {
  const routes = {
    'claude-*': 'any-claude',
    'claude-opus-*': 'opus',
    'claude-opus-4': 'exactly',
    '*-mini': ['small', 'smaller'],
    'a*b*c': 'pieces',
    'x*x': 'both ends',
    'f.o': 'dot',
    '**': 'rest',
  };
  for (const [model, targets] of [
    ['claude-opus-4', ['exactly']],
    ['claude-opus-4-1', ['opus']],
    ['claude-opus-', ['opus']],
    ['claude-sonnet', ['any-claude']],
    ['claude-', ['any-claude']],
    ['gpt-5-mini', ['small', 'smaller']],
    ['a-b-c', ['pieces']],
    ['abc', ['pieces']],
    ['acb', ['rest']],
    ['xx', ['both ends']],
    ['x', ['rest']],
    ['f.o', ['dot']],
    ['fxo', ['rest']],
    ['a\nb\nc', ['pieces']],
    ['toString', ['rest']],
    ['', ['rest']],
  ] as const)
    it(`for ${JSON.stringify(model)}: ${targets.join(', ')}`, () => {
      assert.deepEqual(matchRoute(model, routes)?.targets, targets);
    });

  it('are none where nothing fits, not even what every object has', () => {
    for (const model of ['gpt', 'constructor', '__proto__', 'CLAUDE-x'])
      assert.equal(matchRoute(model, { 'claude-*': 'x' }), undefined);
  });

  it('are those a regular expression would find', () => {
    const text = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 6 });
    const name = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 8 });
    fc.assert(
      fc.property(text, name, (pattern, model) => {
        const expected = new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`);
        assert.equal(matchRoute(model, { [pattern]: 'x' }) !== undefined, expected.test(model));
      }),
      { numRuns: 2000 },
    );
  });

  it('are found at once for patterns and names made to be slow', () => {
    assert.equal(matchRoute('a'.repeat(100_000), { [`${'*a'.repeat(20)}*b`]: 'x' }), undefined);
  });
});

describe('who serves a model', () => {
  type Row = [
    string,
    string,
    Account[],
    string[],
    Parameters<typeof resolved>[2]?,
    Parameters<typeof resolved>[3]?,
  ];
  const rows: Row[] = [
    ['the provider of the name', 'claude-x', [gemini, claude, openai], ['c claude-x']],
    [
      'all that have it',
      'gemini-x',
      [gemini, claude, account('g2', 'gemini')],
      ['g gemini-x', 'g2 gemini-x'],
    ],
    ['who lists it in the settings', 'qwen3', [gemini, local], ['l qwen3']],
    ['not who lists others', 'gemini-x', [local, gemini], ['g gemini-x']],
    ['who was seen to list it', 'special', [gemini, claude], ['c special'], {}, { c: ['special'] }],
    ['who cannot be told from names, if nobody is sure', 'llama', [gemini, any], ['any llama']],
    ['nobody unsure where one is sure', 'gemini-x', [any, gemini], ['g gemini-x']],
    [
      'everybody by default, if nobody has it',
      'unheard',
      [gemini, claude],
      ['g ~gemini-flash-latest', 'c ~claude-sonnet-4-5'],
    ],
    [
      'an account by its own default first',
      'unheard',
      [account('g', 'gemini', { defaultModel: 'd', models: ['m'] })],
      ['g ~d'],
    ],
    [
      'an account by the first of its models',
      'unheard',
      [account('g', 'gemini', { models: ['m', 'n'] })],
      ['g ~m'],
    ],
    ['the default itself, not as a stand-in', 'd', [account('g', 'gemini', { defaultModel: 'd' })], ['g d']],
    ['OpenRouter, names with a vendor', 'anthropic/claude-x', [router, gemini], ['r anthropic/claude-x']],
    ['the account named', 'c/other', [claude, gemini], ['c other']],
    [
      'all accounts of the provider named',
      'gemini/x',
      [claude, gemini, account('g2', 'gemini')],
      ['g x', 'g2 x'],
    ],
    ['the provider named before OpenRouter', 'openai/gpt-x', [router, openai], ['o gpt-x']],
    [
      'who lists the whole name, before a provider in it',
      'openai/gpt-oss-20b',
      [openai, local],
      ['l openai/gpt-oss-20b'],
    ],
    ['nothing where nobody is', 'm', [], []],
    ['a tuned model’s provider', 'tunedModels/mine', [claude, gemini], ['g tunedModels/mine']],
    ['a route’s model', 'fast', [gemini, claude], ['g gemini-x'], { fast: 'gemini-x' }],
    ['a route’s account and model', 'fast', [gemini, claude], ['c gemini-x'], { fast: 'c/gemini-x' }],
    [
      'a route that keeps the name',
      'claude-x',
      [claude, gemini],
      ['g claude-x'],
      { 'claude-*': 'g/claude-x' },
    ],
    [
      'a chain in its order',
      'fast',
      [gemini, claude, local],
      ['l qwen3', 'g gemini-x', 'c m'],
      { fast: ['qwen3', 'gemini-x', 'c/m'] },
    ],
    [
      'each way once',
      'fast',
      [gemini],
      ['g gemini-x'],
      { fast: ['gemini-x', 'g/gemini-x', 'gemini/gemini-x'] },
    ],
    [
      'no stand-in where a target can be had',
      'fast',
      [gemini],
      ['g gemini-x'],
      { fast: ['claude-x', 'gemini-x'] },
    ],
    [
      'a stand-in where none can',
      'fast',
      [gemini],
      ['g ~gemini-flash-latest'],
      { fast: ['claude-x', 'gpt-x'] },
    ],
    ['routes not twice', 'a', [any], ['any b'], { a: 'b', b: 'c' }],
  ];
  for (const [title, model, accounts, expected, routes, listed] of rows)
    it(`is ${title}`, () => {
      assert.deepEqual(resolved(model, accounts, routes, listed), expected);
    });

  it('is not asked under the name of an account that cannot serve now', () => {
    const routes = { fast: ['off/gemini-x', 'any/qwen3'] };
    assert.deepEqual(resolved('fast', [any, router], routes, {}, ['off']), ['any qwen3']);
    assert.deepEqual(resolved('fast', [any], { fast: 'off/gemini-x' }, {}, ['off']), []);
  });

  const groups = (...args: Parameters<typeof resolveModel>) => {
    const { found, groups: all } = resolveModel(...args);
    return { found, ids: all.map((group) => group.map((each) => each.account.id)) };
  };
  const unlisted = () => undefined;

  it('is one group of equals, and a group for each target of a chain', () => {
    const accounts = [gemini, account('g2', 'gemini'), claude];
    assert.deepEqual(groups('gemini-x', accounts, {}, unlisted), { found: 'served', ids: [['g', 'g2']] });
    const routes = { fast: ['gemini-x', 'c/claude-x'] };
    assert.deepEqual(groups('fast', accounts, routes, unlisted), {
      found: 'route',
      ids: [['g', 'g2'], ['c']],
    });
  });

  it('is first who is seen to list a name whole, though its beginning names another', () => {
    const groq = account('q', 'groq');
    const all = [openai, groq, router];
    const listed = { q: ['openai/gpt-oss-20b', 'groq/compound'], r: ['openai/gpt-5', 'openrouter/auto'] };
    assert.deepEqual(resolved('openai/gpt-oss-20b', all, {}, listed), [
      'q openai/gpt-oss-20b',
      'o gpt-oss-20b',
    ]);
    assert.deepEqual(resolved('groq/compound', all, {}, listed), ['q groq/compound', 'q compound']);
    assert.deepEqual(resolved('openrouter/auto', all, {}, listed), ['r openrouter/auto', 'r auto']);
    // Who is named has it: it was meant.
    assert.deepEqual(resolved('openai/gpt-5', all, {}, { ...listed, o: ['gpt-5'] }), [
      'o gpt-5',
      'r openai/gpt-5',
    ]);
    // A route's target means what it says.
    assert.deepEqual(resolved('x', all, { x: 'openai/gpt-5' }, listed), ['o gpt-5']);
  });

  it('is, by default, first whoever speaks the client’s protocol', () => {
    const native = ({ provider }: Account) => provider === 'anthropic';
    assert.deepEqual(groups('unheard', [gemini, claude, openai], {}, unlisted, undefined, native), {
      found: 'default',
      ids: [['c'], ['g', 'o']],
    });
  });

  it('is who lists a snapshot under its name without a date', () => {
    const one = account('one', 'openai-compatible', {
      baseUrl: 'http://127.0.0.1:1',
      models: ['claude-haiku-4-5'],
    });
    assert.deepEqual(resolved('claude-haiku-4-5-20251001', [one, gemini]), ['one ~claude-haiku-4-5']);
    // Who knows the whole name gets the whole name.
    assert.deepEqual(resolved('claude-haiku-4-5-20251001', [one, claude]), ['c claude-haiku-4-5-20251001']);
    assert.deepEqual(resolved('claude-haiku-4-5-20251001', [gemini], { 'claude-haiku-4-5': 'gemini-x' }), [
      'g gemini-x',
    ]);
    assert.deepEqual(
      resolved('claude-haiku-4-5-20251001', [gemini], {
        'claude-haiku-4-5': 'a',
        'claude-haiku-4-5-20251001': 'gemini-exact',
        'claude-*': 'c',
      }),
      ['g gemini-exact'],
    );
  });
});

describe('names of snapshots', () => {
  for (const [name, family] of [
    ['claude-haiku-4-5-20251001', 'claude-haiku-4-5'],
    ['claude-haiku-4-5@20251001', 'claude-haiku-4-5'],
    ['gpt-5-2025-08-07', 'gpt-5'],
    ['gpt-5', undefined],
    ['gpt-4-0613', undefined],
    ['20251001', undefined],
    ['-20251001', undefined],
  ] as const)
    it(`${name}: ${family ?? 'no date'}`, () => {
      assert.equal(familyOf(name), family);
    });
});

describe('z.ai dispatch asks for (SPEC 5.9)', () => {
  const map = { opus: 'big', sonnet: 'middle', haiku: 'small' };
  for (const [asked, sent] of [
    ['claude-opus-4-1-20250805', 'big'],
    ['claude-3-5-haiku-latest', 'small'],
    ['claude-sonnet-4-5', 'middle'],
    ['whatever', 'middle'],
    ['glm-4.6', 'glm-4.6'],
    ['GLM-4.6-opus', 'GLM-4.6-opus'],
  ] as const)
    it(`${sent} in place of ${asked}`, () => {
      assert.equal(zaiModel(asked, map), sent);
    });
});

describe('the endpoint of an account', () => {
  const zai = account('z', 'zai');
  const rows: [string, Account, Parameters<typeof endpointFor>[1], string | undefined][] = [
    ['the client’s own dialect', openai, 'openai-responses', 'openai-responses'],
    ['the client’s own dialect', zai, 'openai-chat', 'openai-chat'],
    ['the first one otherwise', zai, 'gemini', 'anthropic'],
    ['the only one', gemini, 'anthropic', 'gemini'],
    [
      'the one that the account names',
      account('z', 'zai', { dialect: 'openai-chat' }),
      'anthropic',
      'openai-chat',
    ],
    ['none of the demo', account('d', 'demo'), 'anthropic', undefined],
  ];
  for (const [title, who, client, dialect] of rows)
    it(`is ${title}: ${who.provider} for ${client}`, () => {
      assert.equal(endpointFor(who, client)?.dialect, dialect);
    });

  it('is one that serves the model, where each has its own', () => {
    const vertex = account('v', 'vertex');
    const asked = (client: Parameters<typeof endpointFor>[1], model?: string) =>
      endpointFor(vertex, client, model)?.dialect;
    assert.equal(asked('anthropic', 'gemini-flash-latest'), 'gemini');
    assert.equal(asked('gemini', 'claude-sonnet-4-5@20250929'), 'anthropic');
    assert.equal(asked('openai-chat', 'publishers/anthropic/models/claude-x'), 'anthropic');
    assert.equal(asked('openai-chat', 'publishers/meta/models/llama'), 'gemini');
    assert.equal(asked('anthropic'), 'anthropic');
    assert.equal(endpointFor(openai, 'anthropic', 'claude-x')?.dialect, 'openai-responses');
  });

  it('may be one that the provider’s table does not have', () => {
    for (const [dialect, header] of [
      ['anthropic', 'x-api-key'],
      ['gemini', 'x-goog-api-key'],
      ['openai-responses', 'authorization'],
    ] as const) {
      const endpoint = endpointFor(
        account('l', 'openai-compatible', { dialect, baseUrl: 'http://127.0.0.1:1' }),
        'openai-chat',
      );
      assert.equal(endpoint?.dialect, dialect);
      assert.deepEqual(Object.keys(endpoint.auth('k')), [header]);
    }
  });
});
