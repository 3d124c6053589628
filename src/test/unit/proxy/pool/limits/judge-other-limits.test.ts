import {
  describeRefusals,
  NOW,
  openai,
  google,
  rpc,
  quota,
  zai,
  type RefusalRow,
} from '../../../../support/refusals';

const LIMITS: RefusalRow[] = [
  [
    'Gemini, minute',
    'gemini',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      'You exceeded your current quota, please check your plan and billing details.',
      quota({
        quotaId: 'GenerateRequestsPerMinutePerProjectPerModel-FreeTier',
        quotaValue: '10',
        quotaDimensions: { model: 'g' },
      }),
      { ...rpc('RetryInfo'), retryDelay: '34.4s' },
    ),
    'limited model 34.4 told: requests per minute',
  ],
  [
    'Gemini, day',
    'gemini',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      'x',
      quota(
        { quotaId: 'GenerateContentInputTokensPerModelPerMinute-FreeTier' },
        { quotaId: 'GenerateRequestsPerDayPerProjectPerModel-FreeTier' },
      ),
      { ...rpc('RetryInfo'), retryDelay: '34s' },
    ),
    'limited model 72000 told: requests per day',
  ],
  [
    'Gemini, project',
    'gemini',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      'x',
      quota({
        quotaId: 'GenerateContentPaidTierInputTokensPerMinutePerProject',
        quotaMetric: 'm/generate_content_paid_tier_input_token_count',
      }),
    ),
    'limited key ? told: input tokens per minute',
  ],
  [
    'Gemini, in words',
    'gemini',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      '* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 20, model: g\nPlease retry in 4.2s.',
    ),
    'limited model 4.2 told: requests',
  ],
  [
    'Gemini, nothing named',
    'gemini',
    429,
    google(429, 'RESOURCE_EXHAUSTED', 'Resource has been exhausted (e.g. check quota).'),
    'limited model ? untold: rate limit',
  ],
  [
    'Gemini behind another server',
    'openai-compatible',
    429,
    [
      google(
        429,
        'RESOURCE_EXHAUSTED',
        'x',
        quota({ quotaId: 'GenerateRequestsPerMinutePerProjectPerModel' }),
        { ...rpc('RetryInfo'), retryDelay: '3s' },
      ),
    ],
    'limited model 3 told: requests per minute',
  ],
  [
    'Vertex, quota',
    'vertex',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      'Quota exceeded for aiplatform.googleapis.com/generate_content_requests_per_minute_per_project_per_base_model with base model: gemini-pro.',
    ),
    'limited model ? told: requests per minute',
  ],
  [
    'Vertex, shared',
    'vertex',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      'Resource exhausted. Please try again later. Please refer to https://cloud.google.com/vertex-ai/generative-ai/docs/error-code-429 for more details.',
    ),
    'overloaded model ? untold: overloaded',
  ],
  [
    'Moonshot, minute',
    'moonshot',
    429,
    openai(
      'Your account org<ak> request reached organization max RPM: 3, please try again after 1 seconds',
      null,
      'rate_limit_reached_error',
    ),
    'limited key 1 told: requests per minute',
  ],
  [
    'Moonshot, at once',
    'moonshot',
    429,
    openai(
      'Your account org<ak> request reached max organization concurrency: 1, please try again after 1 seconds',
      null,
      'rate_limit_reached_error',
    ),
    'limited key 1 told: concurrent requests',
  ],
  [
    'Moonshot, capacity',
    'moonshot',
    429,
    openai('The engine is currently overloaded, please try again later', null, 'engine_overloaded_error'),
    'overloaded model ? untold: overloaded',
  ],
  [
    'z.ai, rate',
    'zai',
    429,
    zai('1302', 'Rate limit reached for requests'),
    'limited model ? told: concurrent requests',
  ],
  [
    'z.ai, 5 hours',
    'zai',
    429,
    zai('1308', 'Usage limit reached for 5 hour. Your limit will reset at 2030-01-01 20:30:00'),
    'limited key 1800 told: usage limit',
  ],
  [
    'z.ai, extra usage',
    'zai',
    429,
    zai(
      '1316',
      'Usage limit reached for the past 5 hours. Insufficient balance for extra usage. Resets at 2030-01-01 20:30:00',
    ),
    'limited key 1800 told: usage limit of 5 hours',
  ],
  [
    'z.ai, capacity',
    'zai',
    429,
    zai('1305', 'The service may be temporarily overloaded, please try again later'),
    'overloaded model ? untold: overloaded',
  ],
  [
    'Mistral',
    'mistral',
    429,
    { object: 'error', message: 'Rate limit exceeded', type: 'rate_limited', code: '1300' },
    'limited model ? untold: rate limit',
  ],
  [
    'Mistral, counter',
    'mistral',
    429,
    { message: 'Requests rate limit exceeded' },
    'limited model 60 told: requests per minute',
    ['x-ratelimit-limit-req-minute', '60', 'x-ratelimit-remaining-req-minute', '0'],
  ],
  [
    'Mistral, capacity',
    'mistral',
    429,
    {
      object: 'error',
      message: 'Service tier capacity exceeded for this model.',
      type: 'service_tier_capacity_exceeded',
      code: '3505',
    },
    'overloaded model ? untold: overloaded',
  ],
  [
    'OpenRouter, free',
    'openrouter',
    429,
    {
      error: {
        message: 'Rate limit exceeded: free-models-per-day. Add 10 credits',
        code: 429,
        metadata: {
          headers: {
            'X-RateLimit-Limit': '50',
            'X-RateLimit-Remaining': '0',
            'X-RateLimit-Reset': String(NOW + 3_600_000),
          },
        },
      },
    },
    'limited model 3600 told: free requests per day',
  ],
  [
    'OpenRouter, upstream',
    'openrouter',
    429,
    {
      error: {
        message: 'Provider returned error',
        code: 429,
        metadata: {
          raw: 'x/y is temporarily rate-limited upstream. Please retry shortly',
          limit_source: 'upstream_provider_shared_pool',
        },
      },
    },
    'overloaded model ? untold: overloaded',
  ],
  [
    'Bedrock',
    'bedrock',
    429,
    { message: 'Too many tokens, please wait before trying again.' },
    'limited model ? untold: rate limit',
    ['x-amzn-ErrorType', 'ThrottlingException:http://internal.amazon.com/coral/com.amazon.bedrock/'],
  ],
  [
    'Bedrock, day',
    'bedrock',
    429,
    { message: 'Too many tokens per day, please wait before trying again.' },
    'limited model ? told: tokens per day',
    ['x-amzn-errortype', 'ThrottlingException'],
  ],
  [
    'Bedrock, throttled with 400',
    'bedrock',
    400,
    { __type: 'com.amazon.coral.availability#ThrottlingException', message: 'Rate exceeded' },
    'limited model ? untold: rate limit',
  ],
  [
    'Bedrock, quota',
    'bedrock',
    400,
    { message: 'x' },
    'limited model ? told: service quota',
    ['x-amzn-errortype', 'ServiceQuotaExceededException'],
  ],
  [
    'Bedrock, warming up',
    'bedrock',
    429,
    { message: 'Model is not ready for inference.' },
    'overloaded model ? untold: overloaded',
    ['x-amzn-errortype', 'ModelNotReadyException'],
  ],
  [
    'a plan of ChatGPT',
    'openai-compatible',
    429,
    {
      error: {
        type: 'usage_limit_reached',
        message: 'The usage limit has been reached',
        resets_in_seconds: 900,
      },
    },
    'limited key 900 told: usage limit',
  ],
  [
    'Ollama’s cloud',
    'ollama',
    429,
    {
      error:
        'you (x) have reached your session usage limit, upgrade for higher limits: https://ollama.com/upgrade',
    },
    'limited key ? told: usage limit',
  ],
];

describeRefusals('a limit of others', LIMITS);
