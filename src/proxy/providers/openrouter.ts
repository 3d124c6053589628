import { bearer, type Provider } from './provider';

/** https://openrouter.ai/docs/api-reference: its model names have a vendor and a slash. */
export const openrouter: Provider = {
  name: 'openrouter',
  label: 'OpenRouter',
  endpoints: [{ dialect: 'openai-chat', baseUrl: 'https://openrouter.ai/api/v1', auth: bearer }],
  needsKey: true,
  models: /^[\w.-]+\/[\w.:-]+$/,
  defaultModel: 'openrouter/auto',
};
