import { providerInfo } from '../../shared/provider-list';
import type { AccountView } from '../controller/controller';

/** Whether an account's provider wants a key and this machine has none. */
export const lacksKey = ({ provider, hasKey }: AccountView): boolean =>
  !hasKey && providerInfo(provider).key === 'required';
