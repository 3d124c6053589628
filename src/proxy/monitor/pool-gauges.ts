import type { AccountStatus, Health } from '../../shared/status';
import type { Family, Sample } from './exposition';

const HEALTHS: readonly Health[] = ['healthy', 'cooling', 'probing', 'disabled'];

/**
 * The pool as it is, for `/metrics` (SPEC 6.7).
 * @param version of Portside
 * @param now Unix time in milliseconds
 */
export function poolGauges(accounts: AccountStatus[], version: string, now: number): Family[] {
  const gauge = (name: string, help: string, samples: Sample[]): Family => ({
    name,
    help,
    type: 'gauge',
    samples,
  });
  const left = (until: number | undefined) => Math.max(0, ((until ?? now) - now) / 1000);
  // Two accounts may have the same label: their ids tell them apart.
  const labelsOf = ({ label, id }: AccountStatus) => ({ account: label, id });
  const ofEach = (read: (account: AccountStatus) => number): Sample[] =>
    accounts.map((account) => ({ labels: labelsOf(account), value: read(account) }));
  return [
    gauge('portside_build_info', 'Always 1; the version is its label.', [{ labels: { version }, value: 1 }]),
    gauge(
      'portside_accounts',
      'Accounts by their health.',
      HEALTHS.map((health) => ({
        labels: { health },
        value: accounts.filter(({ state }) => state === health).length,
      })),
    ),
    gauge(
      'portside_account_in_flight_requests',
      'Requests that the account answers now.',
      ofEach(({ inFlight = 0 }) => inFlight),
    ),
    gauge(
      'portside_account_queued_requests',
      'Requests that wait for a place at the account.',
      ofEach(({ queued = 0 }) => queued),
    ),
    gauge(
      'portside_account_cooling_seconds',
      'Time until the account is asked again; 0 while it does not rest.',
      ofEach(({ until }) => left(until)),
    ),
    gauge(
      'portside_account_model_cooling_seconds',
      'Time until the account is asked for the model again, of models that rest while others are served.',
      accounts.flatMap((account) =>
        (account.models ?? []).map(({ model, until }) => ({
          labels: { ...labelsOf(account), model },
          value: left(until),
        })),
      ),
    ),
  ];
}
