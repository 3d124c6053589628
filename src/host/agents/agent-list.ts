import type { Agent } from './agent';
import { claudeCode } from './known/claude-code';
import { cline } from './known/cline';
import { codex } from './known/codex';
import { continueAgent } from './known/continue';
import { crush } from './known/crush';
import { geminiCli } from './known/gemini-cli';
import { kilo } from './known/kilo';
import { openCode } from './known/opencode';
import { qwenCode } from './known/qwen-code';
import { vscodeChat } from './known/vscode-chat';

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
