import { ANTHROPIC_VERSION, bearer, xApiKey, type Provider } from './provider';

/**
 * https://api-docs.deepseek.com, …/guides/anthropic_api, …/guides/thinking_mode: calls must come back with the reasoning before
 * them. Its Responses API keeps no conversations, so Portside speaks that one itself. `deepseek-flash` is an alias.
 */
export const deepseek: Provider = {
  name: 'deepseek',
  label: 'DeepSeek',
  endpoints: [
    { dialect: 'openai-chat', baseUrl: 'https://api.deepseek.com', auth: bearer },
    {
      dialect: 'anthropic',
      baseUrl: 'https://api.deepseek.com/anthropic',
      auth: xApiKey,
      headers: ANTHROPIC_VERSION,
    },
  ],
  needsKey: true,
  // Local servers name their copies with a colon (`deepseek-r1:8b`), others with the name of what was distilled.
  models: /^deepseek-(flash|pro|chat|reasoner|v\d)[\w.-]*$/,
  defaultModel: 'deepseek-flash',
};
