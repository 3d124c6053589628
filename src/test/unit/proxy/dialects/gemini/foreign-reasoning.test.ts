import assert from 'node:assert/strict';
import type { AssistantPart, Metadata, ReasoningPart } from '../../../../../proxy/dialects/canonical';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import { wrapMetadata, wrapReasoning } from '../../../../../proxy/dialects/signatures/envelope';
import type { JsonObject } from '../../../../../shared/json';
import { contexts } from './fixtures';
import { user } from './messages';

const foreign: Metadata = { anthropic: { signature: 'EqQB' } };
const thought = (text: string, metadata: Metadata = foreign): ReasoningPart => ({
  type: 'reasoning',
  text,
  metadata,
});
const call = (id: string): AssistantPart => ({
  type: 'tool-call',
  id,
  name: 'f',
  kind: 'function',
  input: '{}',
});
const decode = (...parts: JsonObject[]) => {
  const { messages } = gemini.decodeRequest(
    {
      contents: [
        { role: 'user', parts: [{ text: 'a' }] },
        { role: 'model', parts },
      ],
    },
    { warn: () => assert.fail('warned') },
  );
  return messages[1]?.content;
};
const partsOf = (payload: JsonObject): JsonObject[] => {
  const [candidate] = payload['candidates'] as { content: { parts: JsonObject[] } }[];
  return candidate!.content.parts;
};

describe('gemini: reasoning of other providers', () => {
  const content = [thought('one'), call('a'), call('b'), thought('two'), call('c')];
  const envelopes = [wrapReasoning([thought('one')]), undefined, wrapReasoning([thought('two')])];

  for (const visible of [true, false])
    it(`goes to a client on the calls it led to, ${visible ? 'and on thoughts' : 'without thoughts'}`, () => {
      const c = contexts();
      const reply = c.reply({ reasoning: { visible } });
      const whole = partsOf(
        gemini.encodeResponse({ choices: [{ content, finish: { reason: 'tool-calls' } }] }, reply),
      );
      const encoder = gemini.createStreamEncoder(reply);
      const streamed = content
        .flatMap((part, index) => {
          const id = part.type === 'tool-call' ? part.id : `${index}`;
          return part.type === 'tool-call'
            ? [
                encoder.push({ type: 'tool-input-start', id, name: part.name, kind: 'function' }),
                encoder.push({ type: 'tool-input-end', id }),
              ]
            : part.type === 'reasoning'
              ? [
                  encoder.push({ type: 'reasoning-start', id }),
                  ...[...part.text].map((text) => encoder.push({ type: 'reasoning-delta', id, text })),
                  encoder.push({ type: 'reasoning-end', id, metadata: foreign }),
                ]
              : [];
        })
        .filter(Boolean)
        .flatMap((event) => partsOf(JSON.parse(event.slice(6)) as JsonObject));
      for (const parts of [whole, streamed]) {
        assert.deepEqual(
          parts.flatMap((part) => (part['functionCall'] ? [part['thoughtSignature']] : [])),
          envelopes,
        );
        const thoughts = parts.filter((part) => part['thought'] === true);
        assert.equal(
          thoughts
            .map((part) => part['text'])
            .join('|')
            .replaceAll('|', ''),
          visible ? 'onetwo' : '',
        );
        assert.deepEqual(decode(...parts), content);
        // As Gemini CLI keeps it.
        assert.deepEqual(decode(...parts.filter((part) => part['thought'] !== true)), content);
      }
    });

  it('is put together again from pieces in contents of their own', () => {
    const piece = (part: JsonObject) => ({ role: 'model', parts: [part] });
    const { messages } = gemini.decodeRequest(
      {
        contents: [
          { role: 'user', parts: [{ text: 'a' }] },
          piece({ text: 'o', thought: true }),
          piece({ text: 'ne', thought: true }),
          piece({ text: '', thought: true, thoughtSignature: wrapMetadata(foreign) }),
          piece({ text: 'said' }),
        ],
      },
      { warn: () => assert.fail('warned') },
    );
    assert.deepEqual(messages[1]?.content, [thought('one'), { type: 'text', text: 'said' }]);
  });

  it('is told from Gemini’s own, and from the stand-in, which is no signature', () => {
    const own: Metadata = { gemini: { thoughtSignature: 'AbC=', thought: true } };
    assert.deepEqual(decode({ text: 'hm', thought: true, thoughtSignature: 'AbC=' }), [thought('hm', own)]);
    assert.deepEqual(
      decode({ functionCall: { id: 'a', name: 'f' }, thoughtSignature: 'skip_thought_signature_validator' }),
      [call('a')],
    );
  });

  it('is not sent to Gemini, nor is its envelope', () => {
    const c = contexts();
    const { body } = gemini.encodeRequest(
      {
        model: 'm',
        stream: false,
        tools: [],
        messages: [
          user('a'),
          { role: 'assistant', content: [thought('x'), thought('y'), { type: 'text', text: 'b' }] },
          user('c'),
        ],
      },
      c.encode,
    );
    assert.deepEqual((body['contents'] as JsonObject[])[1], { role: 'model', parts: [{ text: 'b' }] });
    assert.equal(c.warnings.length, 1);
  });
});

describe('gemini: signatures of texts', () => {
  const signed = { text: 'The answer.', thoughtSignature: 'dGV4dA==' };
  const finished = (...parts: JsonObject[]) => ({
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
  });
  const again = (c: ReturnType<typeof contexts>, text: string) => {
    const { body } = gemini.encodeRequest(
      {
        model: 'm',
        stream: false,
        tools: [],
        messages: [user('a'), { role: 'assistant', content: [{ type: 'text', text }] }, user('c')],
      },
      c.encode,
    );
    return (body['contents'] as { parts: JsonObject[] }[])[1]!.parts;
  };

  it('come back by the text, from whole answers and from streams that sign at the end', () => {
    const whole = contexts();
    gemini.decodeResponse(finished(signed), whole.answer);
    const streamed = contexts();
    const decoder = gemini.createStreamDecoder(streamed.answer);
    for (const text of ['The ', 'answer', '.'])
      decoder.push({
        data: JSON.stringify({ candidates: [{ content: { role: 'model', parts: [{ text }] }, index: 0 }] }),
      });
    decoder.push({ data: JSON.stringify(finished({ text: '', thoughtSignature: signed.thoughtSignature })) });
    decoder.end();
    for (const c of [whole, streamed]) {
      assert.deepEqual(again(c, 'The answer.'), [signed]);
      assert.deepEqual(again(c, 'Another answer.'), [{ text: 'Another answer.' }]);
    }
  });
});
