import { bearer, type Provider } from './provider';

export const xai: Provider = {
  name: 'xai',
  label: 'xAI',
  endpoints: [{ dialect: 'openai-chat', baseUrl: 'https://api.x.ai/v1', auth: bearer }],
  needsKey: true,
  models: /^grok/,
  defaultModel: 'grok-4',
};
