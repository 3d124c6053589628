/** Tools that providers run, from every client to every account (SPEC 4.4). */
import assert from 'node:assert/strict';
import type { Dialect, Warning } from '../../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../../proxy/dialects/registry';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import type { JsonObject } from '../../../../../shared/json';

const BODIES: Record<Dialect, JsonObject> = {
  'openai-chat': { model: 'm', messages: [{ role: 'user', content: 'Hi' }] },
  'openai-responses': { model: 'm', input: 'Hi' },
  anthropic: { model: 'm', max_tokens: 99, messages: [{ role: 'user', content: 'Hi' }] },
  gemini: { contents: [{ role: 'user', parts: [{ text: 'Hi' }] }] },
};

/** What goes to the account for a request with these fields, and what is warned of on the way. */
function translate(client: Dialect, fields: JsonObject, account: Dialect) {
  const warnings: Warning[] = [];
  const warn = (warning: Warning) => void warnings.push(warning);
  const request = adapterOf(client).decodeRequest({ ...BODIES[client], ...fields }, { model: 'm', warn });
  const signatures = createSignatureStore();
  const { body } = adapterOf(account).encodeRequest(request, { model: 'm', stream: false, warn, signatures });
  return { body, warnings: warnings.map(({ type }) => type) };
}

interface Case {
  what: string;
  client: Dialect;
  fields: JsonObject;
  /** By account: the fields that arrive, and the kinds of warnings. */
  arrive: Partial<Record<Dialect, [fields: JsonObject, ...warnings: Warning['type'][]]>>;
}

const WIEN = { city: 'Wien', country: 'AT', timezone: 'Europe/Vienna' };
const SEARCH = { type: 'web_search_20250305', name: 'web_search' };
const FETCH = { type: 'web_fetch_20250910', name: 'web_fetch' };
const CODE = { type: 'code_execution_20250825', name: 'code_execution' };
const INTERPRETER = { type: 'code_interpreter', container: { type: 'auto' } };

const CASES: Case[] = [
  {
    what: 'a search by Anthropic with allowed domains, a location and a limit',
    client: 'anthropic',
    fields: {
      tools: [
        {
          ...SEARCH,
          allowed_domains: ['a.example'],
          user_location: { type: 'approximate', ...WIEN },
          max_uses: 3,
        },
      ],
    },
    arrive: {
      'openai-responses': [
        {
          tools: [
            {
              type: 'web_search',
              filters: { allowed_domains: ['a.example'] },
              user_location: { type: 'approximate', ...WIEN },
            },
          ],
          max_tool_calls: 3,
          include: ['reasoning.encrypted_content', 'web_search_call.action.sources'],
        },
      ],
      gemini: [{ tools: [{ googleSearch: {} }] }, 'approximated'],
      'openai-chat': [{ tools: undefined }, 'dropped'],
    },
  },
  {
    what: 'a search by Anthropic with blocked domains',
    client: 'anthropic',
    fields: { tools: [{ ...SEARCH, blocked_domains: ['a.example'] }] },
    arrive: {
      'openai-responses': [{ tools: [{ type: 'web_search' }] }, 'approximated'],
      gemini: [{ tools: [{ googleSearch: {} }] }, 'approximated'],
    },
  },
  {
    what: 'a search by OpenAI with all that it can be told',
    client: 'openai-responses',
    fields: {
      tools: [
        {
          type: 'web_search_preview',
          filters: { allowed_domains: ['a.example'] },
          user_location: { type: 'approximate', ...WIEN, region: null },
          search_context_size: 'low',
        },
      ],
      tool_choice: { type: 'web_search_preview' },
    },
    arrive: {
      anthropic: [
        {
          tools: [
            { ...SEARCH, allowed_domains: ['a.example'], user_location: { type: 'approximate', ...WIEN } },
          ],
          tool_choice: { type: 'tool', name: 'web_search' },
        },
        'approximated',
      ],
    },
  },
  {
    what: 'the web_search_options of chat completions',
    client: 'openai-chat',
    fields: {
      web_search_options: {
        search_context_size: 'high',
        user_location: { type: 'approximate', approximate: WIEN },
      },
    },
    arrive: {
      'openai-chat': [
        {
          tools: undefined,
          web_search_options: {
            search_context_size: 'high',
            user_location: { type: 'approximate', approximate: WIEN },
          },
        },
      ],
      'openai-responses': [
        {
          tools: [
            {
              type: 'web_search',
              user_location: { type: 'approximate', ...WIEN },
              search_context_size: 'high',
            },
          ],
        },
      ],
      anthropic: [
        { tools: [{ ...SEARCH, user_location: { type: 'approximate', ...WIEN } }] },
        'approximated',
      ],
      gemini: [{ tools: [{ googleSearch: {} }] }, 'approximated'],
    },
  },
  {
    what: "Google's search, and the one that Gemini 1.5 had",
    client: 'gemini',
    fields: { tools: [{ google_search: {} }] },
    arrive: {
      anthropic: [{ tools: [SEARCH] }],
      'openai-responses': [{ tools: [{ type: 'web_search' }] }],
      'openai-chat': [{ tools: undefined }, 'dropped'],
    },
  },
  {
    what: "Google's search without some domains, as Vertex AI has it",
    client: 'gemini',
    fields: { tools: [{ googleSearch: { excludeDomains: ['a.example'] } }] },
    arrive: { anthropic: [{ tools: [{ ...SEARCH, blocked_domains: ['a.example'] }] }] },
  },
  {
    what: 'pages that Gemini reads',
    client: 'gemini',
    fields: { tools: [{ urlContext: {} }] },
    arrive: {
      anthropic: [{ tools: [FETCH] }],
      'openai-responses': [{ tools: undefined }, 'dropped'],
      'openai-chat': [{ tools: undefined }, 'dropped'],
    },
  },
  {
    what: 'pages that Anthropic reads',
    client: 'anthropic',
    fields: { tools: [{ ...FETCH, max_uses: 2 }] },
    arrive: {
      gemini: [{ tools: [{ urlContext: {} }] }, 'approximated'],
      'openai-responses': [{ tools: undefined }, 'dropped'],
    },
  },
  {
    what: 'code that Gemini runs',
    client: 'gemini',
    fields: { tools: [{ codeExecution: {} }] },
    arrive: {
      anthropic: [{ tools: [CODE] }],
      'openai-responses': [
        {
          tools: [INTERPRETER],
          include: ['reasoning.encrypted_content', 'code_interpreter_call.outputs'],
        },
      ],
      'openai-chat': [{ tools: undefined }, 'dropped'],
    },
  },
  {
    what: 'code that Anthropic runs',
    client: 'anthropic',
    fields: { tools: [CODE] },
    arrive: {
      gemini: [{ tools: [{ codeExecution: {} }] }],
      'openai-responses': [{ tools: [INTERPRETER] }],
      'openai-chat': [{ tools: undefined }, 'dropped'],
    },
  },
  {
    what: 'a search through files in the storage of OpenAI',
    client: 'openai-responses',
    fields: { tools: [{ type: 'file_search', vector_store_ids: ['vs_1'] }] },
    arrive: {
      anthropic: [{ tools: undefined }, 'dropped'],
      gemini: [{ tools: undefined }, 'dropped'],
      'openai-chat': [{ tools: undefined }, 'dropped'],
    },
  },
];

describe('tools that the provider runs', () => {
  for (const { what, client, fields, arrive } of CASES)
    for (const [account, [expected, ...warned]] of Object.entries(arrive) as [
      Dialect,
      [JsonObject, ...Warning['type'][]],
    ][])
      it(`${what}: to ${account}`, () => {
        const { body, warnings } = translate(client, fields, account);
        for (const [field, value] of Object.entries(expected)) assert.deepEqual(body[field], value, field);
        assert.deepEqual(warnings, warned);
      });

  it('are left out where a function of the client has their name at Anthropic', () => {
    const tools = [
      { type: 'web_search' },
      { type: 'function', name: 'web_search', parameters: { type: 'object', properties: {} } },
    ];
    const { body, warnings } = translate('openai-responses', { tools }, 'anthropic');
    const [tool, ...more] = body['tools'] as JsonObject[];
    assert.equal(tool?.['type'], undefined);
    assert.equal(more.length, 0);
    assert.deepEqual(warnings, ['dropped']);
  });

  it('have limits of their own at OpenAI only where one runs alone', () => {
    const tools = [{ ...SEARCH, max_uses: 3 }, CODE];
    const { body, warnings } = translate('anthropic', { tools }, 'openai-responses');
    assert.equal(body['max_tool_calls'], undefined);
    assert.deepEqual(warnings, ['dropped']);
  });

  it("are functions elsewhere where the client runs them, and Anthropic's own there", () => {
    const tools = [
      { type: 'bash_20250124', name: 'bash' },
      { type: 'text_editor_20250728', name: 'str_replace_based_edit_tool', max_characters: 9 },
    ];
    assert.deepEqual(translate('anthropic', { tools }, 'anthropic').body['tools'], tools);
    for (const account of ['openai-chat', 'openai-responses', 'gemini'] as const) {
      const { body, warnings } = translate('anthropic', { tools }, account);
      assert.deepEqual(warnings, []);
      assert.deepEqual(JSON.stringify(body['tools']).match(/"name":"\w+"/g), [
        '"name":"bash"',
        '"name":"str_replace_based_edit_tool"',
      ]);
      assert.match(JSON.stringify(body['tools']), /"command".*"restart".*"insert_line"/);
    }
  });
});
