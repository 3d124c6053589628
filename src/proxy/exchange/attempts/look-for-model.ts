import type { Dialect } from '../../dialects/canonical';
import { lists } from '../../routing/resolve-model';
import { chosenFor, type Choice } from './candidates';
import type { Core } from '../core';

/** The longest that a request waits for accounts to say what they have, in milliseconds. */
const PATIENCE_MS = 3000;

const isListed = (core: Core, { account, model }: Choice) =>
  lists(account, model, (id) => core.catalog.known(id));

/**
 * Asks the accounts for their lists of models where nothing else tells who has this one (SPEC 5.10).
 * @returns undefined where nobody need be asked: always, but for the first requests for an unknown name
 * @throws NoAccountError, NotFoundError
 */
export function lookForModel(core: Core, client: Dialect, model: string): Promise<void> | undefined {
  const accounts = core.pool.enabled();
  if (accounts.length <= 1) return undefined;
  const { found, choices } = chosenFor(core, client, model);
  // The account's name in front of a model's may be part of the model's name, as another account has it.
  const named = found === 'account' && !choices.flat().some((each) => isListed(core, each));
  if (found !== 'unknown' && found !== 'default' && !named) return undefined;
  const open = accounts.filter(
    (account) => !account.models?.length && account.provider !== 'demo' && account !== core.zaiDispatch,
  );
  if (open.every(({ id }) => core.catalog.isFresh(id))) return undefined;
  const asked = core.catalog.union(open);
  // What is old is asked for anew meanwhile; nobody waits for it.
  if (open.every(({ id }) => core.catalog.known(id) !== undefined)) return undefined;
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, PATIENCE_MS);
    void asked.finally(() => {
      clearTimeout(timer);
      resolve();
    });
  });
}
