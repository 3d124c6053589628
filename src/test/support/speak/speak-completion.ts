/** OpenAI's text completions as a server speaks them (platform.openai.com/docs/api-reference/completions). */
import type { JsonObject } from '../../../shared/json';
import { DEFAULT_USAGE, pieces } from '../upstream/scripted-answer';
import type { ScriptedAnswer, SpeakContext, SpokenAnswer } from '../upstream/scripted-answer';

/** The answer's text as a `text_completion` and as its chunks with `[DONE]`. */
export function speakCompletion(answer: ScriptedAnswer, context: SpeakContext): SpokenAnswer {
  const used = answer.usage ?? DEFAULT_USAGE;
  const usage = {
    prompt_tokens: used.input,
    completion_tokens: used.output,
    total_tokens: used.input + used.output,
  };
  const of = (text: string, finish: string | null, more: JsonObject = {}): JsonObject => ({
    id: 'cmpl-scripted',
    object: 'text_completion',
    created: 1770000000,
    model: answer.model ?? context.model,
    choices: [{ text, index: 0, logprobs: null, finish_reason: finish }],
    ...more,
  });
  const text = answer.text ?? '';
  const finish = answer.stop === 'length' ? 'length' : 'stop';
  const chunks = [...pieces(text).map((piece) => of(piece, null)), of('', finish)];
  if (context.streamUsage) chunks.push({ ...of('', null), choices: [], usage });
  return {
    body: of(text, finish, { usage }),
    events: [...chunks.map((chunk) => ({ data: JSON.stringify(chunk) })), { data: '[DONE]' }],
  };
}
