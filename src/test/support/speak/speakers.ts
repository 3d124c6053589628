/** Who puts a scripted answer into the words of which protocol. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { ScriptedAnswer, SpeakContext, SpokenAnswer } from '../upstream/scripted-answer';
import { speakAnthropic } from './speak-anthropic';
import { speakGemini } from './speak-gemini';
import { speakOpenaiChat } from './speak-openai-chat';
import { speakOpenaiResponses } from './speak-openai-responses';

export const SPEAKERS: Record<Dialect, (answer: ScriptedAnswer, context: SpeakContext) => SpokenAnswer> = {
  'openai-chat': speakOpenaiChat,
  'openai-responses': speakOpenaiResponses,
  anthropic: speakAnthropic,
  gemini: speakGemini,
};
