import { bearer, type Provider } from './provider';

export const azure: Provider = {
  name: 'azure',
  label: 'Azure OpenAI',
  endpoints: [{ dialect: 'openai-chat', auth: bearer }],
  needsKey: true,
};
