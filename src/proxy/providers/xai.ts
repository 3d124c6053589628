import { bearer, type Provider } from './provider';

/**
 * https://docs.x.ai/developers/model-capabilities/text/comparison: the Responses API is the one to use, with encrypted reasoning
 * and conversations kept for 30 days; chat completions is called deprecated, the messages API is. `grok-latest` is an alias.
 */
export const xai: Provider = {
  name: 'xai',
  label: 'xAI',
  endpoints: [
    {
      dialect: 'openai-responses',
      baseUrl: 'https://api.x.ai/v1',
      auth: bearer,
      // Its own list of kinds of tools has none with free text.
      traits: { customTools: false },
    },
    {
      dialect: 'openai-chat',
      baseUrl: 'https://api.x.ai/v1',
      auth: bearer,
      traits: { maxTokensField: 'max_completion_tokens' },
    },
  ],
  needsKey: true,
  models: /^grok-[\w.-]+$/,
  defaultModel: 'grok-latest',
  mediaModels: { image: 'grok-imagine-image' },
};
