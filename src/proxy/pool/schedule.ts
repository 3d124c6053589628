/** Whose turn it is among accounts of equal claim (SPEC 5.3). */
import type { Scheduling } from '../../shared/settings';

/** What the choice depends on. */
export interface Contender {
  readonly account: { readonly priority: number; readonly weight: number };
  /** Smooth weighted round robin's running value: how much it was passed over. */
  current: number;
  readonly inFlight: number;
  readonly statistics: { readonly latencyMs: number | undefined };
}

/** The index of the chosen one among those of the highest priority; -1 when there are none. Moves the turn on. */
export function choose(
  contenders: readonly Contender[],
  scheduling: Scheduling,
  random: () => number,
): number {
  if (contenders.length < 2) return contenders.length - 1;
  let top = -Infinity;
  for (const { account } of contenders) if (account.priority > top) top = account.priority;
  return scheduling === 'performance_first' ? faster(contenders, top, random) : nextInTurn(contenders, top);
}

/**
 * Smooth weighted round robin, as nginx does it: everybody gains its weight, the highest is chosen and pays for all. The
 * values add up to nothing among whoever contends, so that also with changing contenders each gets its share.
 */
function nextInTurn(contenders: readonly Contender[], priority: number): number {
  let total = 0;
  let chosen = -1;
  let most = -Infinity;
  for (let index = 0; index < contenders.length; index++) {
    const each = contenders[index];
    if (each?.account.priority !== priority) continue;
    total += each.account.weight;
    each.current += each.account.weight;
    if (each.current > most) {
      most = each.current;
      chosen = index;
    }
  }
  const winner = contenders[chosen];
  if (winner) winner.current -= total;
  return chosen;
}

/** The share of requests that go to whoever is drawn, so that a slow account's recovery is noticed. */
const EXPLORING = 0.04;

/** The power of two choices: two are drawn by weight, the one that is likely to answer sooner is taken. */
function faster(contenders: readonly Contender[], priority: number, random: () => number): number {
  let total = 0;
  for (const { account } of contenders) if (account.priority === priority) total += account.weight;
  const first = draw(contenders, priority, random() * total, -1);
  if (random() < EXPLORING) return first;
  const left = total - (contenders[first]?.account.weight ?? 0);
  const second = draw(contenders, priority, random() * left, first);
  const [a, b] = [contenders[first], contenders[second]];
  return a && b && sooner(b, a) ? second : first;
}

/** The one at this point of the line of weights. @param not the index of one that stands in no line; -1 for nobody */
function draw(contenders: readonly Contender[], priority: number, point: number, not: number): number {
  let last = -1;
  let left = point;
  for (let index = 0; index < contenders.length; index++) {
    const account = contenders[index]?.account;
    if (account?.priority !== priority || index === not) continue;
    last = index;
    left -= account.weight;
    if (left < 0) return index;
  }
  return last;
}

/** Whether `a` is likely to answer sooner than `b`. Whose latency nobody knows yet is taken for as fast as the other. */
export function sooner(a: Contender, b: Contender): boolean {
  const known = a.statistics.latencyMs ?? b.statistics.latencyMs ?? 1;
  const other = b.statistics.latencyMs ?? known;
  return (known + 1) * (a.inFlight + 1) < (other + 1) * (b.inFlight + 1);
}

/**
 * By priority, then by who is next, without moving the turn. Where lots are drawn (`performance_first`), those that are
 * likely to answer sooner come first.
 */
export function inOrder<T extends Contender>(contenders: readonly T[], scheduling: Scheduling): T[] {
  const byPriority = (a: Contender, b: Contender) => b.account.priority - a.account.priority;
  if (scheduling === 'performance_first')
    return [...contenders].sort((a, b) => byPriority(a, b) || Number(sooner(b, a)) - Number(sooner(a, b)));
  const current = (each: Contender) => each.current + each.account.weight;
  return [...contenders].sort((a, b) => byPriority(a, b) || current(b) - current(a));
}
