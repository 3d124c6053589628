import type { CanonicalRequest, CanonicalResponse } from '../dialects/canonical';
import type { Provider } from './provider';

export const DEMO_MODEL = 'portside-demo';

/** The built-in account that needs no key: it shows that everything between agent and proxy works. */
export const demo: Provider = {
  name: 'demo',
  label: 'Demo',
  endpoints: [],
  needsKey: false,
  models: /^portside-demo$/,
  defaultModel: DEMO_MODEL,
};

function lastUserText(request: CanonicalRequest): string {
  for (const message of [...request.messages].reverse()) {
    if (message.role !== 'user') continue;
    const text = message.content.flatMap((part) => (part.type === 'text' ? [part.text] : [])).join(' ');
    if (text.trim()) return text.trim();
  }
  return '';
}

/** A rough count (four characters a token), the same for the same text. */
const tokensOf = (text: string) => Math.max(1, Math.ceil(text.length / 4));

/** The demo account's answer: always the same for the same request. */
export function demoAnswer(request: CanonicalRequest): CanonicalResponse {
  const asked = lastUserText(request);
  const quote = asked.length > 200 ? `${asked.slice(0, 200)}…` : asked;
  const text = [
    'Hello from Portside. This is the built-in demo account: it needs no key and no network.',
    asked ? `You said: "${quote}"` : 'You sent no text.',
    'Add an account with a provider key to get real answers.',
  ].join('\n');
  return {
    model: DEMO_MODEL,
    choices: [{ content: [{ type: 'text', text }], finish: { reason: 'stop' } }],
    usage: { inputTokens: tokensOf(asked), outputTokens: tokensOf(text) },
  };
}
