import { ANTHROPIC_VERSION, bearer, bearerAndApiKey, type Provider } from './provider';

/**
 * https://platform.kimi.ai/docs/api/overview, …/docs/models. In China the host is api.moonshot.cn, as a base URL of the user's.
 * No alias names the newest model (`kimi-latest` is gone), and only that one takes `reasoning_effort`, with values of its own.
 */
export const moonshot: Provider = {
  name: 'moonshot',
  label: 'Moonshot AI',
  endpoints: [
    {
      dialect: 'openai-chat',
      baseUrl: 'https://api.moonshot.ai/v1',
      auth: bearer,
      traits: { maxTokensField: 'max_completion_tokens', reasoningEffort: false },
    },
    {
      dialect: 'anthropic',
      baseUrl: 'https://api.moonshot.ai/anthropic',
      auth: bearerAndApiKey,
      headers: ANTHROPIC_VERSION,
    },
  ],
  needsKey: true,
  models: /^(kimi|moonshot-v1)-[\w.-]+$/,
  defaultModel: 'kimi-k3',
};
