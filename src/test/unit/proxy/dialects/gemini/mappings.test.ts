import assert from 'node:assert/strict';
import type {
  ErrorKind,
  ReasoningSettings,
  StopReason,
  ToolChoice,
  Warning,
} from '../../../../../proxy/dialects/canonical';
import { geminiAdapter as gemini } from '../../../../../proxy/dialects/gemini';
import { decodeStopReason, encodeStopReason } from '../../../../../proxy/dialects/gemini/map-stop-reason';
import { decodeThinking, encodeThinking } from '../../../../../proxy/dialects/gemini/map-thinking';
import { decodeUsage, encodeUsage } from '../../../../../proxy/dialects/gemini/map-usage';
import { asked, contexts } from './fixtures';

describe("Gemini's mapping tables", () => {
  const reasons: [string, StopReason][] = [
    ['STOP', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['SAFETY', 'content-filter'],
    ['RECITATION', 'content-filter'],
    ['LANGUAGE', 'other'],
    ['BLOCKLIST', 'content-filter'],
    ['PROHIBITED_CONTENT', 'content-filter'],
    ['SPII', 'content-filter'],
    ['MALFORMED_FUNCTION_CALL', 'malformed-tool-call'],
    ['UNEXPECTED_TOOL_CALL', 'malformed-tool-call'],
    ['TOO_MANY_TOOL_CALLS', 'malformed-tool-call'],
    ['OTHER', 'other'],
    ['IMAGE_SAFETY', 'content-filter'],
    ['IMAGE_PROHIBITED_CONTENT', 'content-filter'],
    ['NO_IMAGE', 'other'],
    ['FINISH_REASON_UNSPECIFIED', 'other'],
    ['SOMETHING_NEW', 'other'],
  ];
  for (const [word, reason] of reasons)
    it(`reads the finish reason ${word} as ${reason}`, () => {
      assert.equal(decodeStopReason(word, false), reason);
      if (word !== 'SOMETHING_NEW') assert.equal(encodeStopReason({ reason, raw: word }), word);
    });

  it('reads STOP after calls as tool-calls, and nothing else so', () => {
    assert.equal(decodeStopReason('STOP', true), 'tool-calls');
    assert.equal(decodeStopReason('MAX_TOKENS', true), 'length');
  });

  const words: [StopReason, string][] = [
    ['stop', 'STOP'],
    ['stop-sequence', 'STOP'],
    ['length', 'MAX_TOKENS'],
    ['tool-calls', 'STOP'],
    ['content-filter', 'SAFETY'],
    ['refusal', 'SAFETY'],
    ['pause', 'OTHER'],
    ['context-length', 'MAX_TOKENS'],
    ['malformed-tool-call', 'MALFORMED_FUNCTION_CALL'],
    ['other', 'OTHER'],
  ];
  for (const [reason, word] of words)
    it(`writes ${reason} as ${word}, whatever another provider called it`, () => {
      assert.equal(encodeStopReason({ reason, raw: 'end_turn' }), word);
    });

  it('counts thoughts as output and tool prompts as input', () => {
    const usage = decodeUsage({
      promptTokenCount: 10,
      toolUsePromptTokenCount: 5,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 7,
      thoughtsTokenCount: 3,
      totalTokenCount: 25,
    });
    assert.deepEqual(usage, { inputTokens: 15, cachedInputTokens: 4, outputTokens: 10, reasoningTokens: 3 });
    assert.deepEqual(encodeUsage(usage!), {
      promptTokenCount: 15,
      cachedContentTokenCount: 4,
      candidatesTokenCount: 7,
      thoughtsTokenCount: 3,
      totalTokenCount: 25,
    });
  });

  it('takes usage without counts as none', () => {
    assert.equal(decodeUsage({ trafficType: 'PROVISIONED_THROUGHPUT' }), undefined);
    assert.equal(decodeUsage(undefined), undefined);
  });

  const configs: [object, ReasoningSettings][] = [
    [{ thinkingBudget: 0 }, { mode: 'off' }],
    [
      { thinkingBudget: -1, includeThoughts: true },
      { mode: 'adaptive', visible: true },
    ],
    [{ thinking_budget: 2048 }, { mode: 'on', budgetTokens: 2048 }],
    [
      { thinkingLevel: 'HIGH', includeThoughts: false },
      { effort: 'high', visible: false },
    ],
  ];
  for (const [config, settings] of configs)
    it(`reads ${JSON.stringify(config)}`, () => {
      assert.deepEqual(decodeThinking({ ...config }, 'c'), settings);
    });

  const thinking: [ReasoningSettings, string, object | undefined, number][] = [
    [{ mode: 'off' }, 'gemini-2.5-flash', { thinkingBudget: 0 }, 0],
    [{ mode: 'off' }, 'gemini-2.5-pro', { thinkingBudget: 128 }, 1],
    [{ effort: 'none' }, 'gemini-2.5-flash', { thinkingBudget: 0 }, 0],
    [{ effort: 'minimal' }, 'gemini-2.5-flash', { thinkingBudget: 1024 }, 0],
    [{ effort: 'low' }, 'gemini-2.5-flash', { thinkingBudget: 1024 }, 0],
    [{ effort: 'medium' }, 'gemini-2.5-flash', { thinkingBudget: 8192 }, 0],
    [{ effort: 'high' }, 'gemini-2.5-flash', { thinkingBudget: 24_576 }, 0],
    [{ effort: 'max' }, 'gemini-2.5-pro', { thinkingBudget: 32_768 }, 0],
    [{ effort: 'xhigh' }, 'gemini-2.5-flash', { thinkingBudget: 24_576 }, 0],
    [
      { mode: 'on', budgetTokens: 31_999 },
      'gemini-2.5-flash',
      { thinkingBudget: 24_576, includeThoughts: true },
      1,
    ],
    [
      { mode: 'on', budgetTokens: 500, visible: false },
      'gemini-2.5-flash',
      { thinkingBudget: 500, includeThoughts: false },
      0,
    ],
    [{ mode: 'adaptive' }, 'gemini-2.5-flash', { thinkingBudget: -1, includeThoughts: true }, 0],
    [{ visible: true }, 'gemini-2.5-flash', { includeThoughts: true }, 0],
    [{ effort: 'minimal' }, 'gemini-3-flash-preview', { thinkingLevel: 'minimal' }, 0],
    [{ effort: 'minimal' }, 'gemini-3.1-pro-preview', { thinkingLevel: 'low' }, 1],
    [{ effort: 'medium' }, 'gemini-3.5-flash', { thinkingLevel: 'medium' }, 0],
    [{ effort: 'max' }, 'gemini-3.5-flash', { thinkingLevel: 'high' }, 1],
    [{ mode: 'off' }, 'gemini-3-flash-preview', { thinkingLevel: 'minimal' }, 1],
    [
      { mode: 'on', budgetTokens: 5000 },
      'gemini-3-flash-preview',
      { thinkingLevel: 'medium', includeThoughts: true },
      1,
    ],
    [{ mode: 'adaptive' }, 'gemini-3-flash-preview', { includeThoughts: true }, 0],
    [{ effort: 'high' }, 'gemini-flash-latest', { thinkingBudget: 24_576 }, 0],
    [{}, 'gemini-2.5-flash', undefined, 0],
  ];
  for (const [settings, model, config, warned] of thinking)
    it(`writes ${JSON.stringify(settings)} for ${model}`, () => {
      const warnings: Warning[] = [];
      assert.deepEqual(
        encodeThinking(settings, undefined, model, (warning) => warnings.push(warning)),
        config,
      );
      assert.equal(warnings.length, warned);
    });

  it('keeps a level that a Gemini client wrote, without a budget beside it', () => {
    assert.deepEqual(
      encodeThinking({ effort: 'low', visible: true }, 'LOW', 'gemini-3-pro', () => {}),
      {
        thinkingLevel: 'LOW',
        includeThoughts: true,
      },
    );
  });

  it('takes a budget for a model older than levels, whatever level the client wrote', () => {
    assert.deepEqual(
      encodeThinking({ effort: 'low' }, 'LOW', 'gemini-2.5-flash', () => {}),
      { thinkingBudget: 1024 },
    );
  });

  const choices: [ToolChoice, object][] = [
    [{ type: 'auto' }, { mode: 'AUTO' }],
    [{ type: 'none' }, { mode: 'NONE' }],
    [{ type: 'required' }, { mode: 'ANY' }],
    [
      { type: 'required', names: ['a', 'b'] },
      { mode: 'ANY', allowedFunctionNames: ['a', 'b'] },
    ],
    [
      { type: 'tool', name: 'a' },
      { mode: 'ANY', allowedFunctionNames: ['a'] },
    ],
  ];
  for (const [toolChoice, config] of choices)
    it(`writes and reads the tool choice ${JSON.stringify(toolChoice)}`, () => {
      const { encode, warn } = contexts();
      const tools = ['a', 'b'].map((name) => ({ type: 'function' as const, name }));
      const { body } = gemini.encodeRequest(asked({ tools, toolChoice }), encode);
      assert.deepEqual(body['toolConfig'], { functionCallingConfig: config });
      assert.deepEqual(gemini.decodeRequest(body, { warn }).toolChoice, toolChoice);
    });

  const errors: [number, string, object[], ErrorKind][] = [
    [400, 'INVALID_ARGUMENT', [], 'invalid_request'],
    [
      400,
      'INVALID_ARGUMENT',
      [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'API_KEY_INVALID' }],
      'authentication',
    ],
    [400, 'FAILED_PRECONDITION', [], 'invalid_request'],
    [401, 'UNAUTHENTICATED', [], 'authentication'],
    [403, 'PERMISSION_DENIED', [], 'permission'],
    [
      403,
      'PERMISSION_DENIED',
      [{ '@type': 'type.googleapis.com/google.rpc.ErrorInfo', reason: 'BILLING_DISABLED' }],
      'billing',
    ],
    [404, 'NOT_FOUND', [], 'not_found'],
    [429, 'RESOURCE_EXHAUSTED', [], 'rate_limit'],
    [500, 'INTERNAL', [], 'upstream'],
    [501, 'UNIMPLEMENTED', [], 'not_supported'],
    [503, 'UNAVAILABLE', [], 'overloaded'],
    [504, 'DEADLINE_EXCEEDED', [], 'timeout'],
  ];
  for (const [code, status, details, kind] of errors)
    it(`reads ${status} ${JSON.stringify(details)} as ${kind}`, () => {
      const error = gemini.decodeError(code, { error: { code, message: 'm', status, details } });
      assert.equal(error.kind, kind);
      assert.equal(error.status, code);
      assert.equal(error.message, 'm');
    });

  it('reads an error in a list, and text that is no JSON', () => {
    assert.equal(
      gemini.decodeError(429, [{ error: { code: 429, message: 'slow', status: 'RESOURCE_EXHAUSTED' } }]).kind,
      'rate_limit',
    );
    assert.deepEqual(gemini.decodeError(502, '<html>bad</html>'), {
      status: 502,
      kind: 'upstream',
      message: 'The upstream answered 502: <html>bad</html>',
    });
  });

  const kinds: [ErrorKind, number, string][] = [
    ['invalid_request', 400, 'INVALID_ARGUMENT'],
    ['authentication', 401, 'UNAUTHENTICATED'],
    ['permission', 403, 'PERMISSION_DENIED'],
    ['not_found', 404, 'NOT_FOUND'],
    ['method_not_allowed', 405, 'UNIMPLEMENTED'],
    ['request_too_large', 413, 'INVALID_ARGUMENT'],
    ['unsupported_media_type', 415, 'INVALID_ARGUMENT'],
    ['upgrade_required', 426, 'FAILED_PRECONDITION'],
    ['rate_limit', 429, 'RESOURCE_EXHAUSTED'],
    ['billing', 402, 'FAILED_PRECONDITION'],
    ['overloaded', 529, 'UNAVAILABLE'],
    ['timeout', 504, 'DEADLINE_EXCEEDED'],
    ['unavailable', 503, 'UNAVAILABLE'],
    ['not_supported', 400, 'INVALID_ARGUMENT'],
    ['upstream', 502, 'UNAVAILABLE'],
    ['internal', 500, 'INTERNAL'],
  ];
  for (const [kind, status, word] of kinds)
    it(`writes ${kind} as ${word}`, () => {
      assert.deepEqual(gemini.encodeError({ kind, status, message: 'm' }), {
        error: { code: status, message: 'm', status: word },
      });
    });

  it('writes when to retry and which field was wrong, and reads both back', () => {
    const error = {
      kind: 'rate_limit' as const,
      status: 429,
      message: 'm',
      retryAfterSeconds: 3.5,
      param: 'contents[0]',
      requestId: 'r1',
      code: 'c',
    };
    assert.deepEqual(gemini.decodeError(429, gemini.encodeError(error)), error);
    const body = JSON.stringify(gemini.encodeError(error));
    assert.match(body, /^\{"error":.*"retryDelay":"3\.5s"/);
    assert.equal(gemini.encodeStreamError(error), `data: ${body}\r\n\r\n${body}\r\n\r\n`);
  });
});
