/** The user's routes: which of them takes a model's name (SPEC 5.10). */
import { matchesPattern } from '../../shared/matches-pattern';
import type { ProxySettings } from '../../shared/settings';

/**
 * A model's name without the date of its snapshot: `claude-haiku-4-5-20251001` and `gpt-5-2025-08-07` are the same models as
 * the names before the date. Undefined where there is none.
 */
export function familyOf(model: string): string | undefined {
  return /^(.+?)[-@](?:20\d{6}|20\d\d-\d\d-\d\d)$/.exec(model)?.[1];
}

export interface MatchedRoute {
  pattern: string;
  targets: string[];
}

/** The route that takes a model: its exact name, its name without a date, else the pattern with the most literal characters. */
export function matchRoute(model: string, routes: ProxySettings['routes']): MatchedRoute | undefined {
  const has = (name: string | undefined) => name !== undefined && Object.hasOwn(routes, name);
  const family = familyOf(model);
  const pattern = has(model)
    ? model
    : has(family)
      ? family
      : Object.keys(routes)
          .filter((each) => each.includes('*') && matchesPattern(each, model))
          .sort((a, b) => b.replaceAll('*', '').length - a.replaceAll('*', '').length)[0];
  const targets = pattern === undefined ? undefined : routes[pattern];
  if (pattern === undefined || targets === undefined) return undefined;
  return { pattern, targets: typeof targets === 'string' ? [targets] : targets };
}
