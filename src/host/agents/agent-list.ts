import type { Agent } from './agent';
import { claudeCode } from './claude-code';
import { cline } from './cline';
import { codex } from './codex';
import { continueAgent } from './continue';
import { crush } from './crush';
import { geminiCli } from './gemini-cli';
import { kilo } from './kilo';
import { openCode } from './opencode';
import { qwenCode } from './qwen-code';
import { vscodeChat } from './vscode-chat';

/** Every agent that Portside can connect, in the order in which they are shown. */
export const AGENTS: readonly Agent[] = [
  claudeCode,
  codex,
  geminiCli,
  openCode,
  continueAgent,
  qwenCode,
  crush,
  kilo,
  cline,
  vscodeChat,
];
