import { ANTHROPIC_VERSION, bearer, type Provider } from './provider';

/** https://docs.z.ai: the messages API for agents, chat completions for the rest. */
export const zai: Provider = {
  name: 'zai',
  label: 'z.ai',
  endpoints: [
    {
      dialect: 'anthropic',
      baseUrl: 'https://api.z.ai/api/anthropic',
      auth: bearer,
      headers: ANTHROPIC_VERSION,
    },
    { dialect: 'openai-chat', baseUrl: 'https://api.z.ai/api/paas/v4', auth: bearer },
  ],
  needsKey: true,
  models: /^glm/,
  defaultModel: 'glm-4.6',
};
