import * as vscode from 'vscode';

/**
 * What the proxy itself says of an account that was tested. The proxy knows no languages: its sentences are found again here.
 * A test compares them with its code.
 */
export const SENTENCES = [
  'The demo account is built in and always works.',
  '{0} cannot be asked.',
  '{0} needs an API key.',
  '{0} needs a base URL.',
  '{0} accepted the key and lists {1} models.',
  '{0} accepted the key.',
  '{0} answered, but its list of models could not be read.',
  '{0} answers, but lists no models, so the key could not be tested.',
  '{0} answered 404: {1}. Check the base URL.',
  '{0} answered {1}: {2}',
  '{0}: Portside may use {1}.',
  'The editor has no language models that Portside may use. Run “Portside: Allow Editor Models”, or install an extension that brings some.',
];

const PATTERNS = SENTENCES.map((sentence) => {
  const parts = sentence.split(/\{\d\}/).map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'));
  return { sentence, pattern: new RegExp(`^${parts.join('(.+?)')}$`, 's') };
});

/** A verdict in the editor's language, as far as it is the proxy's own words; what a provider said stays as it is. */
export function translateVerdict(message: string): string {
  for (const { sentence, pattern } of PATTERNS) {
    const values = pattern.exec(message)?.slice(1);
    if (values) return vscode.l10n.t(sentence, ...values);
  }
  return message;
}
