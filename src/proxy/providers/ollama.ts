import { bearer, type Provider } from './provider';

/** https://docs.ollama.com/api/openai-compatibility: a key is accepted and ignored. */
export const ollama: Provider = {
  name: 'ollama',
  label: 'Ollama',
  endpoints: [{ dialect: 'openai-chat', baseUrl: 'http://127.0.0.1:11434/v1', auth: bearer }],
  needsKey: false,
};
