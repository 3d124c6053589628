import { connect } from 'node:net';
import * as vscode from 'vscode';
import type { Check, Finding } from '../check';
import { settingsFix } from '../fixes';
import { shownUrl } from '../variables';

const CONNECT_MS = 4_000;

/** How Portside reaches providers: the editor's own forward proxy, and whether certificates are checked. */
export const checkNetwork: Check = {
  id: 'network',
  title: () => vscode.l10n.t('Network of the editor'),
  async run(context, signal) {
    const t = vscode.l10n.t;
    const { proxy, noProxy, strictSsl } = context.machine.network;
    const findings: Finding[] = [];
    if (proxy === '') findings.push({ severity: 'ok', words: t('Providers are reached without a proxy.') });
    else if (!URL.canParse(proxy) || !/^https?:$/.test(new URL(proxy).protocol))
      findings.push({
        severity: 'error',
        words: t('The editor’s proxy is not an http or https URL: providers cannot be reached.'),
        fix: settingsFix(context, 'http.proxy'),
      });
    else {
      const trouble = await reach(new URL(proxy), signal);
      const shown = shownUrl(proxy);
      findings.push(
        trouble === undefined
          ? {
              severity: 'ok',
              words: t('Providers are reached through {0}; this machine is reached around it.', shown),
            }
          : {
              severity: 'error',
              words: t('The proxy {0} of the editor’s settings cannot be reached: {1}', shown, trouble),
              fix: settingsFix(context, 'http.proxy'),
            },
      );
      if (noProxy.length > 0)
        findings.push({ severity: 'info', words: t('Reached around it, too: {0}', noProxy.join(', ')) });
    }
    if (!strictSsl)
      findings.push({
        severity: 'warning',
        words: t(
          'Certificates of providers are not checked (http.proxyStrictSSL is off): keys may be read on the way.',
        ),
        fix: { title: t('Check Certificates'), do: () => context.writeSetting('http.proxyStrictSSL', true) },
      });
    return findings;
  },
};

/** Why no connection is made; undefined when it is. */
function reach({ hostname, port, protocol }: URL, signal: AbortSignal): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({
      host: hostname.replace(/^\[|\]$/g, ''),
      port: Number(port) || (protocol === 'https:' ? 443 : 80),
    });
    const end = (trouble?: string) => {
      socket.destroy();
      resolve(trouble);
    };
    socket.setTimeout(CONNECT_MS, () => end(vscode.l10n.t('no answer within {0} ms', CONNECT_MS)));
    socket.on('connect', () => end());
    socket.on('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message));
    signal.addEventListener('abort', () => end(vscode.l10n.t('no answer within {0} ms', CONNECT_MS)));
  });
}
