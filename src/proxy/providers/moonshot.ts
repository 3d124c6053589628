import { bearer, type Provider } from './provider';

export const moonshot: Provider = {
  name: 'moonshot',
  label: 'Moonshot AI',
  endpoints: [{ dialect: 'openai-chat', baseUrl: 'https://api.moonshot.ai/v1', auth: bearer }],
  needsKey: true,
  models: /^(kimi|moonshot)/,
  defaultModel: 'kimi-k2-0905-preview',
};
