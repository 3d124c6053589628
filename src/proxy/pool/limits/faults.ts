/** Whose fault a refusal is, where its words say more than its status: every rule, and where the words were seen. */
import type { ErrorView } from './error-view';

/** What is decided by the words alone. */
export type PlainFault =
  | { type: 'request' | 'elsewhere' | 'failed' }
  | { type: 'dead'; scope: 'model' | 'key'; why: 'key' | 'billing' | 'permission' };

/** What is to be filled in with what the answer tells of times; what stands here goes before that. */
export interface LimitFault {
  type: 'limited' | 'overloaded';
  scope?: 'model' | 'key';
  told?: boolean;
  what?: string;
}

export type Fault = PlainFault | LimitFault;

export interface FaultRule {
  name: string;
  source: string;
  /** Of the answer; absent: any 4xx. */
  status?: readonly number[] | ((status: number) => boolean);
  /** In the words for a program. */
  words?: RegExp;
  /** In the words for a person; with `words` too, either will do. */
  text?: RegExp;
  fault: Fault;
}

const any = (status: number) => status >= 400;
const REQUEST: Fault = { type: 'request' };
const ELSEWHERE: Fault = { type: 'elsewhere' };
const BILLING: Fault = { type: 'dead', scope: 'key', why: 'billing' };
const BAD_KEY: Fault = { type: 'dead', scope: 'key', why: 'key' };
const FORBIDDEN: Fault = { type: 'dead', scope: 'key', why: 'permission' };
const MODEL_FORBIDDEN: Fault = { type: 'dead', scope: 'model', why: 'permission' };
const OVERLOADED: Fault = { type: 'overloaded', scope: 'model' };

const OPENAI = 'https://platform.openai.com/docs/guides/error-codes/api-errors';
const BEDROCK = 'https://docs.aws.amazon.com/bedrock/latest/userguide/troubleshooting-api-error-codes.html';
const GEMINI = 'https://ai.google.dev/gemini-api/docs/troubleshooting';
const OPENROUTER = 'https://openrouter.ai/docs/api-reference/errors';

/** The first that fits decides. */
export const FAULT_RULES: readonly FaultRule[] = [
  {
    name: 'one request larger than the whole minute: a higher tier may take it (OpenAI 429, Groq 413)',
    source: 'https://github.com/vanderschaarlab/climb/issues/1, https://github.com/elizaOS/eliza/issues/4040',
    status: [413, 429],
    text: /^request too large for .{1,300}\blimit/im,
    fault: ELSEWHERE,
  },
  {
    name: 'money for less than this request (OpenRouter)',
    source: 'https://github.com/can1357/oh-my-pi/issues/9569',
    status: [402],
    text: /can only afford \d|or fewer max_tokens/i,
    fault: ELSEWHERE,
  },
  {
    name: 'a way of asking that the plan lacks: fast mode, long context (Anthropic)',
    source:
      'https://github.com/router-for-me/CLIProxyAPI internal/runtime/executor/claude_executor_request.go',
    status: [400, 403, 429],
    text: /fast request rejected|(?:usage|extra usage|credits?) (?:is|are) required for (?:fast|long context)|long context beta is not (?:yet )?available/i,
    fault: ELSEWHERE,
  },
  {
    name: 'a spending limit that ends on a date (Anthropic)',
    source: 'https://platform.claude.com/docs/en/api/rate-limits#spend-limits',
    text: /specified (?:workspace )?API usage limits?|regain access on \d{4}/i,
    fault: { type: 'limited', scope: 'key', told: true, what: 'spending limit' },
  },
  {
    name: 'money',
    source: `${OPENAI}, https://api-docs.deepseek.com/quick_start/error_codes, https://platform.moonshot.ai/docs/api/chat`,
    words:
      /insufficient_quota|insufficient_(?:user_)?(?:account_)?balance|insufficient_user_quota|insufficient_credits|billing_(?:hard_limit|not_active|error)|exceeded_current_quota_error|payment_required|CONSUMER_BILLING|BILLING_DISABLED|openrouter_credits|Arrearage|AllocationQuota\.FreeTierOnly/i,
    text: /credit balance is too low|insufficient[ _](?:account )?balance|insufficient credits|used all available credits|does(?:n't| not) have any credits|credits are depleted|no resource package|enable billing|billing (?:account|details).{0,40}(?:disabled|not active|closed)|INVALID_PAYMENT_INSTRUMENT|account (?:is )?in arrears|exceeded your monthly included credits|account .{0,120}suspended.{0,80}billing/i,
    fault: BILLING,
  },
  {
    name: 'a country',
    source: `${OPENAI}, https://github.com/google-gemini/gemini-cli/issues/24641`,
    words: /unsupported_country_region_territory/i,
    text: /user location is not supported|country, region,? or territory (?:is )?not supported|not (?:available|supported) in your (?:country|region|location)|unsupported countries, regions,? or territories/i,
    fault: FORBIDDEN,
  },
  {
    name: 'a closed account',
    source:
      'https://github.com/anthropics/claude-code/issues (403), https://docs.z.ai/api-reference/api-code',
    status: [400, 401, 403, 429],
    words:
      /account_deactivated|organization_deactivated|access_terminated|CONSUMER_SUSPENDED|CONSUMER_INVALID/i,
    text: /organization has been disabled|account (?:has been|is) (?:deactivated|disabled|banned|terminated)|reported as leaked|project has been denied access/i,
    fault: FORBIDDEN,
  },
  {
    name: 'a key (AWS)',
    source: BEDROCK,
    status: [400, 401, 403],
    words:
      /UnrecognizedClient|InvalidSignature|SignatureDoesNotMatch|ExpiredToken|IncompleteSignature|MissingAuthenticationToken|InvalidClientTokenId/,
    fault: BAD_KEY,
  },
  {
    name: 'a key, where the status is not 401 (Gemini and xAI answer 400)',
    source: `${GEMINI}, https://docs.x.ai/docs/key-information/debugging`,
    status: [400, 403],
    words: /API_KEY_INVALID|API_KEY_EXPIRED|invalid_api_key|\bauthentication_error\b|UNAUTHENTICATED/,
    text: /API key (?:not valid|expired|not found)|(?:incorrect|invalid) api[ _-]?key|api[ _-]?key:?(?: \S{1,60})? is (?:invalid|incorrect)/i,
    fault: BAD_KEY,
  },
  {
    name: 'a right that the key lacks, with 401 (OpenAI)',
    source: OPENAI,
    status: [401],
    text: /missing scopes|insufficient permissions for this operation/i,
    fault: FORBIDDEN,
  },
  {
    name: 'a file or a cache of another key (Gemini)',
    source: 'https://ai.google.dev/gemini-api/docs/files, https://ai.google.dev/gemini-api/docs/caching',
    status: [403],
    text: /permission to access the file|cachedcontent not found/i,
    fault: ELSEWHERE,
  },
  {
    name: 'a model that the key may not use',
    source: `${OPENAI}, https://docs.aws.amazon.com/bedrock/latest/userguide/model-access.html`,
    status: [401, 403],
    words: /model_not_found|model_not_available|model_terms_required|model_permission/i,
    text: /(?:does(?:n't| not)|do(?:n't| not)) have access to (?:the |this )?model|not (?:allowed|authorized|permitted|entitled) to (?:use|access|call|sample from|invoke) (?:the |this )?model|InvokeModel.{0,200}foundation-model|access to (?:the |this )?model is (?:denied|restricted)|model access is denied|access tuned model|publishers\/[\w-]{1,40}\/models\/|not included in your (?:plan|subscription)/i,
    fault: MODEL_FORBIDDEN,
  },
  {
    name: 'a firewall in front of the provider',
    source:
      'https://developers.cloudflare.com/support/troubleshooting/http-status-codes/cloudflare-1xxx-errors/',
    status: [403],
    text: /attention required|^error code: 10(?!15)\d\d/im,
    fault: ELSEWHERE,
  },
  {
    name: 'what was asked, with 403: moderation',
    source: OPENROUTER,
    status: [403],
    words: /content_policy|content_filter|moderation|flagged/i,
    text: /moderation|was flagged|been flagged|content policy|usage policies|safety system|guardrail/i,
    fault: REQUEST,
  },
  {
    name: 'a model that is not there',
    source: `${OPENAI}, https://console.groq.com/docs/deprecations, https://openrouter.ai/docs, ${BEDROCK}`,
    status: (status) => [400, 404, 410, 422, 503].includes(status),
    words:
      /model_not_found|model_decommissioned|invalid_model|model_not_exist|DeploymentNotFound|\bunknown_model\b|model_not_supported/i,
    text: /\bmodels?:? ?["'`]?[\w./:@+-]{1,120}["'`]? (?:was |is |has been |does )?(?:not (?:exist|found|available|supported)|not a valid model|unknown|decommissioned|retired|deprecated and|no longer (?:available|supported))|(?:unknown|invalid|no such|nonexistent) model\b|model (?:does )?not exist|not a valid model|unexpected model name|model identifier is invalid|on-demand throughput isn.t supported|no models? (?:is |are )?loaded|no available channel|does not work with the specified model/i,
    fault: ELSEWHERE,
  },
  {
    name: 'capacity of the provider, whatever the status',
    source: `${OPENAI}, https://docs.mistral.ai/api, https://github.com/google-gemini/gemini-cli/issues/26633, ${BEDROCK}`,
    status: any,
    words:
      /overloaded|\bslow_down\b|at_capacity|capacity_exceeded|CAPACITY_EXHAUSTED|ModelNotReady|ServiceUnavailableException|shared_pool|no_capacity|temporarily_unavailable/i,
    text: /(?:engine|server|model|service|system|api|it) (?:is|are|may be)?\s?(?:currently |temporarily )?(?:overloaded|at capacity|experiencing high demand)|server overloaded|service tier capacity exceeded|no capacity available|peak load|temporarily rate-limited upstream/i,
    fault: OVERLOADED,
  },
  {
    name: 'a model that is being loaded (llama.cpp, Ollama, LM Studio, TGI)',
    source: 'https://github.com/ggml-org/llama.cpp/blob/master/tools/server/README.md (GET /health)',
    status: (status) => status >= 500,
    text: /loading model|model .{0,100}(?:is )?(?:currently |still )?loading|server busy/i,
    fault: { type: 'overloaded', scope: 'model', what: 'loading the model' },
  },
  {
    name: 'capacity that all customers share (Vertex)',
    source: 'https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429',
    status: [429],
    text: /^resource exhausted\. please try again later|error-code-429|dynamic shared quota/im,
    fault: { type: 'overloaded', scope: 'model', told: false },
  },
  {
    name: 'a quota (AWS)',
    source: BEDROCK,
    words: /ServiceQuotaExceeded/,
    fault: { type: 'limited', told: true, what: 'service quota' },
  },
  {
    name: 'too many requests (AWS), whatever the status',
    source: BEDROCK,
    words: /Throttling|TooManyRequestsException/,
    fault: { type: 'limited' },
  },
  {
    name: 'the usage of a plan (Codex, Ollama)',
    source:
      'https://github.com/continuedev/continue/issues/11444, https://github.com/router-for-me/CLIProxyAPI internal/runtime/executor/codex_executor_terminal.go',
    status: [403, 429],
    words: /usage_limit_reached/i,
    text: /reached your .{0,30}usage limit|usage limit (?:has been )?reached/i,
    fault: { type: 'limited', scope: 'key', told: true, what: 'usage limit' },
  },
  {
    name: 'a model that broke (AWS)',
    source: BEDROCK,
    words: /ModelErrorException|ModelStreamErrorException|ModelTimeoutException/,
    fault: { type: 'failed' },
  },
];

/**
 * z.ai's own codes stand above the status, which is 429 for money and moderation alike.
 * https://docs.z.ai/api-reference/api-code
 */
export const ZAI_CODES: Readonly<Record<string, Fault>> = {
  '1000': BAD_KEY,
  '1001': BAD_KEY,
  '1002': BAD_KEY,
  '1003': BAD_KEY,
  '1004': BAD_KEY,
  '1110': FORBIDDEN,
  '1111': FORBIDDEN,
  '1112': FORBIDDEN,
  '1113': BILLING,
  '1120': { type: 'failed' },
  '1121': FORBIDDEN,
  '1211': ELSEWHERE,
  '1212': ELSEWHERE,
  '1220': MODEL_FORBIDDEN,
  '1221': ELSEWHERE,
  '1222': ELSEWHERE,
  '1261': REQUEST,
  '1300': REQUEST,
  '1301': REQUEST,
  '1302': { type: 'limited', scope: 'model', told: true, what: 'concurrent requests' },
  '1303': { type: 'limited', scope: 'model', told: true, what: 'requests' },
  '1304': { type: 'limited', scope: 'key', told: true, what: 'requests per day' },
  // Also sent for content that it will not take, so it may be the request's own.
  '1305': { type: 'overloaded', scope: 'model', told: false },
  '1308': { type: 'limited', scope: 'key', told: true, what: 'usage limit' },
  '1309': BILLING,
  '1310': { type: 'limited', scope: 'key', told: true, what: 'usage limit of the week or month' },
  '1311': MODEL_FORBIDDEN,
  '1312': { type: 'overloaded', scope: 'model', told: false },
  '1313': { type: 'limited', scope: 'key', told: true, what: 'fair use' },
  '1316': { type: 'limited', scope: 'key', told: true, what: 'usage limit of 5 hours' },
  '1317': { type: 'limited', scope: 'key', told: true, what: 'usage limit of 7 days' },
  '1318': { type: 'limited', scope: 'key', told: true, what: 'spending limit' },
  '1319': { type: 'limited', scope: 'key', told: true, what: 'spending limit' },
  '1320': { type: 'limited', scope: 'key', told: true, what: 'spending limit' },
  '1321': { type: 'limited', scope: 'key', told: true, what: 'spending limit' },
};

/** The first rule that fits, by status and words. */
export function faultOf(status: number, view: ErrorView): Fault | undefined {
  const rule = FAULT_RULES.find(({ status: wanted, words, text }) => {
    const fits =
      wanted === undefined
        ? status >= 400 && status < 500
        : typeof wanted === 'function'
          ? wanted(status)
          : wanted.includes(status);
    return fits && (words?.test(view.words) === true || text?.test(view.text) === true);
  });
  return rule?.fault;
}
