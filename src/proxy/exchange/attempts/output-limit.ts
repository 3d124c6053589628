/** The most output that a model gives, as its server says it when more is asked for. */

export interface OutputLimit {
  tokens: number;
  /** It holds for every request, not just for a prompt of this length. */
  always: boolean;
}

/** Each finds the limit in the words of a refusal; what is asked for is in them as well. */
const WORDS: readonly RegExp[] = [
  // OpenAI: "max_tokens is too large: 32000. This model supports at most 16384 completion tokens"
  /supports at most (\d+) (?:completion|output) tokens/i,
  // Anthropic: "max_tokens: 128000 > 64000, which is the maximum allowed number of output tokens for …"
  /max_tokens: \d+ > (\d+)/i,
  // DeepSeek: "the valid range of max_tokens is [1, 8192]"; Qwen: "Range of max_tokens should be [1, 8192]"
  /range of max_(?:completion_|output_)?tokens[^[]{0,20}\[\d+, ?(\d+)\]/i,
  // Groq: "`max_tokens` must be less than or equal to `32768`"
  /max_(?:completion_|output_)?tokens\W{1,4}must be less than or equal to \W?(\d+)/i,
];

/** Google: "has a maxOutputTokens value of 128000 but the supported range is from 1 (inclusive) to 65537 (exclusive)". */
const BELOW = /maxOutputTokens.{0,120}to (\d+) \(exclusive\)/i;

/** vLLM: "'max_tokens' … is too large: 32000. … maximum context length is 32768 tokens … (32000 > 32768 - 5000)". */
const LEFT = /max_(?:completion_)?tokens\b.{0,300}\(\d+ > (\d+) - (\d+)\)/is;

/** The limit that a refusal names; undefined for a refusal of something else. */
export function outputLimitIn(message: string): OutputLimit | undefined {
  for (const words of WORDS) {
    const most = words.exec(message)?.[1];
    if (most !== undefined) return atLeastOne(Number(most), true);
  }
  const below = BELOW.exec(message)?.[1];
  if (below !== undefined) return atLeastOne(Number(below) - 1, true);
  const left = LEFT.exec(message);
  return left ? atLeastOne(Number(left[1]) - Number(left[2]), false) : undefined;
}

function atLeastOne(tokens: number, always: boolean): OutputLimit | undefined {
  return tokens >= 1 ? { tokens, always } : undefined;
}
