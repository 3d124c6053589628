/** What is allowed in the settings and surely not meant: told once at the start and with every change (SPEC §9). */
import { resolveAuthMode, type ProxySettings } from '../../shared/settings';
import { providerOf } from '../providers/registry';

/** One line for each, for a person; without values of keys. */
export function settingsNotes(settings: ProxySettings): string[] {
  const { accounts, preferredAccount, zai, apiKey, clientKeys } = settings;
  const notes: string[] = [];
  for (const { id, provider, key, enabled } of accounts) {
    const { needsKey, label } = providerOf(provider);
    if (enabled && needsKey && key === '')
      notes.push(`The account "${id}" has no key, and ${label} needs one.`);
  }
  if (preferredAccount !== '' && !accounts.some(({ id }) => id === preferredAccount))
    notes.push(`preferredAccount: there is no account "${preferredAccount}".`);
  if (zai.dispatchMode !== 'off' && zai.key === '')
    notes.push(`zai.dispatchMode is "${zai.dispatchMode}" and has no effect: zai has no key.`);
  for (const [index, { name, key }] of clientKeys.entries()) {
    const other = clientKeys.slice(0, index).find((each) => each.key === key);
    if (other) notes.push(`clientKeys: "${name}" has the key of "${other.name}" and is never recognised.`);
    else if (key === apiKey) notes.push(`clientKeys: "${name}" has the key of apiKey, which has no limits.`);
  }
  const mode = resolveAuthMode(settings.authMode, settings.allowLanAccess);
  if (mode !== 'off' && apiKey === '' && clientKeys.length === 0)
    notes.push(
      'A key is asked for (authMode), and there is neither an apiKey nor a client key: nobody is admitted.',
    );
  return notes;
}
