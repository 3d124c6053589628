import { ANTHROPIC_BODIES } from './anthropic';
import { GEMINI_BODIES } from './gemini';
import { CHAT_BODIES } from './openai-chat';
import { BODIES_OF_NOTHING } from './nothing';
import { RESPONSES_BODIES } from './openai-responses';

export type { AgentBody } from './body';
export const AGENT_BODIES = [
  ...ANTHROPIC_BODIES,
  ...RESPONSES_BODIES,
  ...GEMINI_BODIES,
  ...CHAT_BODIES,
  ...BODIES_OF_NOTHING,
];
