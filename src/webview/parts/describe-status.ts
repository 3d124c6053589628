import { t } from '@vscode/l10n';
import type { AuthMode, ResolvedAuthMode } from '../../shared/setting-names';
import type { AccountStatus, Health, ProxyStatus } from '../../shared/status';

/** The proxy's state in a word or two. */
export function describeState(status: ProxyStatus): string {
  switch (status.state) {
    case 'running':
      return t('Running');
    case 'starting':
      return t('Starting…');
    case 'stopping':
      return t('Stopping…');
    case 'stopped':
      return status.failure ? t('Failed to start') : t('Stopped');
  }
}

/** How many accounts can answer. */
export function describeAccounts({ activeAccounts }: ProxyStatus): string {
  if (activeAccounts === 0) return t('no active accounts');
  return activeAccounts === 1 ? t('1 active account') : t('{0} active accounts', activeAccounts);
}

interface Condition {
  state: Health;
  reason?: string;
  /** Unix ms. */
  until?: number;
}

/**
 * How an account or a model of it fares, with the reason and the time left.
 * @param now Unix ms
 */
export function describeHealth({ state, reason, until }: Condition, now: number): string {
  return because(healthWord(state, until, now), state === 'healthy' ? undefined : reason);
}

/** As {@link describeHealth}, and who disabled it. */
export function describeAccount(account: AccountStatus, now: number): string {
  if (!account.enabled) return t('Disabled by you');
  if (account.state === 'disabled') return because(t('Disabled by the provider'), account.reason);
  return describeHealth(account, now);
}

function healthWord(state: Health, until: number | undefined, now: number): string {
  switch (state) {
    case 'healthy':
      return t('Healthy');
    case 'disabled':
      return t('Disabled');
    case 'probing':
      return t('Probing, one request decides');
    case 'cooling':
      if (until === undefined) return t('Cooling');
      return until > now ? t('Cooling, back in {0}', countdown(until - now)) : t('Cooling, back any moment');
  }
}

const because = (words: string, reason: string | undefined): string =>
  reason ? `${words}: ${reason}` : words;

/** Time left as a clock shows it, `0:42` or `1:05:00`; begun seconds count. */
export function countdown(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  const two = (number: number): string => String(number).padStart(2, '0');
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const tail = two(seconds % 60);
  return hours > 0 ? `${hours}:${two(minutes)}:${tail}` : `${minutes}:${tail}`;
}

/** What is known of an account in numbers: name and value of each, in the order of the row. */
export function accountNumbers(account: AccountStatus): { name: string; value: string }[] {
  const { inFlight, queued, successRate, latencyMs, served } = account;
  // Noughts all along say nothing.
  if (!inFlight && !queued && !served && successRate === undefined) return [];
  return [
    { name: t('In flight'), value: inFlight === undefined ? '' : count(inFlight) },
    { name: t('Waiting'), value: queued ? count(queued) : '' },
    { name: t('Succeeded'), value: successRate === undefined ? '' : percent(successRate) },
    { name: t('First byte'), value: latencyMs === undefined ? '' : duration(latencyMs) },
    { name: t('Served'), value: served === undefined ? '' : count(served) },
  ].filter(({ value }) => value !== '');
}

/** A number as people write it: `1,204`. */
export const count = (number: number): string => number.toLocaleString();

/** Rounded down: what failed once is not 100 %. */
const percent = (share: number): string => `${Math.floor(share * 100)}%`;

const duration = (ms: number): string =>
  ms < 1000 ? t('{0} ms', Math.round(ms)) : t('{0} s', (ms / 1000).toFixed(1));

/** What a mode of authentication means, in words. */
export function describeAuth(mode: ResolvedAuthMode): string {
  switch (mode) {
    case 'off':
      return t('No key is asked for.');
    case 'strict':
      return t('Every request needs the API key, /healthz too.');
    case 'all_except_health':
      return t('Every request but /healthz needs the API key.');
  }
}

/** The chosen mode with what it amounts to now. */
export function describeAuthNow(mode: AuthMode, resolved: ResolvedAuthMode, lan: boolean): string {
  if (mode !== 'auto') return describeAuth(resolved);
  const why = lan ? t('LAN access is on') : t('LAN access is off');
  return t('{0}, so auto means {1}. {2}', why, resolved, describeAuth(resolved));
}
