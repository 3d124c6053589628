import assert from 'node:assert/strict';
import fc from 'fast-check';
import { renameModelInEvents, renameModelInJson } from '../../../../proxy/exchange/rename-model';

const inJson = (text: string, asked = 'asked') => renameModelInJson(Buffer.from(text), asked).toString();
const inEvents = (text: string, asked = 'asked') => renameModelInEvents(Buffer.from(text), asked).toString();

describe('the model’s name in an answer becomes what the client asked for (SPEC 4.13)', () => {
  const cases: [string, string, string][] = [
    [
      'in chat completions',
      '{"id":"x","model":"served","choices":[]}',
      '{"id":"x","model":"asked","choices":[]}',
    ],
    ['in Gemini’s answers', '{"modelVersion" : "served"}\n', '{"modelVersion" : "asked"}\n'],
    [
      'in message_start',
      '{"type":"message_start","message":{"id":"m","model":"served","content":[]}}',
      '{"type":"message_start","message":{"id":"m","model":"asked","content":[]}}',
    ],
    [
      'in the events of Responses',
      '{"type":"response.created","response":{"model":"served","tools":[]}}',
      '{"type":"response.created","response":{"model":"asked","tools":[]}}',
    ],
    [
      'in both places at once',
      '{"model":"a","response":{"model":"b"}}',
      '{"model":"asked","response":{"model":"asked"}}',
    ],
    [
      'not deeper',
      '{"message":{"message":{"model":"x"}},"choices":[{"model":"x"}]}',
      '{"message":{"message":{"model":"x"}},"choices":[{"model":"x"}]}',
    ],
    ['not in text', '{"message":"{\\"model\\":\\"x\\"}"}', '{"message":"{\\"model\\":\\"x\\"}"}'],
    [
      'not where it is no string',
      '{"model":null,"response":[{"model":"x"}]}',
      '{"model":null,"response":[{"model":"x"}]}',
    ],
    ['not in what is no object', '[{"model":"x"}]', '[{"model":"x"}]'],
    ['not in what is no JSON', '{"model":"x"', '{"model":"x"'],
    ['not in nothing', '', ''],
  ];
  for (const [title, before, after] of cases)
    it(title, () => {
      assert.equal(inJson(before), after);
    });

  it('also when the name needs escapes', () => {
    const asked = 'a"\\\n$&é';
    assert.deepEqual(JSON.parse(inJson('{"model":"x"}', asked)), { model: asked });
  });

  it('and nothing else changes, in any object', () => {
    const inner = fc.dictionary(fc.constantFrom('model', 'a', 'content'), fc.jsonValue());
    const object = fc.record(
      {
        model: fc.string(),
        modelVersion: fc.string(),
        message: fc.oneof(inner, fc.string()),
        response: inner,
        choices: fc.jsonValue(),
      },
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(object, fc.string({ unit: 'binary' }), (value, asked) => {
        const renamed = JSON.parse(inJson(JSON.stringify(value), asked)) as unknown;
        const expected = JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
        const rename = (each: unknown, names: string[]) => {
          if (typeof each !== 'object' || each === null) return;
          for (const name of names) {
            const holder = each as Record<string, unknown>;
            if (typeof holder[name] === 'string') holder[name] = asked;
          }
        };
        rename(expected, ['model', 'modelVersion']);
        rename(expected['message'], ['model']);
        rename(expected['response'], ['model']);
        assert.deepEqual(renamed, expected);
      }),
    );
  });

  describe('in events', () => {
    const events: [string, string, string][] = [
      [
        'each of them',
        'data: {"model":"a"}\n\ndata: {"model":"b"}\n\n',
        'data: {"model":"asked"}\n\ndata: {"model":"asked"}\n\n',
      ],
      ['with CRLF', 'event: e\r\ndata:{"model":"a"}\r\n\r\n', 'event: e\r\ndata:{"model":"asked"}\r\n\r\n'],
      [
        'beside others',
        ': hi\n\nevent: ping\ndata: {}\n\ndata: [DONE]\n\n',
        ': hi\n\nevent: ping\ndata: {}\n\ndata: [DONE]\n\n',
      ],
      ['not in other fields', 'id: {"model":"a"}\ndata: x\n\n', 'id: {"model":"a"}\ndata: x\n\n'],
      ['not in data that is no JSON', 'data: "model" {"model":\n\n', 'data: "model" {"model":\n\n'],
      ['without a last newline', 'data: {"model":"a"}', 'data: {"model":"asked"}'],
    ];
    for (const [title, before, after] of events)
      it(title, () => {
        assert.equal(inEvents(before), after);
      });

    it('of which none names a model, the very bytes', () => {
      const bytes = Buffer.from('data: {"a":1}\n\n');
      assert.equal(renameModelInEvents(bytes, 'asked'), bytes);
    });
  });
});
