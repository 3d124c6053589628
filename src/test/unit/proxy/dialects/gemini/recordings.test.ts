import assert from 'node:assert/strict';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import type { JsonObject } from '../../../../../shared/json';
import { asked, collect, contexts, decodeAll, grammarProblems } from './fixtures';

describe('recordings of Gemini', () => {
  const folder = join(process.env['PORTSIDE_RECORDINGS'] ?? '/work/shared/recordings', 'gemini');
  const files = existsSync(folder) ? readdirSync(folder) : [];
  if (files.length === 0) it(`are not on this machine (PORTSIDE_RECORDINGS): nothing to read`);

  for (const file of files.filter((name) => name.endsWith('.chunks.txt')))
    it(`reads ${file}, and gives a Gemini client the same`, () => {
      const payloads = readFileSync(join(folder, file), 'utf8')
        .split('\n')
        .filter(Boolean)
        .map((line) => JSON.parse(line) as JsonObject);
      const raw = payloads.flatMap(
        (one) => (one['candidates'] as { content: { parts: JsonObject[] } }[])[0]!.content.parts,
      );
      const c = contexts();
      const parts = decodeAll(payloads, c.answer);
      assert.deepEqual(grammarProblems(parts), []);
      assert.deepEqual(c.warnings, []);
      const sum = collect(parts);
      const textOf = (thought: boolean) =>
        raw
          .filter((part) => (part['thought'] === true) === thought)
          .map((part) => part['text'] ?? '')
          .join('');
      assert.equal(sum.text, textOf(false));
      assert.equal(sum.reasoning, textOf(true));
      const named = raw.filter(
        (part) => (part['functionCall'] as JsonObject | undefined)?.['name'] !== undefined,
      );
      assert.equal(sum.calls.length, named.length);
      assert.deepEqual(
        sum.calls.map((call) => call.signature),
        named.map((part) => part['thoughtSignature']),
      );
      assert.equal(sum.finish?.reason, named.length > 0 ? 'tool-calls' : 'stop');
      const meta = payloads.at(-1)!['usageMetadata'] as Record<string, number>;
      assert.equal(sum.usage?.inputTokens, meta['promptTokenCount']);
      assert.equal(
        sum.usage?.outputTokens,
        meta['candidatesTokenCount']! + (meta['thoughtsTokenCount'] ?? 0),
      );

      const encoder = gemini.createStreamEncoder(c.reply({ reasoning: { visible: true } }));
      const again = [...parts.map((part) => encoder.push(part)), encoder.end()]
        .join('')
        .split('\r\n\r\n')
        .filter(Boolean);
      const reread = decodeAll(again.map((event) => JSON.parse(event.slice(6)) as JsonObject));
      assert.deepEqual({ ...collect(reread) }, sum);
      const signatures = (all: typeof parts) =>
        JSON.stringify(all).match(/"thoughtSignature":"[^"]+"/g)?.length;
      assert.equal(signatures(reread), signatures(parts));
    });

  for (const file of files.filter((name) => name.endsWith('.json') && !name.includes('429')))
    it(`reads ${file}, and gives a Gemini client the same`, () => {
      const body = JSON.parse(readFileSync(join(folder, file), 'utf8')) as JsonObject;
      const c = contexts();
      const answer = gemini.decodeResponse(body, c.answer);
      const wire = gemini.encodeResponse(answer, c.reply({ reasoning: { visible: true } }));
      const parts = (one: JsonObject) =>
        (one['candidates'] as { content: { parts: JsonObject[] }; finishReason: string }[])[0]!;
      const withoutIds = JSON.parse(
        JSON.stringify(parts(wire), (key, value: unknown) => (key === 'id' ? undefined : value)),
      ) as JsonObject;
      assert.deepEqual(withoutIds, JSON.parse(JSON.stringify(parts(body))));
      const { promptTokensDetails: _details, ...usage } = body['usageMetadata'] as JsonObject;
      const written = wire['usageMetadata'] as JsonObject;
      for (const key of ['promptTokenCount', 'candidatesTokenCount', 'thoughtsTokenCount'])
        assert.equal(written[key], usage[key]);
      // The call comes back signed, though its client kept only the id.
      for (const part of answer.choices[0]!.content)
        if (part.type === 'tool-call') {
          const { metadata, ...bare } = part;
          const { body: next } = gemini.encodeRequest(
            asked({
              messages: [
                ...asked().messages,
                { role: 'assistant', content: [bare] },
                {
                  role: 'tool',
                  content: [{ type: 'tool-result', callId: part.id, content: [{ type: 'text', text: 'x' }] }],
                },
              ],
            }),
            c.encode,
          );
          assert.ok(JSON.stringify(next).includes(String(metadata?.gemini?.['thoughtSignature'])));
        }
    });

  for (const file of files.filter((name) => name.includes('429')))
    it(`reads ${file}`, () => {
      const error = gemini.decodeError(429, JSON.parse(readFileSync(join(folder, file), 'utf8')));
      assert.deepEqual([error.kind, error.retryAfterSeconds], ['rate_limit', 34.4]);
    });
});
