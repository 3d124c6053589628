import assert from 'node:assert/strict';
import { collectStream } from '../../../../../proxy/dialects/collect-stream';
import { openaiChatAdapter } from '../../../../../proxy/dialects/openai-chat/index';
import { readRecordings, whyNoRecordings } from '../../../../support/recordings';
import { skipBecause } from '../../../../support/skip-because';
import { makeContexts } from './make-contexts';

/** What each recorded stream holds: characters of reasoning and text, calls, tokens. */
const FACTS: Record<
  string,
  [reasoning: boolean, text: boolean, calls: [name: string, input: unknown][], input: number, output: number]
> = {
  'deepseek-reasoning': [true, true, [], 18, 219],
  'deepseek-tool-call': [true, false, [['weather', { location: 'San Francisco' }]], 339, 83],
  'groq-tool-call': [false, false, [['weather', {}]], 210, 15],
  'mistral-tool-call': [false, false, [['weather', { location: 'San Francisco' }]], 124, 22],
  'openai-text': [false, true, [], 16, 300],
  // xAI's 26 tokens of completion and 227 of reasoning.
  'xai-tool-call': [true, false, [['weather', { location: 'San Francisco' }]], 307, 253],
};

describe('openai-chat: recorded streams', () => {
  for (const [name, facts] of Object.entries(FACTS)) {
    it(`decodes ${name}`, function () {
      const missing = whyNoRecordings();
      if (missing) skipBecause(this, missing);
      const stream = readRecordings('openai-chat').streams.find((recording) =>
        recording.name.startsWith(name),
      );
      if (!stream) skipBecause(this, `no recording ${name}`);
      const decoder = openaiChatAdapter.createStreamDecoder(makeContexts().answer);
      const collector = collectStream();
      for (const event of stream.events) decoder.push(event).forEach(collector.push);
      decoder.end().forEach(collector.push);
      const { choices, usage } = collector.response();
      const content = choices[0]?.content ?? [];
      const calls = content.flatMap((part) =>
        part.type === 'tool-call' ? [[part.name, JSON.parse(part.input) as unknown]] : [],
      );
      assert.equal(collector.error, undefined);
      assert.deepEqual(
        [
          content.some(({ type }) => type === 'reasoning'),
          content.some(({ type }) => type === 'text'),
          calls,
          usage?.inputTokens,
          usage?.outputTokens,
        ],
        facts,
      );
      assert.equal(choices[0]?.finish.reason, calls.length > 0 ? 'tool-calls' : 'stop');
      assert.equal(stream.events.filter((event) => openaiChatAdapter.isTerminal(event)).length, 2);
    });
  }
});
