/** Why an answer ended: every documented word of every protocol, and every canonical reason in every protocol (SPEC 4.8). */
import assert from 'node:assert/strict';
import type { AssistantPart, Dialect, StopReason } from '../../../../proxy/dialects/canonical';
import type { ScriptedAnswer } from '../../../support/upstream/scripted-answer';
import { heard, spoken, told } from './both-ways';

interface Word {
  word: string;
  means: StopReason;
  answer?: ScriptedAnswer;
}

const CALLS: ScriptedAnswer = { toolCalls: [{ id: 'c1', name: 'f', arguments: {} }] };
const REFUSAL: ScriptedAnswer = { refusal: 'No.', stop: 'refusal' };

/** The documented words, and those of servers that speak the same protocol. */
const WORDS: Record<Dialect, Word[]> = {
  // https://platform.openai.com/docs/api-reference/chat/object#chat-object-choices-finish_reason
  'openai-chat': [
    { word: 'stop', means: 'stop' },
    { word: 'length', means: 'length' },
    { word: 'tool_calls', means: 'tool-calls', answer: CALLS },
    { word: 'function_call', means: 'tool-calls', answer: CALLS },
    { word: 'content_filter', means: 'content-filter' },
    { word: 'stop', means: 'tool-calls', answer: CALLS },
    { word: 'stop', means: 'refusal', answer: REFUSAL },
    // Mistral, Moonshot and z.ai, and a word that nobody knows yet.
    { word: 'model_length', means: 'context-length' },
    { word: 'sensitive', means: 'content-filter' },
    { word: 'something_new', means: 'other' },
  ],
  // https://platform.openai.com/docs/api-reference/responses/object: `status`, or `incomplete_details.reason`
  'openai-responses': [
    { word: 'completed', means: 'stop' },
    { word: 'completed', means: 'tool-calls', answer: CALLS },
    { word: 'completed', means: 'refusal', answer: REFUSAL },
    { word: 'max_output_tokens', means: 'length' },
    { word: 'content_filter', means: 'content-filter' },
    { word: 'something_new', means: 'other' },
  ],
  // https://platform.claude.com/docs/en/build-with-claude/handling-stop-reasons; `compaction` is beta.
  anthropic: [
    { word: 'end_turn', means: 'stop' },
    { word: 'max_tokens', means: 'length' },
    { word: 'stop_sequence', means: 'stop-sequence' },
    { word: 'tool_use', means: 'tool-calls', answer: CALLS },
    { word: 'pause_turn', means: 'pause' },
    { word: 'compaction', means: 'pause' },
    { word: 'refusal', means: 'refusal' },
    { word: 'model_context_window_exceeded', means: 'context-length' },
    { word: 'end_turn', means: 'tool-calls', answer: CALLS },
    { word: 'something_new', means: 'other' },
  ],
  // https://ai.google.dev/api/generate-content#FinishReason, and Vertex AI's own
  gemini: [
    { word: 'FINISH_REASON_UNSPECIFIED', means: 'other' },
    { word: 'STOP', means: 'stop' },
    { word: 'STOP', means: 'tool-calls', answer: CALLS },
    { word: 'MAX_TOKENS', means: 'length' },
    { word: 'SAFETY', means: 'content-filter' },
    { word: 'RECITATION', means: 'content-filter' },
    { word: 'LANGUAGE', means: 'other' },
    { word: 'OTHER', means: 'other' },
    { word: 'BLOCKLIST', means: 'content-filter' },
    { word: 'PROHIBITED_CONTENT', means: 'content-filter' },
    { word: 'SPII', means: 'content-filter' },
    { word: 'MODEL_ARMOR', means: 'content-filter' },
    { word: 'MALFORMED_FUNCTION_CALL', means: 'malformed-tool-call' },
    { word: 'UNEXPECTED_TOOL_CALL', means: 'malformed-tool-call' },
    { word: 'TOO_MANY_TOOL_CALLS', means: 'malformed-tool-call' },
    { word: 'MISSING_THOUGHT_SIGNATURE', means: 'other' },
    { word: 'MALFORMED_RESPONSE', means: 'other' },
    { word: 'IMAGE_SAFETY', means: 'content-filter' },
    { word: 'IMAGE_PROHIBITED_CONTENT', means: 'content-filter' },
    { word: 'IMAGE_RECITATION', means: 'content-filter' },
    { word: 'IMAGE_OTHER', means: 'other' },
    { word: 'NO_IMAGE', means: 'other' },
    { word: 'CONTINUATION', means: 'pause' },
    { word: 'SOMETHING_NEW', means: 'other' },
  ],
};

/** Puts the word where the protocol has it. */
function end(dialect: Dialect, word: string) {
  return (json: string): string => {
    switch (dialect) {
      case 'openai-chat':
        return json.replace(/"finish_reason":"\w+"/, `"finish_reason":"${word}"`);
      case 'anthropic':
        return json.replace(/"stop_reason":"\w+"/, `"stop_reason":"${word}"`);
      case 'gemini':
        return json.replace(/"finishReason":"\w+"/, `"finishReason":"${word}"`);
      case 'openai-responses': {
        if (word === 'completed') return json;
        const payload = JSON.parse(json) as Record<string, unknown>;
        const response = (payload.response ?? payload) as Record<string, unknown>;
        if (response.status !== 'completed' || response.object !== 'response') return json;
        Object.assign(response, { status: 'incomplete', incomplete_details: { reason: word } });
        if (payload.type === 'response.completed') payload.type = 'response.incomplete';
        return JSON.stringify(payload);
      }
    }
  };
}

describe('stop reasons', () => {
  for (const [dialect, words] of Object.entries(WORDS) as [Dialect, Word[]][])
    describe(`of ${dialect}`, () => {
      for (const { word, means, answer } of words)
        it(`${word}${answer === CALLS ? ' after calls' : answer ? ' after a refusal in words' : ''} means ${means}`, () => {
          const says = spoken(dialect, answer ?? { text: 'Hi' }, end(dialect, word));
          const events = says.events.map((event) =>
            event.event === undefined || dialect !== 'openai-responses'
              ? event
              : { ...event, event: (JSON.parse(event.data) as { type: string }).type },
          );
          for (const response of heard(dialect, { ...says, events }))
            assert.equal(response.choices[0]?.finish.reason, means);
        });
    });

  const call: AssistantPart = { type: 'tool-call', id: 'c1', name: 'f', kind: 'function', input: '{}' };
  const text: AssistantPart = { type: 'text', text: 'Hi' };
  const refusal: AssistantPart = { type: 'refusal', text: 'No.' };
  /** The canonical reason, what the answer holds, and the word of each protocol for it. */
  const TABLE: [StopReason, AssistantPart, Record<Dialect, string>][] = [
    ['stop', text, words('stop', 'completed', 'end_turn', 'STOP')],
    ['stop-sequence', text, words('stop', 'completed', 'stop_sequence', 'STOP')],
    ['length', text, words('length', 'incomplete: max_output_tokens', 'max_tokens', 'MAX_TOKENS')],
    ['tool-calls', call, words('tool_calls', 'completed', 'tool_use', 'STOP')],
    ['stop', call, words('tool_calls', 'completed', 'tool_use', 'STOP')],
    ['tool-calls', text, words('stop', 'completed', 'end_turn', 'STOP')],
    ['content-filter', text, words('content_filter', 'incomplete: content_filter', 'refusal', 'SAFETY')],
    ['refusal', text, words('content_filter', 'incomplete: content_filter', 'refusal', 'SAFETY')],
    ['refusal', refusal, words('stop', 'completed', 'refusal', 'SAFETY')],
    ['pause', text, words('stop', 'completed', 'pause_turn', 'OTHER')],
    ['context-length', text, words('length', 'failed', 'model_context_window_exceeded', 'MAX_TOKENS')],
    ['malformed-tool-call', text, words('stop', 'completed', 'end_turn', 'MALFORMED_FUNCTION_CALL')],
    ['other', text, words('stop', 'completed', 'end_turn', 'OTHER')],
  ];
  for (const [reason, part, expected] of TABLE)
    for (const [dialect, word] of Object.entries(expected) as [Dialect, string][])
      it(`${reason} with ${part.type} is ${word} for ${dialect}`, () => {
        const { answers } = told(dialect, { choices: [{ content: [part], finish: { reason } }] });
        for (const answer of answers) assert.equal(answer.stop, word);
      });

  it('names the sequence that was met where the protocol has a place for it', () => {
    const finish = { reason: 'stop-sequence', stopSequence: 'END' } as const;
    for (const answer of told('anthropic', { choices: [{ content: [text], finish }] }).answers)
      assert.equal(answer.stopSequence, 'END');
    const says = spoken('anthropic', { text: 'Hi', stop: 'stop-sequence', stopSequence: 'END' });
    for (const response of heard('anthropic', says))
      assert.equal(response.choices[0]?.finish.stopSequence, 'END');
  });
});

function words(chat: string, responses: string, anthropic: string, gemini: string): Record<Dialect, string> {
  return { 'openai-chat': chat, 'openai-responses': responses, anthropic, gemini };
}
