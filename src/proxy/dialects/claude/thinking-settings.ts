import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { CanonicalRequest, ReasoningEffort } from '../canonical';
import { budgetOfEffort, effortOfBudget } from '../reasoning-levels';
import type { ModelAbilities } from './model-abilities';

/**
 * `max_tokens` is required. 32 000 fits every model since Claude 3.7 (Opus 4 ends there), is far more than an answer
 * needs, and costs nothing unused; smaller defaults cut agents' edits in the middle.
 */
export const DEFAULT_MAX_TOKENS = 32_000;
export const MIN_BUDGET = 1024;

/** The most output that the client asked for and the model gives. */
export function encodeMaxTokens(request: CanonicalRequest, abilities: ModelAbilities, warn: Warn): number {
  const limit = abilities.maxOutputTokens;
  const asked = request.maxOutputTokens;
  if (asked === undefined) return Math.min(DEFAULT_MAX_TOKENS, limit ?? DEFAULT_MAX_TOKENS);
  if (limit === undefined || asked <= limit) return Math.floor(asked);
  warn({ type: 'approximated', field: 'max_tokens', message: `This model gives at most ${limit} tokens.` });
  return limit;
}

function encodeEffort(effort: ReasoningEffort, abilities: ModelAbilities, warn: Warn): string {
  const nearest =
    effort === 'minimal' ? 'low' : effort === 'xhigh' && !abilities.xhighEffort ? 'high' : effort;
  if (nearest !== effort)
    warn({
      type: 'approximated',
      field: 'reasoning',
      message: `Effort ${effort} became ${nearest}, the nearest there is.`,
    });
  return nearest;
}

/**
 * `thinking` and the effort, in the form that the model takes, and `max_tokens` above the budget.
 * https://platform.claude.com/docs/en/build-with-claude/extended-thinking#feature-compatibility
 * @param loopLacksThinking whether the conversation stands in a tool loop that began without thinking
 * @param forced the model must call a tool
 */
export function encodeThinkingSettings(
  request: CanonicalRequest,
  abilities: ModelAbilities,
  maxTokens: number,
  loopLacksThinking: () => boolean,
  forced: boolean,
  warn: Warn,
): { thinking?: JsonObject; effort?: string; maxTokens: number } {
  const { reasoning } = request;
  const none = { maxTokens };
  if (!reasoning) return none;
  const dropped = (message: string) => {
    warn({ type: 'dropped', field: 'reasoning', message });
    return none;
  };
  if (reasoning.mode === 'off' || reasoning.effort === 'none') {
    if (abilities.thinking === 'none') return none;
    if (!abilities.canDisableThinking) return dropped('This model always thinks.');
    return { thinking: { type: 'disabled' }, maxTokens };
  }
  if (reasoning.mode === undefined && reasoning.effort === undefined && reasoning.budgetTokens === undefined)
    return none;
  if (abilities.thinking === 'none') return dropped('This model does not think.');
  if (forced) return dropped('Thinking and a forced tool choice exclude each other.');

  const canAdapt = abilities.thinking === 'both' || abilities.thinking === 'adaptive';
  const display =
    canAdapt && reasoning.visible !== undefined
      ? { display: reasoning.visible ? 'summarized' : 'omitted' }
      : {};
  const { budgetTokens } = reasoning;
  if (
    abilities.thinking === 'adaptive' ||
    (canAdapt && (budgetTokens === undefined || reasoning.mode === 'adaptive'))
  ) {
    const effort =
      reasoning.effort ?? (budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens));
    if (budgetTokens !== undefined)
      warn({
        type: 'approximated',
        field: 'reasoning',
        message: 'This model takes no budget of thinking tokens; effort stands for it.',
      });
    return {
      thinking: { type: 'adaptive', ...display },
      ...(effort !== undefined && { effort: encodeEffort(effort, abilities, warn) }),
      maxTokens,
    };
  }

  if (loopLacksThinking())
    return dropped('Thinking cannot begin in the middle of a tool loop that began without.');
  const level = reasoning.effort ?? 'high';
  if (budgetTokens === undefined)
    warn({
      type: 'approximated',
      field: 'reasoning',
      message: `Effort ${level} became a budget of ${budgetOfEffort(level)} thinking tokens.`,
    });
  return {
    ...encodeBudget(budgetTokens ?? budgetOfEffort(level), request, abilities, maxTokens, display, warn),
  };
}

/** At least 1024 and below `max_tokens`; the client's `max_tokens` stays as it is. */
function encodeBudget(
  asked: number,
  request: CanonicalRequest,
  abilities: ModelAbilities,
  givenMax: number,
  display: JsonObject,
  warn: Warn,
): { thinking?: JsonObject; maxTokens: number } {
  let budget = Math.max(MIN_BUDGET, Math.floor(asked));
  let maxTokens = givenMax;
  if (request.maxOutputTokens === undefined && budget >= maxTokens)
    maxTokens = Math.min(abilities.maxOutputTokens ?? Number.POSITIVE_INFINITY, budget + DEFAULT_MAX_TOKENS);
  if (maxTokens <= MIN_BUDGET) {
    warn({
      type: 'dropped',
      field: 'reasoning',
      message: `Thinking needs more than ${MIN_BUDGET} tokens of output.`,
    });
    return { maxTokens };
  }
  // Half for thinking leaves room for the answer.
  if (budget >= maxTokens) budget = Math.max(MIN_BUDGET, Math.floor(maxTokens / 2));
  if (budget !== asked)
    warn({
      type: 'approximated',
      field: 'reasoning',
      message: `The thinking budget became ${budget} tokens.`,
    });
  return { thinking: { type: 'enabled', budget_tokens: budget, ...display }, maxTokens };
}
