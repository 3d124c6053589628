import type { Warn } from '../adapter';
import type { CanonicalRequest } from '../canonical';

/**
 * The names of the only tools to offer, where several may be called and no others, for protocols that can force one tool or
 * any: one name is a choice of its own. Undefined where every tool is offered.
 */
export function allowedTools({ toolChoice }: CanonicalRequest, warn: Warn): readonly string[] | undefined {
  if (toolChoice?.type !== 'required' || (toolChoice.names?.length ?? 0) <= 1) return undefined;
  warn({
    type: 'changed',
    field: 'tool_choice',
    message: 'Only the allowed tools are offered to the model.',
  });
  return toolChoice.names;
}
