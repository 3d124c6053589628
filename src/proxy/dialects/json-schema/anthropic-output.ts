import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import { cleanNoting } from './clean-schema';
import { ANTHROPIC_STRICT_LIMITS, whyNotStrict, type StrictCost } from './strict-schema';

/**
 * A schema for `output_config.format` of Anthropic, or why there is none. Objects are closed, as the API demands: what
 * is answered fits the original, which may have allowed more. What it takes of the request's limits is added to `cost`.
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs#json-schema-limitations
 */
export function anthropicOutputSchema(
  schema: JsonObject,
  cost: StrictCost,
  warn: Warn,
  path: string,
): { schema: JsonObject } | { impossible: string } {
  const warnings: Parameters<Warn>[0][] = [];
  const { cleaned, state } = cleanNoting(schema, 'anthropic-output', (one) => warnings.push(one), path);
  if (state.cut) state.impossible.add('recursion');
  if (state.budget <= 0) state.impossible.add('its size');
  const own: StrictCost = { optional: 0, unions: 0 };
  const refused = whyNotStrict(cleaned, 'anthropic', own);
  if (state.impossible.size === 0 && refused !== undefined) state.impossible.add(refused);
  if (own.optional > ANTHROPIC_STRICT_LIMITS.optional) state.impossible.add('too many optional properties');
  if (own.unions > ANTHROPIC_STRICT_LIMITS.unions) state.impossible.add('too many alternatives');
  if (state.impossible.size > 0) return { impossible: [...state.impossible].join(', ') };
  cost.optional += own.optional;
  cost.unions += own.unions;
  warnings.forEach(warn);
  return { schema: cleaned };
}
