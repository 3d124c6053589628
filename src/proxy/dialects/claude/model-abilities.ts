/** What a Claude model accepts, read from its version: a new model works on its first day without a new list. */

export interface ModelAbilities {
  /** `budget`: `enabled` with a budget only; `both`; `adaptive`: no budget any more. */
  thinking: 'none' | 'budget' | 'both' | 'adaptive';
  /** Whether `thinking: disabled` is accepted. */
  canDisableThinking: boolean;
  /** `temperature`, `top_p` and `top_k` are refused by models from 4.7 on. */
  sampling: 'all' | 'one' | 'none';
  /** `output_config.format`. */
  structuredOutput: boolean;
  /** The same over Amazon Bedrock, which checks requests against a list of its own. */
  bedrockStructuredOutput: boolean;
  /** `output_config.effort: xhigh`. */
  xhighEffort: boolean;
  /** A last message of the assistant is continued. */
  prefill: boolean;
  maxOutputTokens: number | undefined;
  /**
   * Tokens for each one that OpenAI's o200k makes of agents' texts. Measured: 1.0 to 1.3 with the tokeniser that
   * Anthropic published, and up to 1.35 times the older models' from 4.7 on
   * (https://platform.claude.com/docs/en/about-claude/models/migration-guide).
   */
  tokenRatio: number;
}

/** Servers that speak the protocol with other models: what the protocol had from the start, and no limits known. */
const OTHER: ModelAbilities = {
  thinking: 'budget',
  canDisableThinking: true,
  sampling: 'all',
  structuredOutput: false,
  bedrockStructuredOutput: false,
  xhighEffort: false,
  prefill: true,
  maxOutputTokens: undefined,
  tokenRatio: 1,
};

/** Version of `claude-opus-4-6`, `claude-haiku-4-5-20251001`, `claude-3-7-sonnet-latest`, `anthropic/claude-opus-4.6`. */
function versionOf(model: string): number | undefined {
  const name = /claude.*$/.exec(model.toLowerCase())?.[0];
  if (name === undefined) return undefined;
  if (name.includes('mythos-preview')) return 4.7;
  const numbers = name.match(/(?<=[-.])\d{1,2}(?!\d)/g);
  const major = Number(numbers?.[0]);
  if (!numbers || Number.isNaN(major)) return undefined;
  return major + Number(numbers[1] ?? 0) / 10;
}

function maxOutput(version: number, name: string): number {
  if (version < 3.5) return 4096;
  if (version < 3.7) return 8192;
  if (version < 4.5) return name.includes('opus') ? 32_000 : 64_000;
  return version < 4.6 ? 64_000 : 128_000;
}

/**
 * The abilities of a model by its name. Cutoffs:
 * https://platform.claude.com/docs/en/build-with-claude/adaptive-thinking#supported-models,
 * https://platform.claude.com/docs/en/build-with-claude/structured-outputs,
 * https://platform.claude.com/docs/en/about-claude/models/overview,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/claude-messages-structured-outputs.html
 */
export function abilitiesOf(model: string): ModelAbilities {
  const version = versionOf(model);
  if (version === undefined) return OTHER;
  const name = model.toLowerCase();
  return {
    thinking: version < 3.7 ? 'none' : version < 4.6 ? 'budget' : version < 4.7 ? 'both' : 'adaptive',
    canDisableThinking: !/fable|mythos/.test(name),
    sampling: version < 4.1 ? 'all' : version < 4.7 ? 'one' : 'none',
    structuredOutput: version >= 4.5 || (version >= 4.1 && name.includes('opus')),
    bedrockStructuredOutput: version >= 4.5 && version < 4.7,
    xhighEffort: version >= 4.7,
    prefill: version < 4.6,
    maxOutputTokens: maxOutput(version, name),
    tokenRatio: version < 4.7 ? 1.12 : 1.4,
  };
}
