import { bearer, type Provider } from './provider';

export const groq: Provider = {
  name: 'groq',
  label: 'Groq',
  endpoints: [{ dialect: 'openai-chat', baseUrl: 'https://api.groq.com/openai/v1', auth: bearer }],
  needsKey: true,
};
