import type { CanonicalRequest } from '../dialects/canonical';
import { estimateText } from '../../shared/estimate-text';

/** What providers count for an image of common size, at most (Anthropic: width × height / 750, capped near 1600). */
const TOKENS_PER_FILE = 1600;
/** Estimates shall rather be too high: an agent that compacts late fails (SPEC 4.11). */
const MARGIN = 1.04;
const TOKENS_PER_MESSAGE = 4;

/** What a rough estimate reads: of each text, and in all. */
const SAMPLE = 400;
const SAMPLES = 16_000;

/** The texts of a request that are read by the model, and how many files. */
function contentsOf(request: CanonicalRequest): { texts: string[]; files: number } {
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
  return { texts, files };
}

/** Estimates the input tokens of a request without asking anybody. At least 1. */
export function estimateTokens(request: CanonicalRequest): number {
  const { texts, files } = contentsOf(request);
  const tokens =
    texts.reduce((sum, text) => sum + estimateText(text), 0) +
    files * TOKENS_PER_FILE +
    request.messages.length * TOKENS_PER_MESSAGE;
  return Math.max(1, Math.ceil(tokens * MARGIN));
}

/** {@link estimateTokens} in bounded time, however long the request is: from the beginnings of its texts. */
export function estimateRoughly(request: CanonicalRequest): number {
  const { texts, files } = contentsOf(request);
  let tokens = 0;
  let read = 0;
  let all = 0;
  for (const text of texts) {
    all += text.length;
    if (read >= SAMPLES) continue;
    const sample = text.slice(0, SAMPLE);
    read += sample.length;
    tokens += estimateText(sample);
  }
  const texted = read === 0 ? 0 : (tokens * all) / read;
  return Math.max(
    1,
    Math.ceil(texted + files * TOKENS_PER_FILE + request.messages.length * TOKENS_PER_MESSAGE),
  );
}

/** Estimates the tokens of bare texts, as they are billed for embeddings. */
export function estimateTextTokens(texts: readonly string[]): number {
  return Math.ceil(texts.reduce((sum, text) => sum + estimateText(text), 0));
}
