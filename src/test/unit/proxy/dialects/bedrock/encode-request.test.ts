import assert from 'node:assert/strict';
import { bedrockAdapter } from '../../../../../proxy/dialects/bedrock/index';
import { readModelName } from '../../../../../proxy/dialects/bedrock/vendor';
import type { CanonicalRequest } from '../../../../../proxy/dialects/canonical';
import { bedrock } from '../../../../../proxy/providers/bedrock';
import { assistant, call, CLAUDE, encode, encoding, f, NOVA, result, user } from './contexts';

const fields = (parts: Partial<CanonicalRequest>, context = encoding()) =>
  encode(parts, context)['additionalModelRequestFields'];
const inference = (parts: Partial<CanonicalRequest>, context = encoding()) =>
  encode(parts, context)['inferenceConfig'];
const used = [user('Hi'), assistant(call('a')), result('a')];
const spec = (name: string, json: object = { type: 'object', properties: {} }) => ({
  toolSpec: { name, inputSchema: { json } },
});

describe('bedrock: a request', () => {
  it('asks for nothing that the client did not ask for', () => {
    assert.deepEqual(encode({}), { messages: [{ role: 'user', content: [{ text: 'Hi' }] }] });
  });

  it('has the model in its path, encoded', () => {
    const path = (model: string, stream: boolean) =>
      bedrockAdapter.encodeRequest(
        { model: 'm', stream, messages: [user('Hi')], tools: [] },
        encoding(model, stream),
      ).path;
    assert.equal(path('a.b-v1:0', false), '/model/a.b-v1%3A0/converse');
    assert.equal(
      path('arn:aws:bedrock:eu-west-1:1:x/y', true),
      '/model/arn%3Aaws%3Abedrock%3Aeu-west-1%3A1%3Ax%2Fy/converse-stream',
    );
  });

  it('has settings of all models in one place and those of Claude in another', () => {
    const context = encoding();
    const body = encode(
      { maxOutputTokens: 100.7, temperature: 1.5, topK: 7.9, stop: ['END', ' '], userId: 'u', seed: 1 },
      context,
    );
    assert.deepEqual(body['inferenceConfig'], { maxTokens: 100, temperature: 1, stopSequences: ['END'] });
    assert.deepEqual(body['additionalModelRequestFields'], { top_k: 7 });
    assert.deepEqual(body['additionalModelResponseFieldPaths'], ['/stop_sequence', '/delta/stop_sequence']);
    assert.deepEqual(context.warnings.map(({ field }) => field).sort(), [
      'seed',
      'stop',
      'temperature',
      'user',
    ]);
  });

  it('has top_k where other vendors have it', () => {
    assert.deepEqual(fields({ topK: 7 }, encoding(NOVA)), { inferenceConfig: { topK: 7 } });
    assert.deepEqual(fields({ topK: 7 }, encoding('mistral.pixtral-large-2502-v1:0')), { top_k: 7 });
    const context = encoding('meta.llama3-3-70b-instruct-v1:0');
    assert.equal(fields({ topK: 7 }, context), undefined);
    assert.equal(context.warnings[0]?.field, 'top_k');
  });

  it('declares tools under names that are allowed, and the way back', () => {
    const wire = bedrockAdapter.encodeRequest(
      {
        model: 'm',
        stream: false,
        messages: [user('Hi')],
        tools: [
          {
            type: 'function',
            name: 'a.b',
            description: 'A',
            parameters: { type: 'object', properties: { x: {} } },
          },
          { type: 'custom', name: 'patch', description: '' },
          { ...f, strict: true },
          f,
        ],
      },
      encoding(),
    );
    const { tools } = wire.body['toolConfig'] as { tools: { toolSpec: { name: string } }[] };
    const [first, second, third] = tools.map(({ toolSpec }) => toolSpec.name);
    assert.match(first!, /^a_b_[0-9a-f]{8}$/);
    assert.equal(wire.restoreToolName?.(first!), 'a.b');
    assert.deepEqual([second, third, tools.length], ['patch', 'f', 3]);
    assert.deepEqual(wire.customToolNames, new Set(['patch']));
    assert.deepEqual(tools[0], {
      toolSpec: {
        name: first,
        description: 'A',
        inputSchema: { json: { type: 'object', properties: { x: {} } } },
      },
    });
  });

  it('forces calls', () => {
    const choice = (toolChoice: CanonicalRequest['toolChoice'], context = encoding()) => {
      const config = encode(
        { tools: [f, { ...f, name: 'g' }, { ...f, name: 'h' }], ...(toolChoice && { toolChoice }) },
        context,
      )['toolConfig'] as Record<string, unknown> | undefined;
      return config && [(config['tools'] as unknown[]).length, config['toolChoice']];
    };
    assert.deepEqual(choice({ type: 'auto' }), [3, undefined]);
    assert.equal(choice({ type: 'none' }), undefined);
    assert.deepEqual(choice({ type: 'required' }), [3, { any: {} }]);
    assert.deepEqual(choice({ type: 'tool', name: 'g' }), [3, { tool: { name: 'g' } }]);
    assert.deepEqual(choice({ type: 'required', names: ['g'] }), [3, { tool: { name: 'g' } }]);
    assert.deepEqual(choice({ type: 'required', names: ['g', 'h'] }), [2, { any: {} }]);
    const context = encoding();
    assert.deepEqual(choice({ type: 'tool', name: 'web_search' }, context), [3, undefined]);
    assert.equal(context.warnings[0]?.field, 'tool_choice');
  });

  it('keeps tools that were called, wanted or not', () => {
    const unwanted = encoding();
    assert.deepEqual(
      encode({ messages: used, tools: [f], toolChoice: { type: 'none' } }, unwanted)['toolConfig'],
      {
        tools: [spec('f')],
      },
    );
    assert.equal(unwanted.warnings[0]?.type, 'approximated');
    const gone = encoding();
    assert.deepEqual(encode({ messages: used }, gone)['toolConfig'], {
      tools: [spec('f', { type: 'object' })],
    });
    assert.equal(gone.warnings[0]?.field, 'tools');
  });

  it('leaves out what only another provider can do, with a warning', () => {
    const context = encoding();
    const search = {
      type: 'built-in',
      kind: 'web-search',
      dialect: 'anthropic',
      value: { type: 'web_search_20250305', name: 'web_search' },
    } as const;
    assert.equal(encode({ tools: [search] }, context)['toolConfig'], undefined);
    assert.match(context.warnings[0]?.message ?? '', /web-search/);
  });

  it('has one call at a time in Claude’s own words, which stand alone', () => {
    const body = (toolChoice?: CanonicalRequest['toolChoice']) =>
      encode({ tools: [f], parallelToolCalls: false, ...(toolChoice && { toolChoice }) });
    const one = (choice: object) => ({ tool_choice: { ...choice, disable_parallel_tool_use: true } });
    assert.deepEqual(body()['additionalModelRequestFields'], one({ type: 'auto' }));
    assert.deepEqual(body({ type: 'required' })['additionalModelRequestFields'], one({ type: 'any' }));
    const forced = body({ type: 'tool', name: 'f' });
    assert.deepEqual(forced['additionalModelRequestFields'], one({ type: 'tool', name: 'f' }));
    assert.deepEqual(forced['toolConfig'], { tools: [spec('f')] });
    const context = encoding(NOVA);
    assert.equal(fields({ tools: [f], parallelToolCalls: false }, context), undefined);
    assert.equal(context.warnings[0]?.field, 'parallel_tool_calls');
  });

  it('binds Claude to a schema, and asks others in words', () => {
    const responseFormat = {
      type: 'json-schema',
      name: 'answer',
      schema: { type: 'object', properties: { a: { type: 'string' } }, required: ['a'] },
    } as const;
    const asked = { responseFormat } as unknown as Partial<CanonicalRequest>;
    const { outputConfig } = encode(asked) as Record<string, never>;
    const { type, structure } = outputConfig!['textFormat'] as {
      type: string;
      structure: { jsonSchema: { name: string; schema: string } };
    };
    assert.equal(type, 'json_schema');
    assert.equal(structure.jsonSchema.name, 'answer');
    assert.deepEqual(JSON.parse(structure.jsonSchema.schema), {
      type: 'object',
      properties: { a: { type: 'string' } },
      required: ['a'],
      additionalProperties: false,
    });
    for (const model of [NOVA, 'anthropic.claude-opus-4-8-v1:0']) {
      const context = encoding(model);
      const body = encode(asked, context);
      assert.equal(body['outputConfig'], undefined);
      assert.match(JSON.stringify(body['system']), /JSON schema/);
      assert.equal(context.warnings[0]?.type, 'approximated');
    }
  });

  it('counts tokens of the foundation model behind a profile', () => {
    const request = { model: 'm', stream: false, messages: [user('Hi')], tools: [f], maxOutputTokens: 5 };
    const wire = bedrockAdapter.count?.encodeRequest(request, encoding(`eu.${CLAUDE}`));
    assert.equal(wire?.path, '/model/anthropic.claude-sonnet-4-5-20250929-v1%3A0/count-tokens');
    assert.deepEqual(wire?.body, {
      input: {
        converse: {
          messages: [{ role: 'user', content: [{ text: 'Hi' }] }],
          toolConfig: { tools: [spec('f')] },
        },
      },
    });
    assert.equal(bedrockAdapter.count?.decodeResponse({ inputTokens: 12 }), 12);
  });
});

describe('bedrock: reasoning that is asked for', () => {
  const high = { reasoning: { effort: 'high' } } as const;

  it('is a budget or an effort for Claude, by version', () => {
    assert.deepEqual(fields({ reasoning: { mode: 'on', budgetTokens: 2000 } }), {
      thinking: { type: 'enabled', budget_tokens: 2000 },
    });
    assert.deepEqual(inference({ reasoning: { mode: 'on', budgetTokens: 2000 }, temperature: 0.5 }), {
      maxTokens: 32_000,
    });
    const opus = encoding('global.anthropic.claude-opus-4-7-v1:0');
    assert.deepEqual(fields(high, opus), {
      thinking: { type: 'adaptive' },
      output_config: { effort: 'high' },
    });
    assert.equal(inference(high, opus), undefined);
    const old = encoding('anthropic.claude-3-haiku-20240307-v1:0');
    assert.equal(fields(high, old), undefined);
    assert.equal(old.warnings.at(-1)?.field, 'reasoning');
  });

  it('gives way to a forced call', () => {
    const context = encoding();
    const parts = {
      tools: [f],
      toolChoice: { type: 'required' },
      reasoning: { mode: 'on', budgetTokens: 2000 },
    } as const;
    assert.equal(fields(parts as unknown as Partial<CanonicalRequest>, context), undefined);
    assert.equal(context.warnings[0]?.field, 'reasoning');
  });

  it('does not begin within a tool loop that began without', () => {
    const context = encoding();
    assert.equal(
      fields({ messages: used, tools: [f], reasoning: { mode: 'on', budgetTokens: 2000 } }, context),
      undefined,
    );
    assert.match(context.warnings[0]?.message ?? '', /tool loop/);
  });

  it('is an effort for Amazon’s second generation, whose highest takes no limits', () => {
    const medium = encoding(NOVA);
    assert.deepEqual(fields({ reasoning: { effort: 'medium' } }, medium), {
      reasoningConfig: { type: 'enabled', maxReasoningEffort: 'medium' },
    });
    assert.deepEqual(medium.warnings, []);
    const most = encoding(NOVA);
    const body = encode({ reasoning: { effort: 'max' }, maxOutputTokens: 9, temperature: 0.5 }, most);
    assert.deepEqual(body['additionalModelRequestFields'], {
      reasoningConfig: { type: 'enabled', maxReasoningEffort: 'high' },
    });
    assert.equal(body['inferenceConfig'], undefined);
    assert.deepEqual(
      most.warnings.map(({ field }) => field),
      ['reasoning', 'maxTokens', 'temperature'],
    );
  });

  it('is an effort for OpenAI’s open models', () => {
    const context = encoding('openai.gpt-oss-120b-1:0');
    assert.deepEqual(fields(high, context), { reasoning_effort: 'high' });
    assert.deepEqual(context.warnings, []);
  });

  it('is left out with a warning where nobody knows how to ask', () => {
    for (const model of [
      'amazon.nova-pro-v1:0',
      'us.openai.gpt-oss-120b-1:0',
      'us.deepseek.r1-v1:0',
      'arn:aws:bedrock:us-east-1:1:application-inference-profile/abc',
    ]) {
      const context = encoding(model);
      assert.equal(fields(high, context), undefined);
      assert.equal(context.warnings[0]?.field, 'reasoning', model);
    }
  });

  it('is not asked for by clients that want none', () => {
    for (const reasoning of [{ mode: 'off' }, { effort: 'none' }, { visible: true }] as const) {
      const context = encoding(NOVA);
      assert.equal(fields({ reasoning }, context), undefined);
      assert.deepEqual(context.warnings, []);
    }
  });
});

describe('bedrock: names of models', () => {
  it('say whose they are', () => {
    assert.deepEqual(readModelName(CLAUDE), { vendor: 'anthropic', spans: false, base: CLAUDE });
    for (const span of ['us', 'apac', 'global', 'us-gov'])
      assert.deepEqual(readModelName(`${span}.${CLAUDE}`), {
        vendor: 'anthropic',
        spans: true,
        base: CLAUDE,
      });
    assert.equal(
      readModelName(`arn:aws:bedrock:us-east-1:1:inference-profile/us.${CLAUDE}`).vendor,
      'anthropic',
    );
    assert.equal(
      readModelName('arn:aws:bedrock:us-east-1:1:application-inference-profile/x1').vendor,
      undefined,
    );
  });

  it('are Bedrock’s for certain, or somebody else’s', () => {
    const own = [
      CLAUDE,
      NOVA,
      'ai21.jamba-1-5-large-v1:0',
      'arn:aws-us-gov:bedrock:us-gov-west-1:1:inference-profile/x',
      bedrock.defaultModel!,
    ];
    const others = [
      'claude-sonnet-4-5',
      'gpt-4.1',
      'gemini-2.5-pro',
      'llama3.1:8b',
      'qwen2.5-coder',
      'anthropic/claude-opus-4.6',
      'phi.mini',
      'arn:aws:s3:::x',
    ];
    assert.deepEqual(
      own.filter((name) => !bedrock.models?.test(name)),
      [],
    );
    assert.deepEqual(
      others.filter((name) => bedrock.models?.test(name)),
      [],
    );
  });
});
