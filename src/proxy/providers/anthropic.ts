import { ANTHROPIC_VERSION, bearer, xApiKey, type Provider } from './provider';

/** https://docs.anthropic.com/en/api/overview */
export const anthropic: Provider = {
  name: 'anthropic',
  label: 'Anthropic',
  endpoints: [
    {
      dialect: 'anthropic',
      baseUrl: 'https://api.anthropic.com',
      auth: xApiKey,
      headers: ANTHROPIC_VERSION,
      holdsThreads: true,
    },
  ],
  needsKey: true,
  models: /^claude/,
  defaultModel: 'claude-sonnet-4-5',
};

/** Any server that speaks the messages API. Both header forms go out: such servers read one or the other. */
export const anthropicCompatible: Provider = {
  name: 'anthropic-compatible',
  label: 'Anthropic-compatible',
  endpoints: [
    {
      dialect: 'anthropic',
      auth: (key) => ({ ...xApiKey(key), ...bearer(key) }),
      headers: ANTHROPIC_VERSION,
    },
  ],
  needsKey: false,
};
