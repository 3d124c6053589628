/**
 * What the Converse API has fields for, `inferenceConfig`, and what it hands to the model as its vendor calls it,
 * `additionalModelRequestFields`.
 * https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_InferenceConfiguration.html,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters.html
 */
import { sayableStops } from '../claude/stop-sequences';
import type { JsonObject } from '../../../shared/json';
import type { EncodeContext, Warn } from '../adapter';
import type { CanonicalRequest, ReasoningEffort } from '../canonical';
import { abilitiesOf } from '../claude/model-abilities';
import { encodeSampling } from '../claude/sampling';
import { encodeMaxTokens, encodeThinkingSettings } from '../claude/thinking-settings';
import { effortOfBudget } from '../reasoning-levels';
import { readModelName, type ModelName } from './vendor';

/** `inferenceConfig`, and the vendor's own fields. */
export interface Settings {
  inference: JsonObject;
  fields: JsonObject;
  /** The model is made to think before it answers. */
  thinks: boolean;
}

/**
 * @param loopLacksReasoning whether the conversation stands in a tool loop that began without reasoning
 * @param choice `toolConfig.toolChoice`
 */
export function encodeSettings(
  request: CanonicalRequest,
  { model, warn }: EncodeContext,
  loopLacksReasoning: () => boolean,
  choice: JsonObject | undefined,
): Settings {
  const name = readModelName(model);
  const settings =
    name.vendor === 'anthropic'
      ? encodeClaude(request, model, loopLacksReasoning, choice, warn)
      : encodeOther(request, name, warn);
  const stop = sayableStops(request, warn);
  if (stop.length > 0) settings.inference['stopSequences'] = stop;
  return settings;
}

/** Without a limit of the client's the model gives as much as it can: a limit counts against the account's quota. */
function encodeClaude(
  request: CanonicalRequest,
  model: string,
  loopLacksReasoning: () => boolean,
  choice: JsonObject | undefined,
  warn: Warn,
): Settings {
  const abilities = abilitiesOf(model);
  const { thinking, effort, maxTokens } = encodeThinkingSettings(
    request,
    abilities,
    encodeMaxTokens(request, abilities, warn),
    loopLacksReasoning,
    choice !== undefined,
    warn,
  );
  const thinks = thinking !== undefined && thinking['type'] !== 'disabled';
  const { temperature, top_p: topP, top_k: topK } = encodeSampling(request, abilities, thinks, warn);
  const limited = request.maxOutputTokens !== undefined || thinking?.['type'] === 'enabled';
  return {
    inference: {
      ...(limited && { maxTokens }),
      ...(temperature !== undefined && { temperature }),
      ...(topP !== undefined && { topP }),
    },
    fields: {
      ...(topK !== undefined && { top_k: topK }),
      ...(thinking && { thinking }),
      ...(effort !== undefined && { output_config: { effort } }),
    },
    thinks,
  };
}

function encodeOther(request: CanonicalRequest, name: ModelName, warn: Warn): Settings {
  const { maxOutputTokens, temperature, topP, topK } = request;
  const inference: JsonObject = {
    ...(maxOutputTokens !== undefined && { maxTokens: Math.floor(maxOutputTokens) }),
    ...(temperature !== undefined && { temperature: Math.min(1, Math.max(0, temperature)) }),
    ...(topP !== undefined && { topP: Math.min(1, Math.max(0, topP)) }),
  };
  if (temperature !== undefined && inference['temperature'] !== temperature)
    warn({ type: 'approximated', field: 'temperature', message: 'The temperature ends at 1 here.' });
  const fields: JsonObject = {};
  if (topK !== undefined) {
    if (name.vendor === 'amazon') fields['inferenceConfig'] = { topK };
    else if (name.vendor === 'mistral') fields['top_k'] = topK;
    else warn({ type: 'dropped', field: 'top_k', message: 'This model has no field for top_k.' });
  }
  const thinks = encodeEffort(request, name, inference, fields, warn);
  return { inference, fields, thinks };
}

/** How much to think, in three steps. */
const STEPS: Record<Exclude<ReasoningEffort, 'none'>, string> = {
  minimal: 'low',
  low: 'low',
  medium: 'medium',
  high: 'high',
  xhigh: 'high',
  max: 'high',
};

/**
 * Reasoning of models that are not Claude's.
 * https://docs.aws.amazon.com/nova/latest/nova2-userguide/extended-thinking.html,
 * https://docs.aws.amazon.com/bedrock/latest/userguide/model-parameters-openai.html
 */
function encodeEffort(
  { reasoning }: CanonicalRequest,
  { vendor, spans, base }: ModelName,
  inference: JsonObject,
  fields: JsonObject,
  warn: Warn,
): boolean {
  if (!reasoning || reasoning.mode === 'off' || reasoning.effort === 'none') return false;
  const { mode, effort, budgetTokens } = reasoning;
  if (mode === undefined && effort === undefined && budgetTokens === undefined) return false;
  const asked = effort ?? (budgetTokens === undefined ? 'medium' : effortOfBudget(budgetTokens));
  const step = asked === 'none' ? 'low' : STEPS[asked];
  // The first generation of Amazon's models does not reason; the others say theirs: `nova-2-lite-v1:0`.
  const nova = vendor === 'amazon' && Number(/^amazon\.nova-(\d+)-/.exec(base)?.[1]) >= 2;
  const openai = vendor === 'openai' && !spans;
  if (!nova && !openai) {
    warn({
      type: 'dropped',
      field: 'reasoning',
      message:
        vendor === undefined
          ? 'The name of the model does not tell how it is asked to reason.'
          : 'This model cannot be told over Amazon Bedrock how much to reason.',
    });
    return false;
  }
  if (effort !== step)
    warn({
      type: 'approximated',
      field: 'reasoning',
      message: `The reasoning became the effort ${step}, the nearest there is.`,
    });
  if (openai) {
    fields['reasoning_effort'] = step;
    return true;
  }
  fields['reasoningConfig'] = { type: 'enabled', maxReasoningEffort: step };
  if (step !== 'high') return true;
  for (const name of ['maxTokens', 'temperature', 'topP'])
    if (inference[name] !== undefined) {
      delete inference[name];
      warn({
        type: 'dropped',
        field: name,
        message: `Reasoning with the effort high allows no ${name} here.`,
      });
    }
  return true;
}
