import type { CommandContext } from '../command-context';
import type { AccountView } from '../../controller/controller';

/** Makes sure that the built-in demo account exists and is enabled. Gives it back. */
export async function useDemoAccount({ controller }: CommandContext): Promise<AccountView> {
  const demo = controller.accounts().find(({ provider }) => provider === 'demo');
  if (!demo) return controller.addAccount({ provider: 'demo', key: '' });
  if (!demo.enabled) await controller.setAccountEnabled(demo.id, true);
  return { ...demo, enabled: true };
}
