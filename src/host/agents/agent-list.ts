import type { Agent } from './agent';
import { claudeCode } from './claude-code';
import { codex } from './codex';
import { geminiCli } from './gemini-cli';
import { qwenCode } from './qwen-code';

/** Every agent that Portside can connect, in the order in which they are shown. */
export const AGENTS: readonly Agent[] = [claudeCode, codex, geminiCli, qwenCode];
