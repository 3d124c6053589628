import { bearer, type Provider } from './provider';

export const lmstudio: Provider = {
  name: 'lmstudio',
  label: 'LM Studio',
  endpoints: [{ dialect: 'openai-chat', baseUrl: 'http://127.0.0.1:1234/v1', auth: bearer }],
  needsKey: false,
};
