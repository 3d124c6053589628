import {
  describeRefusals,
  openai,
  anthropic,
  google,
  rpc,
  quota,
  reason,
  zai,
  type RefusalRow,
} from '../../../../support/refusals';

const MONEY: RefusalRow[] = [
  [
    'OpenAI',
    'openai',
    429,
    openai(
      'You exceeded your current quota, please check your plan and billing details.',
      'insufficient_quota',
      'insufficient_quota',
    ),
    'dead key billing',
  ],
  [
    'OpenAI, limit',
    'openai',
    400,
    openai('Billing hard limit has been reached', 'billing_hard_limit_reached'),
    'dead key billing',
  ],
  [
    'OpenAI, inactive',
    'openai',
    429,
    openai(
      'Your account is not active, please check your billing details',
      'billing_not_active',
      'billing_not_active',
    ),
    'dead key billing',
  ],
  [
    'Anthropic',
    'anthropic',
    400,
    anthropic(
      'invalid_request_error',
      'Your credit balance is too low to access the Anthropic API. Please go to Plans & Billing to upgrade or purchase credits.',
    ),
    'dead key billing',
  ],
  ['Anthropic, 402', 'anthropic', 402, anthropic('billing_error', 'x'), 'dead key billing'],
  [
    'Anthropic, spending limit',
    'anthropic',
    400,
    anthropic(
      'invalid_request_error',
      'You have reached your specified API usage limits. You will regain access on 2030-01-02 at 00:00 UTC.',
    ),
    'limited key 43200 told: spending limit',
  ],
  [
    'DeepSeek',
    'deepseek',
    402,
    openai('Insufficient Balance', 'invalid_request_error', 'unknown_error'),
    'dead key billing',
  ],
  [
    'z.ai',
    'zai',
    429,
    zai('1113', 'Insufficient balance or no resource package. Please recharge.'),
    'dead key billing',
  ],
  [
    'z.ai behind an OpenAI endpoint',
    'openai-compatible',
    429,
    { error: { code: '1113', message: 'Please recharge.' } },
    'dead key billing',
  ],
  [
    'z.ai, expired plan',
    'zai',
    429,
    zai('1309', 'Your GLM Coding Plan package has expired'),
    'dead key billing',
  ],
  [
    'Moonshot',
    'moonshot',
    429,
    openai(
      'Your account org-x is suspended, please check your plan and billing details',
      null,
      'exceeded_current_quota_error',
    ),
    'dead key billing',
  ],
  [
    'xAI',
    'xai',
    429,
    {
      code: 'Some resource has been exhausted',
      error: 'Your team x has either used all available credits or reached its monthly spending limit.',
    },
    'dead key billing',
  ],
  [
    'xAI, none yet',
    'xai',
    403,
    {
      code: 'The caller does not have permission',
      error: "Your newly created team doesn't have any credits yet.",
    },
    'dead key billing',
  ],
  [
    'OpenRouter',
    'openrouter',
    402,
    {
      error: {
        message: 'Insufficient credits. Add more',
        code: 402,
        metadata: { limit_source: 'openrouter_credits' },
      },
    },
    'dead key billing',
  ],
  [
    'OpenRouter, for this request',
    'openrouter',
    402,
    {
      error: {
        message:
          'This request requires more credits, or fewer max_tokens. You requested up to 64000 tokens, but can only afford 2666.',
        code: 402,
      },
    },
    'elsewhere',
  ],
  [
    'Gemini',
    'gemini',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'Your prepayment credits are depleted. Please go to AI Studio.'),
    'dead key billing',
  ],
  [
    'Gemini, project',
    'gemini',
    403,
    google(
      403,
      'PERMISSION_DENIED',
      'This API method requires billing to be enabled.',
      reason('BILLING_DISABLED'),
    ),
    'dead key billing',
  ],
  [
    'Bedrock',
    'bedrock',
    403,
    { message: 'Model access is denied due to INVALID_PAYMENT_INSTRUMENT' },
    'dead key billing',
    ['x-amzn-errortype', 'AccessDeniedException'],
  ],
  [
    'a gateway',
    'openai-compatible',
    403,
    openai('quota', 'insufficient_user_quota', 'new_api_error'),
    'dead key billing',
  ],
  ['a status', 'openai-compatible', 402, '', 'dead key billing'],
  [
    'Gemini’s plan without the model',
    'gemini',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      'x',
      quota({ quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier', quotaValue: '0' }),
      { ...rpc('RetryInfo'), retryDelay: '45s' },
    ),
    'dead model billing',
  ],
  [
    'the same in words',
    'gemini',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      'x\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: gemini-3-pro\n* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_input_token_count, limit: 0, model: gemini-3-pro\nPlease retry in 45.5s.',
    ),
    'dead model billing',
  ],
  [
    'Mistral’s plan without the model',
    'mistral',
    429,
    { object: 'error', message: 'Rate limit exceeded', type: 'rate_limited', code: '1300' },
    'dead model billing',
    ['x-ratelimit-limit-req-minute', '0', 'x-ratelimit-remaining-req-minute', '0'],
  ],
];

describeRefusals('money', MONEY);
