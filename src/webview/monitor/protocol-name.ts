import { t } from '@vscode/l10n';

/** A protocol in a narrow column. Names: not translated. */
const SHORT: Record<string, string> = {
  'openai-chat': 'Chat',
  'openai-responses': 'Responses',
  anthropic: 'Messages',
  gemini: 'Gemini',
  bedrock: 'Bedrock',
};

/** A protocol's name where there is little room: `Messages` is Anthropic's. */
export function protocolName(protocol: string): string {
  return protocol === 'editor' ? t('Editor') : (SHORT[protocol] ?? protocol);
}
