import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { ReasoningSettings } from '../canonical';
import {
  budgetOfEffort,
  effortOfBudget,
  effortOfLevel,
  levelOfEffort,
  type ThinkingLevel,
} from '../reasoning-levels';
import { field, numberField, textField } from './wire';

/** https://ai.google.dev/gemini-api/docs/thinking#set-budget: Pro cannot stop thinking and may think more. */
const PRO_BUDGET = { min: 128, max: 32_768 };
const OTHER_BUDGET = { min: 0, max: 24_576 };

const isPro = (model: string): boolean => /(^|[^a-z])pro([^a-z]|$)/i.test(model);

/**
 * Gemini 3 and later take a level ("`thinkingBudget` is accepted for backwards compatibility"), earlier ones refuse it.
 * Undefined for names without a version: both are older than levels or understand budgets.
 * https://ai.google.dev/gemini-api/docs/thinking#thinking-levels
 */
function takesLevels(model: string): boolean | undefined {
  const version = /gemini-(\d+)/i.exec(model)?.[1];
  return version === undefined ? undefined : Number(version) >= 3;
}

/** A client's `thinkingConfig` (https://ai.google.dev/api/generate-content#ThinkingConfig). */
export function decodeThinking(config: JsonObject, path: string): ReasoningSettings {
  const settings: ReasoningSettings = {};
  const budget = numberField(config, 'thinkingBudget', path);
  if (budget === 0) settings.mode = 'off';
  else if (budget !== undefined && budget < 0) settings.mode = 'adaptive';
  else if (budget !== undefined) {
    settings.mode = 'on';
    settings.budgetTokens = budget;
  }
  const effort = effortOfLevel(textField(config, 'thinkingLevel', path) ?? '');
  if (effort !== undefined) settings.effort = effort;
  const visible = field(config, 'includeThoughts');
  if (typeof visible === 'boolean') settings.visible = visible;
  return settings;
}

/**
 * Reasoning settings as `thinkingConfig` for `model`, as a level or as a budget: they exclude each other. `own` is the
 * `thinkingLevel` that a Gemini client itself wrote.
 */
export function encodeThinking(
  settings: ReasoningSettings,
  own: string | undefined,
  model: string,
  warn: Warn,
): JsonObject | undefined {
  const levels = takesLevels(model) ?? own !== undefined;
  const level = levels ? (own ?? levelOf(settings, model, warn)) : undefined;
  const budget = levels ? undefined : budgetOf(settings, model, warn);
  const asked = settings.mode === 'on' || settings.mode === 'adaptive';
  const shown = settings.visible ?? (asked && budget !== 0 ? true : undefined);
  if (budget === undefined && level === undefined && shown === undefined) return undefined;
  return {
    ...(level !== undefined && { thinkingLevel: level }),
    ...(budget !== undefined && { thinkingBudget: budget }),
    ...(shown !== undefined && { includeThoughts: shown }),
  };
}

function levelOf(settings: ReasoningSettings, model: string, warn: Warn): ThinkingLevel | undefined {
  const { mode, effort, budgetTokens } = settings;
  const wanted =
    mode === 'off'
      ? 'none'
      : (effort ?? (budgetTokens === undefined ? undefined : effortOfBudget(budgetTokens)));
  // Without a level the model decides.
  if (wanted === undefined) return undefined;
  const nearest = levelOfEffort(wanted);
  const level = nearest === 'minimal' && isPro(model) ? 'low' : nearest;
  if (level !== wanted || effort === undefined)
    warn({
      type: 'approximated',
      field: 'reasoning',
      message: `Thinking level ${level} instead of ${mode === 'off' ? 'none' : (effort ?? `${budgetTokens} tokens`)}.`,
    });
  return level;
}

function budgetOf(settings: ReasoningSettings, model: string, warn: Warn): number | undefined {
  const { mode, effort, budgetTokens } = settings;
  const limits = isPro(model) ? PRO_BUDGET : OTHER_BUDGET;
  if (mode === 'off' || effort === 'none') return clamp(0, limits, 'reasoning', warn);
  if (budgetTokens !== undefined) return clamp(budgetTokens, limits, 'reasoning.budget', warn);
  if (effort !== undefined) return Math.min(budgetOfEffort(effort), limits.max);
  return mode === undefined ? undefined : -1;
}

function clamp(budget: number, limits: { min: number; max: number }, path: string, warn: Warn): number {
  const clamped = Math.min(Math.max(Math.trunc(budget), limits.min), limits.max);
  if (clamped !== budget)
    warn({
      type: 'approximated',
      field: path,
      message: `Thinking budget ${clamped} instead of ${budget}: the model takes ${limits.min} to ${limits.max}.`,
    });
  return clamped;
}
