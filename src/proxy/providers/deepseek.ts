import { bearer, type Provider } from './provider';

export const deepseek: Provider = {
  name: 'deepseek',
  label: 'DeepSeek',
  endpoints: [{ dialect: 'openai-chat', baseUrl: 'https://api.deepseek.com/v1', auth: bearer }],
  needsKey: true,
  models: /^deepseek/,
  defaultModel: 'deepseek-chat',
};
