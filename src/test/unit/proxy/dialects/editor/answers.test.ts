import assert from 'node:assert/strict';
import type { AnswerContext } from '../../../../../proxy/dialects/adapter';
import { editorAdapter } from '../../../../../proxy/dialects/editor/index';
import type { Warning } from '../../../../../proxy/dialects/canonical';
import { createSignatureStore } from '../../../../../proxy/dialects/signatures/signature-store';
import type { Json } from '../../../../../shared/json';

function answering(more: Partial<AnswerContext> = {}) {
  const warnings: Warning[] = [];
  let ids = 0;
  const context: AnswerContext = {
    warn: (one) => warnings.push(one),
    signatures: createSignatureStore(),
    newId: (prefix) => `${prefix}${++ids}`,
    inputTokens: 7,
    ...more,
  };
  return { context, warnings };
}

const START = { type: 'start', model: 'parrot' };
const END = { type: 'end' };
const text = (words: string) => ({ type: 'text', text: words });
const call = (id: string, name = 'f', input: Json = {}) => ({ type: 'tool-call', id, name, input });

function decode(parts: Json[], more: Partial<AnswerContext> = {}) {
  const { context, warnings } = answering(more);
  const decoder = editorAdapter.createStreamDecoder(context);
  const streamed = [
    ...parts.flatMap((part) => decoder.push({ data: JSON.stringify(part) })),
    ...decoder.end(),
  ];
  return { streamed, warnings };
}
const whole = (parts: Json[], more: Partial<AnswerContext> = {}) =>
  editorAdapter.decodeResponse({ parts }, answering(more).context);

describe('the editor’s models: an answer', () => {
  it('is one text however many pieces it has, and usage is estimated', () => {
    const { streamed, warnings } = decode([START, text('Hel'), text('lo.'), END]);
    assert.deepEqual(
      streamed.map(({ type }) => type),
      ['start', 'text-start', 'text-delta', 'text-delta', 'text-end', 'usage', 'finish'],
    );
    assert.deepEqual(streamed.at(-1), { type: 'finish', finish: { reason: 'stop' } });
    const usage = streamed.find((part) => part.type === 'usage')?.usage;
    assert.equal(usage?.inputTokens, 7);
    assert.ok(usage.outputTokens > 0);
    assert.deepEqual(
      warnings.map(({ type, field }) => [type, field]),
      [['approximated', 'usage']],
    );
  });

  it('may be whole', () => {
    const { choices, usage, model } = whole([START, text('Hel'), text('lo.'), call('a', 'f', { b: 1 }), END]);
    assert.equal(model, 'parrot');
    assert.deepEqual(choices, [
      {
        content: [
          { type: 'text', text: 'Hello.' },
          { type: 'tool-call', id: 'a', name: 'f', kind: 'function', input: '{"b":1}' },
        ],
        finish: { reason: 'tool-calls' },
      },
    ]);
    assert.equal(usage?.inputTokens, 7);
  });

  it('has calls with ids of their own, names as the client has them, and free text unwrapped', () => {
    const { choices } = whole([call('a', 'wire', { input: 'patch' }), call('a'), call('', 'f', null), END], {
      restoreToolName: (name) => (name === 'wire' ? 'mcp:patch' : name),
      customToolNames: new Set(['mcp:patch']),
    });
    assert.deepEqual(choices[0]?.content, [
      { type: 'tool-call', id: 'a', name: 'mcp:patch', kind: 'custom', input: 'patch' },
      { type: 'tool-call', id: 'call_1', name: 'f', kind: 'function', input: '{}' },
      { type: 'tool-call', id: 'call_2', name: 'f', kind: 'function', input: '{}' },
    ]);
  });

  it('may hold images; other data is told', () => {
    const image = { type: 'data', mimeType: 'image/png', data: 'AAAA' };
    const { streamed, warnings } = decode([image, { type: 'data', mimeType: 'stateful', data: '' }, END]);
    assert.deepEqual(streamed[0], {
      type: 'file',
      part: { type: 'file', mediaType: 'image/png', source: { type: 'base64', data: 'AAAA' } },
    });
    assert.match(warnings[0]?.message ?? '', /stateful/);
  });

  it('that was cut is an error', () => {
    const { streamed } = decode([START, text('Hel')]);
    assert.equal(streamed.at(-1)?.type, 'error');
    assert.throws(() => whole([START, text('Hel')]), { name: 'UpstreamError' });
    assert.throws(() => editorAdapter.decodeResponse({}, answering().context), { name: 'UpstreamError' });
  });

  it('that is garbage is an error, and nothing comes behind it', () => {
    const decoder = editorAdapter.createStreamDecoder(answering().context);
    assert.equal(decoder.push({ data: 'no JSON' })[0]?.type, 'error');
    assert.deepEqual(decoder.push({ data: JSON.stringify(text('Hi')) }), []);
    assert.deepEqual(decoder.end(), []);
  });
});

describe('the editor’s models: an error', () => {
  const kinds = [
    ['permission', 403, 'permission'],
    ['blocked', 400, 'invalid_request'],
    ['not-found', 404, 'not_found'],
    ['limited', 429, 'rate_limit'],
    ['unsupported', 501, 'not_supported'],
    ['failed', 502, 'upstream'],
  ] as const;
  for (const [kind, status, told] of kinds)
    it(`keeps its meaning as an answer and within one: ${kind}`, () => {
      const error = { kind, message: 'So it is.' };
      const info = editorAdapter.decodeError(status, { error });
      assert.deepEqual([info.status, info.kind, info.message], [status, told, 'So it is.']);
      assert.deepEqual(
        editorAdapter.readStreamError({ data: JSON.stringify({ type: 'error', error }) }),
        info,
      );
      const { streamed } = decode([START, { type: 'error', error }]);
      assert.deepEqual(streamed.at(-1), { type: 'error', error: info });
    });

  it('without a body goes by its status', () => {
    assert.deepEqual(
      [429, 500].map((status) => editorAdapter.decodeError(status, '').kind),
      ['rate_limit', 'upstream'],
    );
  });

  it('is not seen where there is none', () => {
    for (const data of ['no JSON', '[]', JSON.stringify(text('error'))])
      assert.equal(editorAdapter.readStreamError({ data }), undefined);
  });
});
