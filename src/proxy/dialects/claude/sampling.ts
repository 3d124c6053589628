import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { CanonicalRequest } from '../canonical';
import type { ModelAbilities } from './model-abilities';

/** Named as Anthropic names them. */
export interface Sampling extends JsonObject {
  temperature?: number;
  top_p?: number;
  top_k?: number;
}

/**
 * `temperature`, `top_p` and `top_k` as far as the model takes them, with a warning for the rest.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#feature-compatibility
 * @param thinks the model is asked to think
 */
export function encodeSampling(
  request: CanonicalRequest,
  abilities: ModelAbilities,
  thinks: boolean,
  warn: Warn,
): Sampling {
  const { temperature, topP, topK } = request;
  const sampling: Sampling = {};
  const dropped = (field: string, message: string) => {
    warn({ type: 'dropped', field, message });
  };
  const refused = 'This model takes no sampling parameters.';
  if (temperature !== undefined) {
    if (abilities.sampling === 'none') dropped('temperature', refused);
    else if (thinks && temperature !== 1)
      dropped('temperature', 'Thinking allows no other temperature than 1.');
    else {
      sampling.temperature = Math.min(1, Math.max(0, temperature));
      if (sampling.temperature !== temperature)
        warn({ type: 'approximated', field: 'temperature', message: 'The temperature ends at 1 here.' });
    }
  }
  if (topP !== undefined) {
    if (abilities.sampling === 'none') dropped('top_p', refused);
    else if (abilities.sampling === 'one' && sampling.temperature !== undefined)
      dropped('top_p', 'This model takes temperature or top_p, not both.');
    else if (thinks && topP < 0.95) dropped('top_p', 'Thinking allows top_p from 0.95 to 1 only.');
    else sampling.top_p = Math.min(1, Math.max(0, topP));
  }
  if (topK !== undefined) {
    if (abilities.sampling === 'none') dropped('top_k', refused);
    else if (thinks) dropped('top_k', 'Thinking allows no top_k.');
    else sampling.top_k = Math.max(0, Math.floor(topK));
  }
  return sampling;
}
