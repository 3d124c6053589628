import assert from 'node:assert/strict';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import type { Part } from '../../../../../shared/monitor';
import type { ReplyContext } from '../../../../../proxy/dialects/adapter';
import type { CanonicalResponse, Dialect } from '../../../../../proxy/dialects/canonical';
import { adapterOf } from '../../../../../proxy/dialects/registry';
import { replayResponse } from '../../../../../proxy/dialects/replay-response';
import { bodyText } from '../../../../../proxy/monitor/export/body-text';
import { indentJson } from '../../../../../proxy/monitor/export/indent-json';
import { MessageRedactor } from '../../../../../proxy/monitor/redact/message-redactor';
import { wrapMetadata } from '../../../../../proxy/dialects/signatures/envelope';
import type { StoredMessage } from '../../../../../proxy/monitor/store/record-store';
import { eventFrame } from '../../../../support/upstream/aws-frames';

const DIALECTS: Dialect[] = ['openai-chat', 'openai-responses', 'anthropic', 'gemini'];
const recordOf = (clientDialect: string, upstream = clientDialect): ExchangeRecord => ({
  seq: 1,
  id: 'req_1',
  time: 1_763_900_000_000,
  method: 'POST',
  path: '/x',
  clientDialect,
  modelAsked: 'asked',
  attempts: [{ account: 'a', model: 'served', dialect: upstream }],
  status: 200,
  outcome: 'completed',
  durationMs: 1,
  warnings: [],
});
const messageOf = (
  text: string,
  part: Part = 'response',
  more: Partial<StoredMessage> = {},
): StoredMessage => ({
  seq: 1,
  part,
  headers: [],
  size: Buffer.byteLength(text),
  kept: Buffer.byteLength(text),
  body: Buffer.from(text),
  ...more,
});

const ANSWER: CanonicalResponse = {
  id: 'id-1',
  model: 'm',
  created: 1_763_900_000,
  choices: [
    {
      content: [
        { type: 'reasoning', text: 'Let me think, ünd so on.' },
        { type: 'text', text: 'The answer is "42"\nand 漢字.' },
        {
          type: 'tool-call',
          id: 'call_1',
          name: 'read_file',
          kind: 'function',
          input: '{"path":"/a b","n":1}',
        },
      ],
      finish: { reason: 'tool-calls' },
    },
  ],
  usage: { inputTokens: 120, outputTokens: 34, cachedInputTokens: 100, reasoningTokens: 12 },
};

function streamOf(dialect: Dialect, framing: 'sse' | 'json-array' = 'sse'): string {
  const context: ReplyContext = {
    model: 'm',
    now: 1_763_900_000,
    newId: (prefix) => `${prefix}1`,
    warn: () => undefined,
    framing,
    request: {
      model: 'm',
      stream: true,
      messages: [],
      tools: [],
      streamUsage: true,
      reasoning: { mode: 'on', visible: true },
      metadata: { 'openai-responses': { fields: { store: false } } },
    },
  };
  const encoder = adapterOf(dialect).createStreamEncoder(context);
  return (
    replayResponse(ANSWER)
      .map((part) => encoder.push(part))
      .join('') + encoder.end()
  );
}
const said = (text: string): void => {
  for (const words of ['Let me think, ünd so on.', 'The answer is \\"42\\"\\nand 漢字.', 'read_file', '/a b'])
    assert.ok(text.includes(words), `${words} in ${text}`);
};

describe('a body for reading', () => {
  it('has JSON indented, in its order, with all digits', () => {
    const text = '{"b":1,"2":[],"1":{},"a":[1e400,12345678901234567890,"x:{,\\"]"],"__proto__":{"c":null}}';
    const {
      text: pretty,
      language,
      reassembled,
      cut,
    } = bodyText(recordOf('openai-chat'), messageOf(text, 'request'), false);
    assert.equal(
      pretty,
      '{\n  "b": 1,\n  "2": [],\n  "1": {},\n  "a": [\n    1e400,\n    12345678901234567890,\n    "x:{,\\"]"\n  ],\n  "__proto__": {\n    "c": null\n  }\n}',
    );
    assert.deepEqual([language, reassembled, cut], ['json', false, false]);
  });

  it('is indented as JSON.stringify does it', () => {
    const value = { a: [{ b: 'c' }, [], {}, [[1, 2], 'x\\']], d: true, e: -1.5e-7, f: '' };
    assert.equal(indentJson(JSON.stringify(value)), JSON.stringify(value, null, 2));
    assert.equal(indentJson(JSON.stringify(value, null, 7)), JSON.stringify(value, null, 2));
  });

  for (const dialect of DIALECTS) {
    it(`has the stream put together: ${dialect}`, () => {
      const { text, language, reassembled } = bodyText(
        recordOf(dialect),
        messageOf(streamOf(dialect)),
        false,
      );
      said(text);
      assert.deepEqual([language, reassembled], ['json', true]);
      const whole = adapterOf(dialect).decodeResponse(JSON.parse(text) as never, {
        warn: () => undefined,
        signatures: { remember: () => undefined, recall: () => undefined },
        newId: (prefix) => prefix,
      });
      assert.deepEqual(
        whole.choices[0]?.content.map((part) =>
          'text' in part ? part.text : part.type === 'tool-call' ? part.name : '',
        ),
        ['Let me think, ünd so on.', 'The answer is "42"\nand 漢字.', 'read_file'],
      );
      assert.equal(whole.model, 'm');
      assert.equal(whole.usage?.inputTokens, 120);
      assert.equal(whole.usage.outputTokens, 34);
      assert.equal(whole.usage.cachedInputTokens, 100);
    });

    it(`has the upstream's stream in the upstream's words: ${dialect}`, () => {
      const client = dialect === 'anthropic' ? 'gemini' : 'anthropic';
      const message = messageOf(streamOf(dialect), 'upstream-response', { attempt: 0 });
      said(bodyText(recordOf(client, dialect), message, false).text);
    });

    it(`says what came of a stream that was cut anywhere, and never throws: ${dialect}`, () => {
      const bytes = Buffer.from(streamOf(dialect));
      for (let length = 0; length < bytes.length; length += 37) {
        const cut = bytes.subarray(0, length);
        const message = messageOf('', 'response', { body: cut, kept: length, size: length });
        const { text } = bodyText(recordOf(dialect), message, false);
        assert.equal(typeof text, 'string');
        const limited = bodyText(recordOf(dialect), { ...message, size: bytes.length }, false);
        if (limited.reassembled) assert.match(limited.text, /^Only the beginning of this stream was kept/);
      }
      const { text, reassembled } = bodyText(
        recordOf(dialect),
        messageOf(bytes.toString().slice(0, bytes.toString().indexOf('42'))),
        false,
      );
      assert.ok(reassembled);
      assert.match(text, /^This stream broke off \(/);
      assert.ok(text.includes('Let me think'));
    });
  }

  it("has Gemini's array of chunks put together, whole and cut", () => {
    const array = streamOf('gemini', 'json-array');
    assert.ok(array.startsWith('['));
    const whole = bodyText(recordOf('gemini'), messageOf(array), false);
    said(whole.text);
    assert.ok(whole.reassembled);
    const part = array.slice(0, array.indexOf('read_file'));
    const cut = bodyText(recordOf('gemini'), messageOf(part, 'response', { size: array.length }), false);
    assert.match(cut.text, /^Only the beginning[^]*Let me think/);
  });

  it("shows other providers' signatures in a stream for Gemini's clients where they stood", () => {
    const [thought, call] = [1, 2].map((n) => wrapMetadata({ anthropic: { signature: `c2ln${n}` } }));
    const parts = [
      { text: 'Let me think', thought: true },
      { text: '', thought: true, thoughtSignature: thought },
      { functionCall: { id: 'c1', name: 'read_file', args: {} }, thoughtSignature: call },
    ];
    const stream = parts
      .map((part) => ({ candidates: [{ index: 0, content: { role: 'model', parts: [part] } }] }))
      .concat({
        candidates: [{ index: 0, content: { role: 'model', parts: [] }, finishReason: 'STOP' }],
      } as never)
      .map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`)
      .join('');
    const { text, reassembled } = bodyText(recordOf('gemini'), messageOf(stream), false);
    assert.ok(reassembled);
    assert.deepEqual(
      [...text.matchAll(/"thoughtSignature": "(.*)"/g)].map(([, signature]) => signature),
      [thought, call],
    );
  });

  it("has Bedrock's stream as Converse would have answered", () => {
    const frames = [
      eventFrame('messageStart', { role: 'assistant' }),
      eventFrame('contentBlockDelta', { contentBlockIndex: 0, delta: { reasoningContent: { text: 'Hm.' } } }),
      eventFrame('contentBlockDelta', {
        contentBlockIndex: 0,
        delta: { reasoningContent: { signature: 'c2ln' } },
      }),
      eventFrame('contentBlockStop', { contentBlockIndex: 0 }),
      eventFrame('contentBlockDelta', { contentBlockIndex: 1, delta: { text: 'Hello ' } }),
      eventFrame('contentBlockDelta', { contentBlockIndex: 1, delta: { text: 'there' } }),
      eventFrame('contentBlockStop', { contentBlockIndex: 1 }),
      eventFrame('contentBlockStart', {
        contentBlockIndex: 2,
        start: { toolUse: { toolUseId: 't1', name: 'look' } },
      }),
      eventFrame('contentBlockDelta', { contentBlockIndex: 2, delta: { toolUse: { input: '{"a":1}' } } }),
      eventFrame('contentBlockStop', { contentBlockIndex: 2 }),
      eventFrame('messageStop', { stopReason: 'tool_use' }),
      eventFrame('metadata', { usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 } }),
    ];
    const stored = new MessageRedactor([]).message({
      seq: 1,
      part: 'upstream-response',
      attempt: 0,
      headers: ['content-type', 'application/vnd.amazon.eventstream'],
      body: frames,
      size: Buffer.concat(frames).length,
    });
    const { text, reassembled } = bodyText(recordOf('anthropic', 'bedrock'), stored, false);
    assert.ok(reassembled);
    assert.deepEqual(JSON.parse(text), {
      output: {
        message: {
          role: 'assistant',
          content: [
            { reasoningContent: { reasoningText: { text: 'Hm.', signature: 'c2ln' } } },
            { text: 'Hello there' },
            { toolUse: { toolUseId: 't1', name: 'look', input: { a: 1 } } },
          ],
        },
      },
      stopReason: 'tool_use',
      usage: { inputTokens: 7, outputTokens: 3, totalTokens: 10 },
    });
  });

  it('has what a stream says of an error', () => {
    const stream = streamOf('anthropic').split('event: message_delta')[0]!;
    const broken = `${stream}event: error\ndata: {"type":"error","error":{"type":"overloaded_error","message":"Overloaded"}}\n\n`;
    const { text } = bodyText(recordOf('anthropic'), messageOf(broken), false);
    assert.match(text, /^This stream broke off \(Overloaded\)/);
    assert.ok(text.includes('and 漢字.'));
  });

  it('has the events of a stream that nobody knows one under another', () => {
    const { text, reassembled } = bodyText(
      recordOf('strange'),
      messageOf('event: a\ndata: {"b":1}\n\ndata: words\n\n'),
      false,
    );
    assert.equal(text, 'a\n{\n  "b": 1\n}\n\nwords');
    assert.equal(reassembled, false);
  });

  it('is as it went over the line where that is asked for', () => {
    const stream = streamOf('openai-chat');
    assert.deepEqual(bodyText(recordOf('openai-chat'), messageOf(stream), true), {
      text: stream,
      language: 'text',
      reassembled: false,
      cut: false,
    });
  });

  it('has a secret masked that came in two events', () => {
    const redactor = new MessageRedactor(['canary-4711-canary']);
    const stream =
      ['see canary-4', '711-can', 'ary now']
        .map((content) => `data: ${JSON.stringify({ choices: [{ index: 0, delta: { content } }] })}\n\n`)
        .join('') + 'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n';
    const { text } = bodyText(recordOf('openai-chat'), messageOf(stream), false, (each) =>
      redactor.text(each),
    );
    assert.ok(text.includes('see [redacted] now'), text);
  });

  it('is bounded, and never throws', () => {
    const long = bodyText(
      recordOf('openai-chat'),
      messageOf(`"${'\u{1F600}'.repeat(1_500_000)}"`, 'request'),
      false,
    );
    assert.ok(long.cut && long.text.length <= 2 * 1_048_576);
    assert.ok(!/[\ud800-\udbff]$/.test(long.text));
    for (const text of [
      '',
      '{',
      '[',
      '{"a":',
      'data:',
      'data: {',
      'event: x',
      ':\n\n',
      '\uFEFF{"a":1}',
      '[{},',
      '[1,2]',
      'null',
      '{"parts":[{}]}',
      '['.repeat(100_000),
    ])
      for (const dialect of [...DIALECTS, 'bedrock', 'editor', 'constructor', ''])
        for (const part of ['request', 'response'] as const)
          assert.equal(typeof bodyText(recordOf(dialect), messageOf(text, part), false).text, 'string');
    const { body: _body, ...none } = messageOf('');
    assert.equal(bodyText(recordOf('gemini'), none, false).text, '');
  });
});
