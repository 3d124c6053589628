import assert from 'node:assert/strict';
import type { Message } from '../../../../../proxy/dialects/canonical';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import type { JsonObject } from '../../../../../shared/json';
import { asked, contexts } from './fixtures';
import { call, result, user } from './messages';

const contentsOf = (messages: Message[], c = contexts()) =>
  gemini.encodeRequest(asked({ messages }), c.encode).body['contents'] as {
    role: string;
    parts: JsonObject[];
  }[];
const image = {
  type: 'file' as const,
  mediaType: 'image/png',
  source: { type: 'base64' as const, data: 'AAAA' },
};

describe('writing a request for Gemini', () => {
  it('puts leading system messages into the instruction and later ones into the conversation, with a warning', () => {
    const c = contexts();
    const system = (text: string): Message => ({ role: 'system', content: [{ type: 'text', text }] });
    const { body } = gemini.encodeRequest(
      asked({ messages: [system('A'), system('B'), user('Hi'), system('C'), user('Ho')] }),
      c.encode,
    );
    assert.deepEqual(body['systemInstruction'], { parts: [{ text: 'A' }, { text: 'B' }] });
    assert.deepEqual(body['contents'], [
      { role: 'user', parts: [{ text: 'Hi' }, { text: 'C' }, { text: 'Ho' }] },
    ]);
    assert.deepEqual(
      c.warnings.map(({ type, field }) => [type, field]),
      [['changed', 'messages[3]']],
    );
  });

  it('answers parallel calls in one content, by id and name, responses first', () => {
    const contents = contentsOf([
      user('Go'),
      {
        role: 'assistant',
        content: [
          { type: 'text', text: 'Ok' },
          ...['a', 'b'].map((id) => ({
            type: 'tool-call' as const,
            id,
            name: `f${id}`,
            kind: 'function' as const,
            input: '{"x":1}',
          })),
        ],
      },
      result('b', 'B'),
      user('hurry'),
      {
        role: 'tool',
        content: [
          { type: 'tool-result', callId: 'a', isError: true, content: [{ type: 'text', text: 'bad' }] },
        ],
      },
    ]);
    assert.deepEqual(
      contents[1]!.parts.map((part) => part['functionCall']),
      [undefined, { id: 'a', name: 'fa', args: { x: 1 } }, { id: 'b', name: 'fb', args: { x: 1 } }],
    );
    assert.deepEqual(contents[2], {
      role: 'user',
      parts: [
        { functionResponse: { id: 'b', name: 'fb', response: { result: 'B' } } },
        { functionResponse: { id: 'a', name: 'fa', response: { error: 'bad' } } },
        { text: 'hurry' },
      ],
    });
  });

  it('answers a call that nobody answered, and says so', () => {
    const c = contexts();
    const contents = contentsOf([user('Go'), call('a'), user('Never mind')], c);
    assert.deepEqual(contents[2]!.parts[0], {
      functionResponse: { id: 'a', name: 'f', response: { error: 'The call was not answered.' } },
    });
    assert.equal(c.warnings[0]?.type, 'changed');
  });

  it('takes calls spread over several assistant messages as one step', () => {
    const c = contexts();
    const contents = contentsOf([user('Go'), call('a'), call('b'), result('a'), result('b')], c);
    assert.deepEqual(
      contents.map((content) => content.parts.length),
      [1, 2, 2],
    );
    assert.deepEqual(c.warnings, []);
  });

  it('sends a result without a call as text', () => {
    const c = contexts();
    assert.deepEqual(contentsOf([user('Go'), result('zzz', 'lost')], c), [
      { role: 'user', parts: [{ text: 'Go' }, { text: 'lost' }] },
    ]);
    assert.equal(c.warnings[0]?.type, 'changed');
  });

  it('puts images of results into the response from Gemini 3 on, beside it before', () => {
    const messages: Message[] = [
      user('Go'),
      call('a'),
      {
        role: 'tool',
        content: [{ type: 'tool-result', callId: 'a', content: [{ type: 'text', text: 't' }, image] }],
      },
    ];
    const inline = { inlineData: { mimeType: 'image/png', data: 'AAAA' } };
    assert.deepEqual(contentsOf(messages, contexts('gemini-3-flash'))[2]!.parts, [
      { functionResponse: { id: 'a', name: 'f', response: { result: 't' }, parts: [inline] } },
    ]);
    assert.deepEqual(contentsOf(messages, contexts('gemini-2.5-flash'))[2]!.parts, [
      { functionResponse: { id: 'a', name: 'f', response: { result: 't' } } },
      inline,
    ]);
  });

  it('signs a call with its own signature, a remembered one, or the documented stand-in', () => {
    const c = contexts();
    c.signatures.remember('gemini', 'b', 'kept');
    const contents = contentsOf(
      [
        user('Go'),
        call('a', 'f', '{}', { thoughtSignature: 'own' }),
        result('a'),
        call('b'),
        result('b'),
        call('c'),
        result('c'),
      ],
      c,
    );
    assert.deepEqual(
      contents
        .filter((content) => content.role === 'model')
        .map((content) => content.parts[0]!['thoughtSignature']),
      ['own', 'kept', 'skip_thought_signature_validator'],
    );
  });

  it('signs the first of parallel calls only, and no call of an earlier turn', () => {
    const two = (a: string, b: string): Message => ({
      role: 'assistant',
      content: [a, b].map((id) => ({ type: 'tool-call', id, name: 'f', kind: 'function', input: '{}' })),
    });
    const contents = contentsOf([
      user('Old'),
      call('o'),
      result('o'),
      user('New'),
      two('a', 'b'),
      result('a'),
      result('b'),
    ]);
    const signed = contents.flatMap((content) =>
      content.parts.filter((part) => part['functionCall']).map((part) => part['thoughtSignature']),
    );
    // The old step's answer and the new question share one content, so Gemini sees one turn.
    assert.deepEqual(signed, [
      'skip_thought_signature_validator',
      'skip_thought_signature_validator',
      undefined,
    ]);
    const apart = contentsOf([
      user('Old'),
      call('o'),
      result('o'),
      { role: 'assistant', content: [{ type: 'text', text: 'Done' }] },
      user('New'),
      two('a', 'b'),
      result('a'),
      result('b'),
    ]);
    assert.deepEqual(
      apart.flatMap((content) =>
        content.parts.filter((part) => part['functionCall']).map((part) => part['thoughtSignature']),
      ),
      [undefined, 'skip_thought_signature_validator', undefined],
    );
  });

  it("never sends another provider's signature or thoughts", () => {
    const c = contexts();
    const foreign = {
      anthropic: { signature: 'FOREIGN' },
      'openai-responses': { encrypted_content: 'FOREIGN' },
    };
    const { body } = gemini.encodeRequest(
      asked({
        messages: [
          user('Go'),
          {
            role: 'assistant',
            content: [
              { type: 'reasoning', text: 'secret', metadata: foreign },
              { type: 'tool-call', id: 'a', name: 'f', kind: 'function', input: '{}', metadata: foreign },
            ],
          },
          result('a'),
        ],
      }),
      c.encode,
    );
    assert.doesNotMatch(JSON.stringify(body), /FOREIGN|secret/);
    assert.equal(c.warnings[0]?.type, 'dropped');
  });

  it('sends arguments that are no object as input, with a warning', () => {
    const c = contexts();
    const contents = contentsOf([user('Go'), call('a', 'f', '{"x":'), result('a')], c);
    assert.deepEqual(contents[1]!.parts[0]!['functionCall'], {
      id: 'a',
      name: 'f',
      args: { input: '{"x":' },
    });
    assert.equal(c.warnings[0]?.type, 'changed');
  });

  it('sends files as data or address', () => {
    const c = contexts();
    const file = (url: string, mediaType = 'image/*') => ({
      type: 'file' as const,
      mediaType,
      source: { type: 'url' as const, url },
    });
    const [content] = contentsOf(
      [
        {
          role: 'user',
          content: [image, file('https://x/y.webp?z'), file('https://youtu.be/1', 'video/mp4')],
        },
      ],
      c,
    );
    assert.deepEqual(content!.parts, [
      { inlineData: { mimeType: 'image/png', data: 'AAAA' } },
      { fileData: { mimeType: 'image/webp', fileUri: 'https://x/y.webp?z' } },
      { fileData: { mimeType: 'video/mp4', fileUri: 'https://youtu.be/1' } },
    ]);
    assert.equal(c.warnings.length, 1);
  });

  it('refuses to send nothing', () => {
    assert.throws(
      () => contentsOf([{ role: 'user', content: [{ type: 'text', text: '' }] }]),
      /no message with content/,
    );
  });
});
