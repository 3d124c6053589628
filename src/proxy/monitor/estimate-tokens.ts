import type { CanonicalRequest } from '../dialects/canonical';
import { estimateText } from './estimate-text';

/** What providers count for an image of common size, at most (Anthropic: width × height / 750, capped near 1600). */
const TOKENS_PER_FILE = 1600;
/** Estimates shall rather be too high: an agent that compacts late fails (SPEC 4.11). */
const MARGIN = 1.04;
const TOKENS_PER_MESSAGE = 4;

/** Estimates the input tokens of a request without asking anybody. At least 1. */
export function estimateTokens(request: CanonicalRequest): number {
  let files = 0;
  const texts: string[] = [];
  const take = (text: string | undefined) => {
    if (text) texts.push(text);
  };
  for (const message of request.messages) {
    for (const part of message.content) {
      switch (part.type) {
        case 'text':
        case 'reasoning':
        case 'refusal':
          take(part.text);
          break;
        case 'file':
          files++;
          break;
        case 'tool-call':
          take(part.name);
          take(part.input);
          break;
        case 'tool-result':
          for (const each of part.content) {
            if (each.type === 'text') take(each.text);
            else files++;
          }
          break;
        case 'opaque':
          take(JSON.stringify(part.value));
          break;
      }
    }
  }
  for (const tool of request.tools) {
    if (tool.type === 'built-in') take(JSON.stringify(tool.value));
    else {
      take(tool.name);
      take(tool.description);
      take(JSON.stringify(tool.type === 'function' ? tool.parameters : tool.format));
    }
  }
  const tokens =
    texts.reduce((sum, text) => sum + estimateText(text), 0) +
    files * TOKENS_PER_FILE +
    request.messages.length * TOKENS_PER_MESSAGE;
  return Math.max(1, Math.ceil(tokens * MARGIN));
}

/** Estimates the tokens of bare texts, as they are billed for embeddings. */
export function estimateTextTokens(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + estimateText(text), 0));
}
