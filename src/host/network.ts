/** How upstreams are reached (SPEC 5.13): as the editor itself reaches the network. */
import * as tls from 'node:tls';
import * as vscode from 'vscode';
import type { NetworkSettings } from '../shared/settings';

const SETTINGS = ['proxy', 'noProxy', 'proxyStrictSSL', 'proxySupport', 'systemCertificates'];

/** Whether a change of the editor's settings changes what {@link readNetwork} gives. */
export const affectsNetwork = (event: { affectsConfiguration(section: string): boolean }): boolean =>
  SETTINGS.some((name) => event.affectsConfiguration(`http.${name}`));

/**
 * The editor's settings under `http.`, and the variables `HTTPS_PROXY`, `HTTP_PROXY` and `NO_PROXY` where a setting is
 * empty, as the editor has it (https://code.visualstudio.com/docs/setup/network). `http.proxySupport: "off"` turns both
 * off; its other values differ only in how an extension's own requests are caught, which are none here.
 * @param warn hears of certificates that cannot be read
 */
export function readNetwork(
  warn: (message: string) => void = () => undefined,
  environment: NodeJS.ProcessEnv = process.env,
): NetworkSettings {
  const http = vscode.workspace.getConfiguration('http');
  const off = http.get<string>('proxySupport') === 'off';
  const noProxy = http.get<string[]>('noProxy') ?? [];
  return {
    proxy: off ? '' : proxyUrl(http.get<string>('proxy') ?? '', environment),
    noProxy: noProxy.length > 0 ? noProxy : splitNoProxy(variable(environment, 'NO_PROXY')),
    strictSsl: http.get<boolean>('proxyStrictSSL') ?? true,
    certificates: (http.get<boolean>('systemCertificates') ?? true) ? systemCertificates(warn) : [],
  };
}

/** What must not be shown of a proxy's URL: the URL itself and its password, in each of its spellings. */
export function proxySecrets({ proxy }: Pick<NetworkSettings, 'proxy'>): string[] {
  if (!URL.canParse(proxy)) return [];
  const { username, password } = new URL(proxy);
  if (!password) return [];
  let plain = password;
  try {
    plain = decodeURIComponent(password);
  } catch {
    // Not encoded, then: it stands as it is.
  }
  return [proxy, `${username}:${password}`, password, plain];
}

/** The value of a variable, in capitals or not. */
const variable = (environment: NodeJS.ProcessEnv, name: string): string =>
  environment[name] || environment[name.toLowerCase()] || '';

const splitNoProxy = (text: string): string[] => text.split(/[\s,]+/).filter((name) => name !== '');

/** One that cannot be used goes on, too: requests then fail and say so, rather than lead around the network's proxy. */
function proxyUrl(setting: string, environment: NodeJS.ProcessEnv): string {
  const typed = setting.trim() || variable(environment, 'HTTPS_PROXY') || variable(environment, 'HTTP_PROXY');
  if (!typed) return '';
  return typed.includes('://') ? typed : `http://${typed}`;
}

/** What the system trusts. Node can tell from 22.15 on; before that its own list is all there is. */
function systemCertificates(warn: (message: string) => void): string[] {
  // Looked up by name: the editor's own Node may not have it.
  const { getCACertificates } = tls as Partial<typeof tls>;
  if (!getCACertificates) return [];
  try {
    return getCACertificates('system');
  } catch (error) {
    warn(`The certificates of the system cannot be read: ${String(error)}`);
    return [];
  }
}
