/**
 * How much to think, in the words of all protocols: OpenAI's and Anthropic's effort, budgets of tokens (Anthropic,
 * Gemini 2.5), Gemini's level (3 and later). One table, so that a request means the same wherever it is sent:
 *
 * | effort  | budget | level   |
 * | ------- | ------ | ------- |
 * | none    | 0      | minimal |
 * | minimal | 1024   | minimal |
 * | low     | 1024   | low     |
 * | medium  | 8192   | medium  |
 * | high    | 24576  | high    |
 * | xhigh   | 32768  | high    |
 * | max     | 32768  | high    |
 *
 * - Up to `high` it is Google's own table behind its OpenAI endpoint:
 *   https://ai.google.dev/gemini-api/docs/openai#thinking
 * - 1024 is the least that Anthropic takes, and above 32k it sees little gain:
 *   https://platform.claude.com/docs/en/build-with-claude/extended-thinking#working-with-thinking-budgets;
 *   32768 is also the most that Gemini takes: https://ai.google.dev/gemini-api/docs/thinking#set-budget
 * - Efforts: https://platform.openai.com/docs/api-reference/chat/create#chat-create-reasoning_effort,
 *   https://platform.claude.com/docs/en/build-with-claude/effort
 * - Levels: https://ai.google.dev/gemini-api/docs/thinking#thinking-levels
 */
import type { ReasoningEffort } from './canonical';

/** Gemini's `thinkingLevel`, in small letters. */
export type ThinkingLevel = 'minimal' | 'low' | 'medium' | 'high';

const TABLE: Record<ReasoningEffort, { budget: number; level: ThinkingLevel }> = {
  none: { budget: 0, level: 'minimal' },
  minimal: { budget: 1024, level: 'minimal' },
  low: { budget: 1024, level: 'low' },
  medium: { budget: 8192, level: 'medium' },
  high: { budget: 24_576, level: 'high' },
  xhigh: { budget: 32_768, level: 'high' },
  max: { budget: 32_768, level: 'high' },
};

const LEVELS: readonly ThinkingLevel[] = ['minimal', 'low', 'medium', 'high'];

/** Whether a text is an effort. */
export function isEffort(value: unknown): value is ReasoningEffort {
  return typeof value === 'string' && Object.hasOwn(TABLE, value);
}

/** The tokens that an effort stands for; 0 for `none`. */
export function budgetOfEffort(effort: ReasoningEffort): number {
  return TABLE[effort].budget;
}

/**
 * The effort that a budget of tokens stands for: each effort up to its budget. Never more than `high`, because only
 * some models know a word for more, and others refuse it.
 */
export function effortOfBudget(budgetTokens: number): ReasoningEffort {
  if (budgetTokens <= 0) return 'none';
  if (budgetTokens <= TABLE.low.budget) return 'low';
  return budgetTokens <= TABLE.medium.budget ? 'medium' : 'high';
}

/** The level of thinking that an effort stands for. Levels have no word for none: `minimal` is the nearest. */
export function levelOfEffort(effort: ReasoningEffort): ThinkingLevel {
  return TABLE[effort].level;
}

/** The effort that a level stands for, in capitals or not; undefined for an unknown level. */
export function effortOfLevel(level: string): ReasoningEffort | undefined {
  return LEVELS.find((known) => known === level.toLowerCase());
}
