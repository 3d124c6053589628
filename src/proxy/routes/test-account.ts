import type { Account } from '../../shared/settings';
import type { AccountTest } from '../../shared/status';
import { upstreamAdapterOf } from '../dialects/registry';
import { providerOf } from '../providers/registry';
import { endpointFor } from '../routing/resolve-model';
import type { Dispatchers } from '../upstream/dispatcher';
import { networkFailure } from '../exchange/failure';
import { askModels, modelIds } from '../exchange/list-upstream-models';

/** Tests an account with one cheap call: its list of models. Never rejects; the answer never holds the key. */
export async function testAccount(
  dispatchers: Dispatchers,
  account: Account,
  connectMs: number,
): Promise<AccountTest> {
  const provider = providerOf(account.provider);
  if (account.provider === 'demo')
    return { ok: true, message: 'The demo account is built in and always works.' };
  const endpoint = endpointFor(account, 'openai-chat');
  if (!endpoint) return { ok: false, message: `${provider.label} cannot be asked.` };
  if (provider.needsKey && !account.key) return { ok: false, message: `${provider.label} needs an API key.` };
  if (account.provider === 'vscode') return testEditor(dispatchers, account, connectMs);
  if (!account.baseUrl && !endpoint.baseUrl)
    return { ok: false, message: `${provider.label} needs a base URL.` };
  const scrub = (text: string) => (account.key.length >= 6 ? text.replaceAll(account.key, '***') : text);
  try {
    const { status, body } = await askModels(dispatchers, account, connectMs);
    if (status === 200) {
      const models = modelIds(body);
      if (models && provider.listsOthersModels)
        return { ok: true, message: `${provider.label} accepted the key.` };
      return models
        ? {
            ok: true,
            message: `${provider.label} accepted the key and lists ${models.length} models.`,
            models,
          }
        : { ok: true, message: `${provider.label} answered, but its list of models could not be read.` };
    }
    const info = upstreamAdapterOf(endpoint.dialect).decodeError(status, body);
    if (status === 404 || status === 405) {
      // Some compatible servers have no list. Nothing is known of the key then, but the server is there.
      return provider.models
        ? {
            ok: false,
            message: scrub(`${provider.label} answered 404: ${info.message}. Check the base URL.`),
          }
        : {
            ok: true,
            message: `${provider.label} answers, but lists no models, so the key could not be tested.`,
          };
    }
    return { ok: false, message: scrub(`${provider.label} answered ${status}: ${info.message}`) };
  } catch (error) {
    const { message } = networkFailure(error as Error, account.label ?? provider.label).error;
    return { ok: false, message: scrub(message) };
  }
}

/** The list is free to read. It has the models that the user has allowed. */
async function testEditor(
  dispatchers: Dispatchers,
  account: Account,
  connectMs: number,
): Promise<AccountTest> {
  const { label } = providerOf(account.provider);
  try {
    const { status, body } = await askModels(dispatchers, account, connectMs);
    if (status !== 200)
      return { ok: false, message: upstreamAdapterOf('editor').decodeError(status, body).message };
    const models = modelIds(body) ?? [];
    return models.length === 0
      ? {
          ok: false,
          message:
            'The editor has no language models that Portside may use. Run “Portside: Allow Editor Models”, or install an extension that brings some.',
        }
      : {
          ok: true,
          message: `${label}: Portside may use ${models.length}.`,
          models,
        };
  } catch (error) {
    return { ok: false, message: networkFailure(error as Error, account.label ?? label).error.message };
  }
}
