/** What a provider's refusal means for the account: whose fault it is, for which models, and for how long (SPEC 5.5-5.8). */
import type { ProviderName } from '../../../shared/setting-names';
import type { ErrorInfo } from '../../dialects/canonical';
import type { Refusal, Verdict } from '../verdict';
import { headerMap } from './counters';
import { saneSeconds } from './durations';
import { viewError } from './error-view';
import { faultOf, ZAI_CODES, type Fault, type LimitFault } from './faults';
import { namedLimit } from './named-limit';
import { gatherEvidence, type Evidence } from './wait-seconds';

/** Who was asked, and in which protocol. */
export interface Asked {
  provider: ProviderName;
  dialect: string;
}

/**
 * How providers count where an answer does not tell. `model`: each model, or class of models, has limits of its own.
 * - https://ai.google.dev/gemini-api/docs/rate-limits, https://cloud.google.com/vertex-ai/generative-ai/docs/quotas
 * - https://platform.claude.com/docs/en/api/rate-limits ("separately for each model")
 * - https://platform.openai.com/docs/guides/rate-limits, https://learn.microsoft.com/azure/ai-foundry/openai/quotas-limits
 * - https://console.groq.com/docs/rate-limits, https://docs.x.ai/docs/consumption-and-rate-limits
 * - https://docs.mistral.ai/deployment/laplateforme/tier, https://openrouter.ai/docs/api-reference/limits
 * - https://docs.aws.amazon.com/bedrock/latest/userguide/quotas.html
 * - https://platform.moonshot.ai/docs/pricing/limits (of the account), https://api-docs.deepseek.com/quick_start/rate_limit
 */
const COUNTED_BY: Readonly<Record<ProviderName, 'model' | 'key'>> = {
  gemini: 'model',
  vertex: 'model',
  anthropic: 'model',
  openai: 'model',
  azure: 'model',
  groq: 'model',
  xai: 'model',
  mistral: 'model',
  openrouter: 'model',
  bedrock: 'model',
  zai: 'model',
  deepseek: 'key',
  moonshot: 'key',
  ollama: 'key',
  lmstudio: 'key',
  'openai-compatible': 'key',
  'anthropic-compatible': 'key',
  // Who makes the models is unknown, and each maker has limits of its own.
  vscode: 'model',
  demo: 'key',
};

/** Servers that may be z.ai behind another name. Other providers use the same numbers for other things. */
const MAY_BE_ZAI = new Set<ProviderName>(['zai', 'openai-compatible', 'anthropic-compatible']);

/**
 * Decides what a refusal means. Pure; never throws.
 * @param refusal status, headers and body as they came; an error inside a 200 has the status that its adapter read out of it
 * @param info what the dialect's adapter made of it
 * @param asked who was asked
 * @param now Unix ms
 */
export function judge(refusal: Refusal, info: ErrorInfo, asked: Asked, now: number): Verdict {
  const status = refusal.status >= 300 && refusal.status < 600 ? refusal.status : info.status;
  if (status < 400) return { type: 'failed' };
  const view = viewError(refusal.body, headerMap(refusal.headers), info);
  const fault =
    zaiFault(asked, view.error.code, view.text) ?? (view.page ? undefined : faultOf(status, view));
  // A wrong key needs no look at clocks.
  if (fault && !isLimit(fault)) return fault;
  const evidence = gatherEvidence(refusal.headers, view, now);
  if (fault) return limited(status, evidence, info, asked, fault);
  return byStatus(status, evidence, info, asked);
}

const isLimit = (fault: Fault): fault is LimitFault =>
  fault.type === 'limited' || fault.type === 'overloaded';

function zaiFault(asked: Asked, code: unknown, text: string): Fault | undefined {
  if (!MAY_BE_ZAI.has(asked.provider)) return undefined;
  const own = typeof code === 'string' || typeof code === 'number' ? String(code) : '';
  const found = /^1\d{3}$/.test(own) ? own : /^.{0,40}\[(1\d{3})\]\[/m.exec(text)?.[1];
  return found !== undefined && Object.hasOwn(ZAI_CODES, found) ? ZAI_CODES[found] : undefined;
}

/** What is left to the status, where no rule knew the words. */
function byStatus(status: number, evidence: Evidence, info: ErrorInfo, asked: Asked): Verdict {
  const { page } = evidence.view;
  // Adapters know words of their dialect for which no rule stands here.
  if (info.kind === 'billing' && status < 500) return { type: 'dead', scope: 'key', why: 'billing' };
  switch (status) {
    case 401:
      return { type: 'dead', scope: 'key', why: 'key' };
    case 402:
      return { type: 'dead', scope: 'key', why: 'billing' };
    case 403:
      // A firewall's page is about what it saw, or about the network: no provider's word on the key.
      if (page) return { type: 'elsewhere' };
      return { type: 'dead', scope: 'key', why: 'permission' };
    case 451:
      return { type: 'dead', scope: 'key', why: 'permission' };
    case 404:
    case 405:
    case 408:
    case 409:
    case 410:
    case 425:
    case 501:
      return { type: 'elsewhere' };
    case 407:
    case 424:
    case 499:
      return { type: 'failed' };
    case 429:
      return limited(status, evidence, info, asked, {
        type: info.kind === 'overloaded' ? 'overloaded' : 'limited',
      });
    // 498 is Groq's flex tier (https://console.groq.com/docs/errors).
    case 498:
    case 503:
    case 529:
      return limited(status, evidence, info, asked, { type: 'overloaded' });
    default:
      break;
  }
  if (status >= 500) {
    return info.kind === 'overloaded'
      ? limited(status, evidence, info, asked, { type: 'overloaded' })
      : { type: 'failed' };
  }
  if (info.kind === 'authentication') return { type: 'dead', scope: 'key', why: 'key' };
  if (info.kind === 'permission') return { type: 'dead', scope: 'key', why: 'permission' };
  if (info.kind === 'not_found') return { type: 'elsewhere' };
  if (info.kind === 'rate_limit') return limited(status, evidence, info, asked, { type: 'limited' });
  return { type: 'request' };
}

function limited(
  status: number,
  evidence: Evidence,
  info: ErrorInfo,
  asked: Asked,
  fault: LimitFault,
): Verdict {
  const { limits, quota, view } = evidence;
  const overloaded = fault.type === 'overloaded';
  if (!overloaded && withoutAllowance(evidence, asked))
    return { type: 'dead', scope: 'model', why: 'billing' };
  const spent = [...limits.spent].sort((a, b) => (b.seconds ?? 0) - (a.seconds ?? 0))[0];
  const seconds = evidence.seconds ?? saneSeconds(info.retryAfterSeconds);
  const named = overloaded ? undefined : (quota?.what ?? namedLimit(view.text) ?? spent?.what);
  // 503 and 529 say by themselves that it is nothing of this request; with 429 a time or a name must say so.
  const shown = seconds !== undefined || named !== undefined || (overloaded && status !== 429);
  return {
    type: 'limited',
    scope: fault.scope ?? scopeOf(evidence, asked, overloaded),
    ...(seconds !== undefined && { waitSeconds: seconds }),
    told: fault.told === true || (fault.told === false ? seconds !== undefined : shown),
    ...(overloaded && { overloaded: true as const }),
    what: fault.what ?? named ?? (overloaded ? 'overloaded' : 'rate limit'),
  };
}

/** The key's plan has none of this model: nothing but another plan helps. */
function withoutAllowance({ limits, quota }: Evidence, asked: Asked): boolean {
  // Mistral's free plan: https://docs.mistral.ai/deployment/laplateforme/tier
  return (
    quota?.none === true ||
    (asked.provider === 'mistral' &&
      limits.spent.some((one) => one.limit === 0 && one.what.includes(' per ')))
  );
}

/** As the answer tells, else as the provider counts. */
function scopeOf({ limits, quota, view }: Evidence, asked: Asked, overloaded: boolean): 'model' | 'key' {
  if (overloaded) return 'model';
  if (limits.spent.some((one) => one.wholeKey)) return 'key';
  if (limits.spent.length === 0 || quota) {
    if (quota) return quota.scope;
    if (/\b(?:for|on|of) (?:(?:the|this|that) )?model\b|\bthis model\b|per[ _-]?model/i.test(view.text))
      return 'model';
  } else if (/\bfor (?:the )?model\b|\bthis model\b/i.test(view.text)) return 'model';
  return COUNTED_BY[asked.provider];
}
