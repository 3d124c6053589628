import { bearer, type Provider } from './provider';

export const mistral: Provider = {
  name: 'mistral',
  label: 'Mistral',
  endpoints: [{ dialect: 'openai-chat', baseUrl: 'https://api.mistral.ai/v1', auth: bearer }],
  needsKey: true,
};
