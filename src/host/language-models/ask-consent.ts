/** The moment at which the editor asks the user: a person has just said that Portside shall use its models. */
import * as vscode from 'vscode';
import { CHAT_VENDOR } from '../chat-models/vendor';
import { describeLmError } from './describe-lm-error';

/** What the editor shows when it asks. */
export const justification = (): string =>
  vscode.l10n.t(
    'You added the account “Editor models”: Portside answers your coding agents’ requests with these models.',
  );

/** Those who bring models, with the models' names; Portside itself is none of them. */
export async function modelVendors(): Promise<Map<string, string[]>> {
  const vendors = new Map<string, string[]>();
  for (const { vendor, name } of await foreignModels())
    vendors.set(vendor, [...(vendors.get(vendor) ?? []), name]);
  return vendors;
}

/** Without those that Portside itself brings: they would ask the pool, which would ask the editor. */
export async function foreignModels(): Promise<vscode.LanguageModelChat[]> {
  const models = await vscode.lm.selectChatModels();
  return models.filter(({ vendor }) => vendor !== CHAT_VENDOR);
}

/**
 * Makes the editor ask for consent to use a vendor's models, where it has not yet. It does so with a request, and with
 * nothing else: a short one, which is broken off as soon as it was let through.
 * @returns whether Portside may use them
 */
export async function askConsent(vendor: string): Promise<boolean> {
  const model = (await foreignModels()).find((each) => each.vendor === vendor);
  if (!model) return false;
  const stop = new vscode.CancellationTokenSource();
  try {
    const messages = [vscode.LanguageModelChatMessage.User('Say: ok')];
    const { text } = await model.sendRequest(messages, { justification: justification() }, stop.token);
    // Whatever the broken-off answer still says, or however it ends, is nobody's concern.
    drain(text).catch(() => undefined);
    return true;
  } catch (error) {
    // Anything else comes from behind the consent: a quota, a network.
    return describeLmError(error).kind !== 'permission';
  } finally {
    stop.cancel();
    stop.dispose();
  }
}

async function drain(text: AsyncIterable<string>): Promise<void> {
  const reading = text[Symbol.asyncIterator]();
  while (!(await reading.next()).done);
}
