import type { Dialect } from '../../shared/setting-names';

/** The protocols as people call them. Names: not translated. */
export const DIALECT_LABELS: Record<Dialect, string> = {
  'openai-chat': 'OpenAI Chat Completions',
  'openai-responses': 'OpenAI Responses',
  anthropic: 'Anthropic Messages',
  gemini: 'Gemini',
};
