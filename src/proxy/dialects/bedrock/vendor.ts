/**
 * Bedrock's names of models say whose they are: `anthropic.claude-sonnet-4-5-20250929-v1:0`, with the region that serves it
 * `eu.anthropic.…`, as an ARN `arn:aws:bedrock:eu-west-1:123456789012:inference-profile/eu.anthropic.…`.
 * https://docs.aws.amazon.com/bedrock/latest/userguide/models-supported.html,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/inference-profiles-support.html
 */

/** Whose models Bedrock serves. */
const VENDORS =
  'ai21|amazon|anthropic|cohere|deepseek|google|luma|meta|minimax|mistral|moonshot|moonshotai|nvidia|openai|qwen|stability|twelvelabs|writer|zai';
/** Before the vendor: the regions that an inference profile spans. */
const SPAN = '(?:(?:[a-z]{2,6}|global|us-gov)\\.)?';

const NAMED = new RegExp(`^(${SPAN})(${VENDORS})\\.[\\w.:-]+$`);

/** Names that only Bedrock has. */
export const BEDROCK_MODELS = new RegExp(`^(?:arn:aws[\\w-]*:bedrock:.+|${SPAN}(?:${VENDORS})\\.[\\w.:-]+)$`);

export interface ModelName {
  /** `anthropic`, `amazon`, …; undefined where the name is an ARN that does not tell. */
  vendor: string | undefined;
  /** Behind an inference profile that spans regions. */
  spans: boolean;
  /** Without the regions: as the foundation model is called. */
  base: string;
}

/** What a model's name, or its ARN, says. */
export function readModelName(model: string): ModelName {
  const name = model.slice(model.lastIndexOf('/') + 1);
  const match = NAMED.exec(name);
  if (!match) return { vendor: undefined, spans: false, base: name };
  const [, span = '', vendor] = match;
  return { vendor, spans: span !== '', base: name.slice(span.length) };
}
