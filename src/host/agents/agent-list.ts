import type { Agent } from './agent';
import { claudeCode } from './claude-code';

/** Every agent that Portside can connect, in the order in which they are shown. */
export const AGENTS: readonly Agent[] = [claudeCode];
