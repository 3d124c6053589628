import * as vscode from 'vscode';
import { bindAddress } from '../../../shared/setting-names';
import { listenError } from '../../find-free-port';
import type { Check, DoctorContext, Finding, Fix } from '../check';
import { startFix } from '../fixes';
import { findPortHolder } from '../port-holder';

const PROBE_MS = 2_000;

/** Whether the port is this window's, another window's, free, or somebody else's. */
export const checkPort: Check = {
  id: 'port',
  title: () => vscode.l10n.t('Port'),
  async run(context, signal) {
    const t = vscode.l10n.t;
    const { controller } = context;
    if (!controller.status().listening) await controller.lookForOwner();
    const { listening, attached, restartNeeded, state } = controller.status();
    const { port, allowLanAccess } = controller.settings();
    if (listening) {
      const words = attached
        ? t('{0} is served by another window of this editor; this one shows it.', listening.url)
        : t('{0} is served by this window.', listening.url);
      const restart: Finding = {
        severity: 'warning',
        words: t('The changed port or LAN access needs a restart of the proxy.'),
        fix: { title: t('Restart Proxy'), do: () => context.run('portside.restart') },
      };
      return [{ severity: 'ok', words }, ...(restartNeeded ? [restart] : [])];
    }
    if (state === 'starting' || state === 'stopping')
      return [{ severity: 'info', words: t('The proxy is just starting or stopping.') }];
    const error = await listenError(port, bindAddress(allowLanAccess));
    switch (error) {
      case undefined:
        return [
          {
            severity: 'warning',
            words: t('The proxy does not run: clients are refused. Port {0} is free.', port),
            fix: startFix(context),
          },
        ];
      case 'EADDRINUSE':
        return [await taken(context, port, signal)];
      case 'EACCES':
        return [
          await withOtherPort(context, t('The system does not let programs listen at port {0}.', port)),
        ];
      default:
        return [await withOtherPort(context, t('Port {0} cannot be used: {1}', port, error))];
    }
  },
};

async function taken(context: DoctorContext, port: number, signal: AbortSignal): Promise<Finding> {
  const t = vscode.l10n.t;
  const [holder, isPortside] = await Promise.all([
    findPortHolder(port, context.machine.platform, signal),
    answersAsPortside(context, port),
  ]);
  const who =
    holder === undefined
      ? ''
      : holder.name === undefined
        ? t('process {0}', holder.pid)
        : t('{0}, process {1}', holder.name, holder.pid);
  if (isPortside)
    return withOtherPort(
      context,
      who
        ? t('Port {0} is held by the Portside of another editor or of the command line ({1}).', port, who)
        : t('Port {0} is held by the Portside of another editor or of the command line.', port),
    );
  return withOtherPort(
    context,
    who
      ? t('Port {0} is held by another program ({1}).', port, who)
      : t('Port {0} is held by another program.', port),
  );
}

async function answersAsPortside({ probe }: DoctorContext, port: number): Promise<boolean> {
  try {
    const { body } = await probe(`http://127.0.0.1:${port}/`, PROBE_MS, {});
    const { name, error } = JSON.parse(body) as { name?: unknown; error?: { message?: unknown } };
    // One that asks for its key tells no name, but says whose key it wants.
    return name === 'portside' || String(error?.message).includes('Portside');
  } catch {
    return false;
  }
}

async function withOtherPort(context: DoctorContext, words: string): Promise<Finding> {
  const { controller } = context;
  const free = await controller.nextFreePort();
  if (free === undefined) return { severity: 'error', words };
  const fix: Fix = {
    title: vscode.l10n.t('Use Port {0}', free),
    async do() {
      await controller.updateSetting('port', free);
      await context.run('portside.start');
    },
  };
  return { severity: 'error', words, fix };
}
