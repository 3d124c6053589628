import { matchesPattern } from '../../shared/matches-pattern';
import { ForbiddenError } from '../errors';
import type { Exchange } from '../exchange/exchange';

/** Whether a client key's list has a model. Gemini's paths may say `models/x` for `x`. */
export function mayAsk(models: readonly string[] | undefined, model: string): boolean {
  const name = model.replace(/^models\//, '');
  return models === undefined || models.some((pattern) => matchesPattern(pattern, name));
}

/**
 * Refuses what the client key of a request does not have (SPEC 2.10).
 * @param model as the client named it; undefined where it named none, and a default would be asked for
 * @throws ForbiddenError
 */
export function checkModel(exchange: Exchange, model: string | undefined): void {
  const { client } = exchange;
  if (client?.models === undefined || (model !== undefined && mayAsk(client.models, model))) return;
  exchange.refusedByKey = true;
  throw new ForbiddenError(
    model === undefined
      ? `The client key "${client.name}" is for certain models only: the request must name one of them.`
      : `The client key "${client.name}" may not ask for the model "${model.slice(0, 200)}".`,
  );
}
