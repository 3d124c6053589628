import {
  describeRefusals,
  openai,
  anthropic,
  google,
  reason,
  zai,
  PAGE,
  type RefusalRow,
} from '../../../../support/upstream/refusals';

const REQUESTS: RefusalRow[] = [
  [
    'too long',
    'openai',
    400,
    openai("This model's maximum context length is 128000 tokens.", 'context_length_exceeded'),
    'request',
  ],
  [
    'too long for Anthropic',
    'anthropic',
    400,
    anthropic('invalid_request_error', 'prompt is too long: 210000 tokens > 200000 maximum'),
    'request',
  ],
  [
    'too large',
    'anthropic',
    413,
    anthropic('request_too_large', 'Request exceeds the maximum size'),
    'request',
  ],
  [
    'content policy',
    'azure',
    400,
    {
      error: {
        code: 'content_filter',
        message:
          "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
      },
    },
    'request',
  ],
  ['an argument', 'gemini', 400, google(400, 'INVALID_ARGUMENT', 'Invalid value at contents'), 'request'],
  ['a value', 'openai', 422, openai('bad'), 'request'],
  [
    'a field that a model does not take',
    'openai',
    400,
    openai("Unsupported parameter: 'temperature' is not supported with this model.", 'unsupported_parameter'),
    'request',
  ],
  [
    'moderation',
    'openrouter',
    403,
    {
      error: {
        message: 'x requires moderation on y. Your input was flagged for "sexual".',
        code: 403,
        metadata: { reasons: ['sexual'] },
      },
    },
    'request',
  ],
  ['a firewall', 'openai-compatible', 403, PAGE, 'elsewhere'],
  ['a firewall’s number', 'openai-compatible', 403, 'error code: 1020', 'elsewhere'],
  [
    'z.ai, unsafe',
    'zai',
    400,
    zai('1301', 'System detected potentially unsafe or sensitive content'),
    'request',
  ],
  [
    'Bedrock, validation',
    'bedrock',
    400,
    { message: 'Malformed input request' },
    'request',
    ['x-amzn-errortype', 'ValidationException'],
  ],
  [
    'larger than a minute, OpenAI',
    'openai',
    429,
    openai(
      'Request too large for gpt-4o in organization org-x on tokens per min (TPM): Limit 30000, Requested 30601.',
      'rate_limit_exceeded',
      'tokens',
    ),
    'elsewhere',
  ],
  [
    'larger than a minute, Groq',
    'groq',
    413,
    openai(
      'Request too large for model `llama` in organization `x` service tier `on_demand` on tokens per minute (TPM): Limit 6000, Requested 6294',
      'rate_limit_exceeded',
      'tokens',
    ),
    'elsewhere',
  ],
  [
    'a mode beyond the plan',
    'anthropic',
    429,
    anthropic('rate_limit_error', 'Usage credits are required for fast mode'),
    'elsewhere',
  ],
  [
    'a length beyond the plan',
    'anthropic',
    429,
    anthropic('rate_limit_error', 'Extra usage is required for long context requests.'),
    'elsewhere',
  ],
];

const CAPACITY: RefusalRow[] = [
  [
    'Anthropic',
    'anthropic',
    529,
    anthropic('overloaded_error', 'Overloaded'),
    'overloaded model ? told: overloaded',
  ],
  [
    'OpenAI',
    'openai',
    503,
    openai('The engine is currently overloaded, please try again later', null, 'server_error'),
    'overloaded model ? told: overloaded',
  ],
  [
    'OpenAI, with a time',
    'openai',
    503,
    openai('Slow down', 'slow_down'),
    'overloaded model 30 told: overloaded',
    ['retry-after', '30'],
  ],
  [
    'Gemini',
    'gemini',
    503,
    google(503, 'UNAVAILABLE', 'The model is overloaded. Please try again later.'),
    'overloaded model ? told: overloaded',
  ],
  [
    'Gemini, other words',
    'gemini',
    429,
    google(
      429,
      'RESOURCE_EXHAUSTED',
      'No capacity available for model x on the server',
      reason('MODEL_CAPACITY_EXHAUSTED'),
    ),
    'overloaded model ? untold: overloaded',
  ],
  ['Groq, flex tier', 'groq', 498, openai('x', 'capacity_exceeded'), 'overloaded model ? told: overloaded'],
  [
    'llama.cpp',
    'openai-compatible',
    503,
    { error: { message: 'Loading model', type: 'unavailable_error', code: 503 } },
    'overloaded model ? told: loading the model',
  ],
  [
    'a model that loads, with a time',
    'openai-compatible',
    503,
    { error: 'Model x/y is currently loading', estimated_time: 20 },
    'overloaded model 20 told: loading the model',
  ],
  [
    'Ollama',
    'ollama',
    503,
    { error: 'server busy, please try again. maximum pending requests exceeded' },
    'overloaded model ? told: loading the model',
  ],
  [
    'Ollama’s cloud',
    'ollama',
    503,
    { error: 'Server overloaded, please retry shortly (ref: x)' },
    'overloaded model ? told: overloaded',
  ],
  ['DeepSeek', 'deepseek', 503, '', 'overloaded model ? told: overloaded'],
  [
    'overload within 500',
    'openai-compatible',
    500,
    openai('x', 'server_is_overloaded'),
    'overloaded model ? told: overloaded',
  ],
];

const FAILURES: RefusalRow[] = [
  [
    'OpenAI',
    'openai',
    500,
    openai('The server had an error processing your request. Sorry about that!', null, 'server_error'),
    'failed',
  ],
  ['Anthropic', 'anthropic', 500, anthropic('api_error', 'Internal server error'), 'failed'],
  ['Gemini', 'gemini', 500, google(500, 'INTERNAL', 'An internal error has occurred.'), 'failed'],
  ['a gateway', 'openai', 502, PAGE, 'failed'],
  ['time out', 'openai', 504, '', 'failed'],
  ['Cloudflare', 'openai', 524, PAGE, 'failed'],
  ['words of money in a crash', 'openai', 500, openai('credit balance is too low'), 'failed'],
  ['Bedrock, model', 'bedrock', 424, { message: 'x' }, 'failed', ['x-amzn-errortype', 'ModelErrorException']],
  [
    'Bedrock, model’s time',
    'bedrock',
    408,
    { message: 'x' },
    'failed',
    ['x-amzn-errortype', 'ModelTimeoutException'],
  ],
  ['a redirect', 'openai-compatible', 302, '', 'failed'],
  ['not implemented', 'openai-compatible', 501, '', 'elsewhere'],
];

describeRefusals('a request', REQUESTS);
describeRefusals('capacity', CAPACITY);
describeRefusals('a failure', FAILURES);
