import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { ReasoningEffort, ReasoningSettings } from '../canonical';
import { field, numberField, textField } from './wire';

/**
 * Tokens for the efforts of other protocols, as Google maps them behind its own OpenAI endpoint
 * (https://ai.google.dev/gemini-api/docs/openai#thinking). `xhigh` and `max` take all that the model allows.
 */
const BUDGETS: Record<Exclude<ReasoningEffort, 'none'>, number> = {
  minimal: 1024,
  low: 1024,
  medium: 8192,
  high: 24_576,
  xhigh: 32_768,
  max: 32_768,
};

/** https://ai.google.dev/gemini-api/docs/thinking#set-budget: Pro cannot stop thinking and may think more. */
const PRO = { min: 128, max: 32_768 };
const OTHERS = { min: 0, max: 24_576 };

const LEVELS = ['minimal', 'low', 'medium', 'high'] as const;

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
  const level = textField(config, 'thinkingLevel', path)?.toLowerCase();
  const known = LEVELS.find((one) => one === level);
  if (known !== undefined) settings.effort = known;
  const visible = field(config, 'includeThoughts');
  if (typeof visible === 'boolean') settings.visible = visible;
  return settings;
}

/**
 * Reasoning settings as `thinkingConfig` for `model`. `level` is the `thinkingLevel` that a Gemini client itself
 * wrote: level and budget exclude each other, and only some models know levels, so others get a budget.
 */
export function encodeThinking(
  settings: ReasoningSettings,
  level: string | undefined,
  model: string,
  warn: Warn,
): JsonObject | undefined {
  const budget = level === undefined ? budgetOf(settings, model, warn) : undefined;
  const thinks = budget === undefined ? level !== undefined : budget !== 0;
  const shown =
    settings.visible ??
    (thinks && (settings.mode === 'on' || settings.mode === 'adaptive') ? true : undefined);
  if (budget === undefined && level === undefined && shown === undefined) return undefined;
  return {
    ...(level !== undefined && { thinkingLevel: level }),
    ...(budget !== undefined && { thinkingBudget: budget }),
    ...(shown !== undefined && { includeThoughts: shown }),
  };
}

function budgetOf(settings: ReasoningSettings, model: string, warn: Warn): number | undefined {
  const { mode, effort, budgetTokens } = settings;
  const limits = /(^|[^a-z])pro([^a-z]|$)/i.test(model) ? PRO : OTHERS;
  if (mode === 'off' || effort === 'none') return clamp(0, limits, 'reasoning', warn);
  if (budgetTokens !== undefined) return clamp(budgetTokens, limits, 'reasoning.budget', warn);
  if (effort !== undefined) return Math.min(BUDGETS[effort], limits.max);
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
