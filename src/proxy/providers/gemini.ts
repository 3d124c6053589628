import { xGoogApiKey, type Provider } from './provider';

/** https://ai.google.dev/api; the `-latest` names are Google's own aliases. */
export const gemini: Provider = {
  name: 'gemini',
  label: 'Google Gemini',
  endpoints: [{ dialect: 'gemini', baseUrl: 'https://generativelanguage.googleapis.com', auth: xGoogApiKey }],
  needsKey: true,
  models: /^(models\/)?(gemini|gemma|learnlm|imagen|veo|aqa|text-embedding-00)|^tunedModels\//,
  defaultModel: 'gemini-flash-latest',
};
