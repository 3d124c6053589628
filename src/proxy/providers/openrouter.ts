import { ANTHROPIC_VERSION, bearer, type Provider } from './provider';

/**
 * https://openrouter.ai/docs/api-reference: its model names have a vendor and a slash. …/docs/guides/guides/claude-code-integration:
 * the messages API for agents. Its Responses API is a beta that keeps no conversations.
 */
export const openrouter: Provider = {
  name: 'openrouter',
  label: 'OpenRouter',
  endpoints: [
    { dialect: 'openai-chat', baseUrl: 'https://openrouter.ai/api/v1', auth: bearer },
    { dialect: 'anthropic', baseUrl: 'https://openrouter.ai/api', auth: bearer, headers: ANTHROPIC_VERSION },
  ],
  needsKey: true,
  models: /^[\w.-]+\/[\w.:-]+$/,
  defaultModel: 'openrouter/auto',
};
