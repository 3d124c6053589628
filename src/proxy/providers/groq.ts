import { bearer, type Provider } from './provider';
import { placeStrictChat } from './place-strict-chat';

/**
 * https://console.groq.com/docs/openai, …/docs/api-reference, …/docs/speech-to-text. Unknown fields are refused, earlier
 * reasoning and `reasoning_effort` by all models but a few. Its Responses API is a beta without conversations that refuses
 * much of what agents send: Portside speaks that one itself.
 */
export const groq: Provider = {
  name: 'groq',
  label: 'Groq',
  endpoints: [
    {
      dialect: 'openai-chat',
      baseUrl: 'https://api.groq.com/openai/v1',
      auth: bearer,
      place: placeStrictChat({
        dropped: ['prompt_cache_key', 'prompt_cache_retention', 'safety_identifier', 'store'],
      }),
      traits: { maxTokensField: 'max_completion_tokens', reasoningEffort: false, reasoningContent: false },
    },
  ],
  needsKey: true,
  defaultModel: 'openai/gpt-oss-120b',
  mediaModels: { transcription: 'whisper-large-v3-turbo' },
};
