import { bearer, type Provider } from './provider';
import { arrangeMessages } from './mistral/arrange-messages';
import { placeStrictChat } from './place-strict-chat';

/**
 * https://docs.mistral.ai/api: its own names for two fields, usage in every stream without being asked, and 422 for what it does
 * not know. Which models take `reasoning_effort`, and which of its values, differs. The Responses API is a preview without
 * conversations.
 */
export const mistral: Provider = {
  name: 'mistral',
  label: 'Mistral',
  endpoints: [
    {
      dialect: 'openai-chat',
      baseUrl: 'https://api.mistral.ai/v1',
      auth: bearer,
      place: placeStrictChat({
        dropped: [
          'stream_options',
          'user',
          'prompt_cache_key',
          'prompt_cache_retention',
          'safety_identifier',
          'store',
        ],
        renamed: { seed: 'random_seed', max_completion_tokens: 'max_tokens' },
        arrange: arrangeMessages,
      }),
      traits: { maxTokensField: 'max_tokens', reasoningEffort: false, reasoningContent: false },
    },
  ],
  needsKey: true,
  models: /^(open-)?(mistral|mixtral|ministral|codestral|devstral|magistral|pixtral|voxtral)-[\w.-]+$/,
  defaultModel: 'mistral-large-latest',
  mediaModels: { embedding: 'mistral-embed', transcription: 'voxtral-mini-latest' },
};
