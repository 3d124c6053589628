import type { RouteExplanation } from '../../shared/status';
import type { Dialect } from '../dialects/canonical';
import { ProxyError } from '../errors';
import { chosenFor, type Choice, type Chosen } from '../exchange/attempts/candidates';
import type { Core } from '../exchange/core';
import { lookForModel } from '../exchange/attempts/look-for-model';
import { labelOf } from '../pool/pool';
import { providerOf } from '../providers/registry';
import { matchRoute, type MatchedRoute } from '../routing/match-route';

/**
 * Where a model's name would go now, as a request would find it (SPEC 5.10). Sends nothing but requests for lists of models,
 * as a first request for an unknown name would. Never rejects: who cannot be found is told in `error`.
 * @param protocol the client's
 */
export async function explainRoute(core: Core, model: string, protocol: Dialect): Promise<RouteExplanation> {
  const rule = matchRoute(model, core.settings.routes);
  const base = { model, protocol, ...(rule && { rule }) };
  try {
    await lookForModel(core, protocol, model);
    const chosen = chosenFor(core, protocol, model);
    const candidates = core.pool.order(chosen.choices).map((choice) => describe(core, choice, protocol));
    const warning = warningOf(core, chosen, model, rule);
    return { ...base, why: why(chosen, model, rule), candidates, ...(warning !== undefined && { warning }) };
  } catch (error) {
    const message = error instanceof ProxyError ? error.message : 'This name could not be resolved.';
    return { ...base, why: 'nobody serves this name', candidates: [], error: message };
  }
}

function describe(core: Core, choice: Choice, protocol: Dialect): RouteExplanation['candidates'][number] {
  const { account, model } = choice;
  const dialect = choice.type === 'demo' ? protocol : choice.endpoint.dialect;
  return {
    account: labelOf(account),
    id: account.id,
    provider: account.provider,
    model,
    dialect,
    translated: dialect !== protocol,
    ...core.pool.health(account, model),
  };
}

function why({ found }: Chosen, model: string, rule: MatchedRoute | undefined): string {
  switch (found) {
    case 'zai':
      return 'z.ai dispatch takes every request of this protocol';
    case 'route':
      return rule?.pattern === model ? 'a route for exactly this name' : `the route "${rule?.pattern ?? ''}"`;
    case 'account':
      return 'the name itself says which account';
    case 'served':
      return 'these accounts have this model';
    case 'family':
      return 'these accounts have this model under its name without a date';
    case 'unknown':
      return 'nobody lists this model; these accounts may have it';
    case 'default':
      return 'nobody has this model; each account is asked for its default';
  }
}

function warningOf(
  core: Core,
  { found, choices }: Chosen,
  model: string,
  rule: MatchedRoute | undefined,
): string | undefined {
  if (found !== 'default' && found !== 'family' && found !== 'route') return undefined;
  const [first] = core.pool.order(choices);
  if (!first || first.model === model || first.account === core.zaiDispatch) return undefined;
  if (rule) {
    const isMeant = rule.targets.some((each) => each === first.model || each.endsWith(`/${first.model}`));
    const { label } = providerOf(first.account.provider);
    return isMeant
      ? undefined
      : `No account has what the route leads to; ${label} would be asked for "${first.model}".`;
  }
  return `${providerOf(first.account.provider).label} would be asked for "${first.model}" instead of "${model}".`;
}
