/** Whether a provider would take a request: each dialect's rules, held against what a translation made (CASES 25). */
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import { problemsOfAnthropic } from './validate-anthropic';
import { problemsOfGemini } from './validate-gemini';
import { problemsOfOpenaiChat } from './validate-openai-chat';
import { problemsOfOpenaiResponses } from './validate-openai-responses';

export interface ValidationTarget {
  /** Gemini has it in the path. */
  model?: string;
  /** OpenAI itself, not a server that is compatible with it. */
  openai?: boolean;
}

/** Every reason why the provider would refuse this body, with paths; empty when it is good. */
export function problemsOfRequest(
  dialect: Dialect,
  body: JsonObject,
  target: ValidationTarget = {},
): string[] {
  switch (dialect) {
    case 'anthropic':
      return problemsOfAnthropic(body);
    case 'gemini':
      return problemsOfGemini(body, target.model ?? '');
    case 'openai-chat':
      return problemsOfOpenaiChat(body, target.openai);
    case 'openai-responses':
      return problemsOfOpenaiResponses(body);
  }
}
