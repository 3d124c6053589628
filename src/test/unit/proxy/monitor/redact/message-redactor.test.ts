import assert from 'node:assert/strict';
import type { ExchangeRecord } from '../../../../../shared/exchange';
import { MASK } from '../../../../../shared/redact';
import { MessageRedactor } from '../../../../../proxy/monitor/redact/message-redactor';
import { bodyOf, CANARY, JSON_TYPE, raw, redactor } from './raw-messages';

/** A word as a random generator draws them, known to nobody. */
const DRAWN = 'q8ZrT2vLx0PmK4nWb7Yc';

describe('secrets in messages', () => {
  describe('that are known', () => {
    const forms: Record<string, string> = {
      plain: CANARY,
      'percent-encoded': encodeURIComponent(CANARY),
      'percent-encoded in small letters': encodeURIComponent(CANARY).replace(/%../g, (hex) =>
        hex.toLowerCase(),
      ),
      'percent-encoded strictly': encodeURIComponent(CANARY).replace('!', '%21'),
      'percent-encoded twice': encodeURIComponent(encodeURIComponent(CANARY)),
      'in JSON': JSON.stringify(CANARY),
      'in JSON within JSON': JSON.stringify(JSON.stringify(CANARY)),
      'in ASCII JSON': JSON.stringify(CANARY).replace('é', '\\u00e9'),
      'with escaped slashes': JSON.stringify(CANARY).replace('/', '\\/'),
      'read as Latin-1': Buffer.from(CANARY, 'utf8').toString('latin1'),
      'the half of a pair': 'wJalrXUtnFEMIbPxRfiCYEXAMPLEKEY',
    };
    for (const before of ['', 'a', 'ab', 'user:', 'someone:'])
      for (const behind of ['', 'x', 'yz'])
        for (const encoding of ['base64', 'base64url'] as const)
          forms[`in ${encoding} as ${before}…${behind}`] = Buffer.from(before + CANARY + behind).toString(
            encoding,
          );
    for (const [name, form] of Object.entries(forms)) {
      it(`are masked ${name}`, () => {
        const clean = redactor.text(`<<${form}>> and on`);
        assert.ok(!clean.includes(form.slice(4, -4)), clean);
        assert.match(clean, /redacted/);
        assert.ok(clean.startsWith('<<') && clean.endsWith('>> and on'), clean);
      });
    }

    it('are masked in base64 with the letters that hold their first and last bits', () => {
      const one = new MessageRedactor(['abcdefghijkl']);
      assert.equal(one.text(Buffer.from('aabcdefghijkl').toString('base64')), `Y${MASK}`);
    });

    it('are masked where one begins like another', () => {
      const both = new MessageRedactor(['secret-one', 'secret-one-and-more']);
      assert.equal(both.text('a secret-one-and-more b secret-one c'), `a ${MASK} b ${MASK} c`);
    });

    it('are the private key of a service account, too, and each of its lines', () => {
      const line = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSj';
      const account = JSON.stringify({
        type: 'service_account',
        private_key: `-----BEGIN\n${line}\n-----END`,
      });
      assert.equal(new MessageRedactor([account]).text(`x ${line} y`), `x ${MASK} y`);
    });

    it('that are short words are left in texts, and masked where they are a whole value', () => {
      assert.equal(redactor.text('abc of abc'), 'abc of abc');
      assert.deepEqual(redactor.message(raw({ headers: ['x-odd', 'abc'] })).headers, [['x-odd', MASK]]);
    });

    it('leave the same text when they are masked twice', () => {
      const text = `{"api_key":"${DRAWN}","a":"Bearer ${DRAWN}","b":"https://u:p@h/?key=${DRAWN}"} ${CANARY}`;
      const once = redactor.text(text);
      assert.equal(redactor.text(once), once);
    });
  });

  it('appear in no header, address or body, whatever their name', () => {
    const names = [
      'authorization',
      'X-Api-Key',
      'cookie',
      'user-agent',
      'x-odd',
      'referer',
      'x-request-id',
      'accept',
      CANARY,
    ];
    const values = [
      CANARY,
      `Bearer ${CANARY}`,
      `Basic ${Buffer.from(`user:${CANARY}`).toString('base64')}`,
      `https://u:${CANARY}@h/${encodeURIComponent(CANARY)}?a=${encodeURIComponent(CANARY)}#${CANARY}`,
    ];
    for (const value of values) {
      const message = redactor.message(
        raw({
          url: `/v1/${encodeURIComponent(CANARY)}/x?a=${encodeURIComponent(CANARY)}&${encodeURIComponent(CANARY)}=1&b=${encodeURIComponent(value)}`,
          headers: [...names.flatMap((name) => [name, value]), ...JSON_TYPE],
          text: JSON.stringify({ [CANARY]: [value, { deep: JSON.stringify({ token: value }) }] }),
          note: `about ${CANARY}`,
        }),
      );
      const told = JSON.stringify({ ...message, body: Buffer.from(message.body!).toString() });
      for (const form of [
        CANARY,
        encodeURIComponent(CANARY),
        JSON.stringify(CANARY).slice(1, -1),
        '9f',
        '8+',
        '7d!6c',
      ])
        assert.ok(!told.includes(form), `${form} in ${told}`);
    }
  });

  describe('in headers', () => {
    const of = (name: string, value: string) =>
      redactor.message(raw({ headers: [name, value] })).headers[0]?.[1];
    for (const [name, value, clean] of [
      ['Authorization', 'Bearer hunter2', `Bearer ${MASK}`],
      ['authorization', 'AWS4-HMAC-SHA256 Credential=AKIA/x, Signature=abc', `AWS4-HMAC-SHA256 ${MASK}`],
      ['authorization', 'hunter2', MASK],
      ['x-api-key', 'hunter2', MASK],
      ['x-goog-api-key', 'hunter2', MASK],
      ['api-key', 'hunter2', MASK],
      ['Cookie', 'a=b', MASK],
      ['set-cookie', 'a=b; Path=/', MASK],
      ['x-amz-security-token', 'hunter2', MASK],
      ['proxy-authorization', 'Basic dTpw', `Basic ${MASK}`],
      ['x-session', 'hunter2', MASK],
      ['x-custom-auth', 'hunter2', MASK],
      ['ocp-apim-subscription-key', 'hunter2', MASK],
      ['x-odd', DRAWN, MASK],
      ['x-odd', `v=1; k=${DRAWN}`, `v=1; k=${MASK}`.replace('k=[', '[')],
      ['x-odd', `sk-${DRAWN}`, MASK],
      ['location', `https://h/x?token=hunter2&page=2`, `https://h/x?token=${MASK}&page=2`],
    ] as const)
      it(`masks ${name}: ${value.slice(0, 20)}`, () => assert.equal(of(name, value), clean));

    for (const [name, value] of [
      ['user-agent', 'claude-cli/2.1.330 (external, cli)'],
      ['x-codex-window-id', '01a20863-1492-7b32-b9c3-ea353296b2bd:0'],
      ['content-type', 'application/json; charset=utf-8'],
      ['anthropic-beta', 'interleaved-thinking-2025-05-14,fine-grained-tool-streaming-2025-05-14'],
      ['openai-organization', 'org-Ab3dEf6hIj9LmN2pQr5t'],
      ['x-stainless-retry-count', '0'],
      ['x-ratelimit-remaining-tokens', '149984'],
      ['anthropic-ratelimit-input-tokens-reset', '2026-01-01T00:00:00Z'],
      ['x-request-id', 'req_011CSHoEeqs5C35K2UUqR7Fy'],
      ['x-claude-code-session-id', '5f0c1c3e-8f4c-4f55-9d1a-9b6f4d1c2e3a'],
      ['session_id', '019a2b3c-4d5e-7f60-8123-456789abcdef'],
      ['traceparent', '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01'],
      ['retry-after', '3'],
      ['x-odd', 'max-age=3600, stale-while-revalidate'],
      ['idempotency-key', 'stainless-node-retry-6f2d4b1e-1f0a-4c53-8a3d-2b1c0d9e8f7a'],
    ] as const)
      it(`leaves ${name}`, () => assert.equal(of(name, value), value));
  });

  describe('in addresses', () => {
    for (const [url, clean] of [
      [
        '/v1beta/models/gemini-2.5-flash:generateContent?key=hunter2&alt=sse',
        `/v1beta/models/gemini-2.5-flash:generateContent?key=${MASK}&alt=sse`,
      ],
      [
        'https://h/x?X-Amz-Signature=ab&X-Amz-Date=20260101T000000Z',
        `https://h/x?X-Amz-Signature=${MASK}&X-Amz-Date=20260101T000000Z`,
      ],
      [`/v1/x?odd=${DRAWN}`, `/v1/x?odd=${MASK}`],
      [`/${DRAWN}/v1/messages`, `/${MASK}/v1/messages`],
      ['https://user:pass@h/v1?code=1', `https://${MASK}@h/v1?code=${MASK}`],
      [
        '/v1/responses/resp_68af4030592c81938ec0a5fbab4a3e9f05438e46b5f69a3b',
        '/v1/responses/resp_68af4030592c81938ec0a5fbab4a3e9f05438e46b5f69a3b',
      ],
      [
        '/openai/deployments/gpt-4o-mini-2024-07-18/chat/completions?api-version=2024-10-21',
        '/openai/deployments/gpt-4o-mini-2024-07-18/chat/completions?api-version=2024-10-21',
      ],
      [
        '/model/anthropic.claude-sonnet-4-20250514-v1%3A0/converse-stream',
        '/model/anthropic.claude-sonnet-4-20250514-v1%3A0/converse-stream',
      ],
      ['/v1/messages?beta=true', '/v1/messages?beta=true'],
    ] as const)
      it(`reads ${url.slice(0, 50)}`, () => assert.equal(redactor.url(url), clean));
  });

  describe('in bodies', () => {
    for (const [what, text, clean] of [
      ['members', '{"api_key": "hunter2", "b": 1}', `{"api_key": "${MASK}", "b": 1}`],
      [
        'members of JSON in a string',
        JSON.stringify({ arguments: '{"password":"hun\\"ter2","x":1}' }),
        JSON.stringify({ arguments: `{"password":"${MASK}","x":1}` }),
      ],
      [
        'members three levels deep',
        JSON.stringify(JSON.stringify(JSON.stringify({ token: 'a"b', x: 1 }))),
        JSON.stringify(JSON.stringify(JSON.stringify({ token: MASK, x: 1 }))),
      ],
      [
        'lists of a secret',
        '{"tokens":["a"],"password":["a","b" , "c"],"x":["d"]}',
        `{"tokens":["a"],"password":["${MASK}","${MASK}" , "${MASK}"],"x":["d"]}`,
      ],
      ['values that end in a backslash', '{"password":"a\\\\","x":"y"}', `{"password":"${MASK}","x":"y"}`],
      ['what was cut off', '{"password":"hunt', `{"password":"${MASK}`],
    ] as const)
      it(`masks ${what}`, () => assert.equal(redactor.text(text), clean));

    it('leaves counts, tools, signatures of reasoning and words of answers', () => {
      const text = JSON.stringify({
        max_tokens: 1000,
        tokens: ['a', 'b'],
        tool_choice: 'auto',
        usage: { total_tokens: 12, prompt_tokens_details: { cached_tokens: 3 } },
        thinking: {
          signature: 'ErUBCkYIBRgCIkD' + 'aB3/'.repeat(500),
          thoughtSignature: 'CiQB' + 'aB3+'.repeat(500),
        },
        encrypted_content: 'gAAAAAB' + 'aB3_'.repeat(500),
        tools: [
          { parameters: { properties: { token: { type: 'string' }, api_key: {} }, required: ['api_key'] } },
        ],
        logprobs: { content: [{ token: ' Hello', logprob: -0.1, bytes: [1] }] },
        chosen: [{ token: 'Hi', tokenId: 12, logProbability: -1 }],
        key: 'Enter',
        code: 'rate_limit',
        prompt_cache_key: '019a2b3c-4d5e-7f60-8123-456789abcdef',
        safety: 'sk_buff and pk_url_kwarg_for_1_model, ask-sk-questions',
        hash: 'a94a8fe5ccb19ba61c4c0873d391e987982fbbd3',
      });
      assert.equal(bodyOf({ headers: JSON_TYPE, text }), text);
    });

    const looks: Record<string, string> = {
      OpenAI: 'sk-proj-Ab12Cd34Ef56Gh78Ij90',
      Groq: 'gsk_Ab12Cd34Ef56Gh78Ij90Kl',
      xAI: 'xai-Ab12Cd34Ef56Gh78Ij90Kl',
      Google: 'AIzaSyA1234567890abcdefghijklmnopqrstuv',
      AWS: 'AKIAIOSFODNN7EXAMPL2',
      'AWS, for a time': 'ASIAIOSFODNN7EXAMPL2',
      GitHub: 'ghp_Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56Qr78',
      'GitHub, fine-grained': 'github_pat_11ABCDEFG0abcdefghijkl',
      GitLab: 'glpat-Ab12Cd34Ef56Gh78Ij90',
      Slack: 'xoxb-123456789012-abcdef',
      'Hugging Face': 'hf_Ab12Cd34Ef56Gh78Ij90Kl12Mn34Op56',
      'z.ai': '0123456789abcdef0123456789abcdef.AbCdEfGhIjKl',
      JWT: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.dozjgNryP4J3jVmNHl0w5N',
    };
    for (const [name, key] of Object.entries(looks)) {
      for (const [before, behind] of [
        [' ', ' '],
        ['"', '"'],
        ['\\n', '\\n'],
        ['=', '&'],
        ['%3D', '%26'],
        ['/', '/'],
        [':', '.'],
      ] as const)
        it(`knows a key of ${name} between ${before} and ${behind}`, () =>
          assert.ok(!redactor.text(`x${before}${key}${behind}y`).includes(key.slice(2, 14))));
    }

    for (const [text, clean] of [
      [
        '-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc=\n-----END RSA PRIVATE KEY-----\nrest',
        `-----BEGIN RSA PRIVATE KEY-----${MASK}-----END RSA PRIVATE KEY-----\nrest`,
      ],
      ['"-----BEGIN PRIVATE KEY-----\\nMIIE\\nab', `"-----BEGIN PRIVATE KEY-----${MASK}`],
      [`postgres://me:hunter2@db/x`, `postgres://me:${MASK}@db/x`],
      [`curl -H "Authorization: Bearer ${DRAWN}"`, `curl -H "Authorization: Bearer ${MASK}"`],
      [`OPENAI_API_KEY=${DRAWN}`, `OPENAI_API_KEY=${MASK}`],
      ['authorization: Bearer hunter-two', `authorization: Bearer ${MASK}`],
    ] as const)
      it(`masks ${text.slice(0, 30)}`, () => assert.equal(redactor.text(text), clean));

    it('leaves what only speaks of secrets', () => {
      const text =
        'Send "Authorization: Bearer $TOKEN", bearer authentication; "api_key": "${env:KEY}"; http://host:8045/x; const TOKEN = readToken()';
      assert.equal(redactor.text(text), text);
    });

    it('masks the fields of a form', () =>
      assert.equal(
        bodyOf({
          headers: ['content-type', 'application/x-www-form-urlencoded'],
          text: 'grant_type=x&refresh_token=hunter2&code=abc',
        }),
        `grant_type=x&refresh_token=${MASK}&code=${MASK}`,
      ));
  });

  describe('in records', () => {
    it('are masked in errors, paths, reasons, warnings and names', () => {
      const record: ExchangeRecord = {
        seq: 1,
        id: 'req_1',
        time: 1,
        method: 'POST',
        path: `/v1/${encodeURIComponent(CANARY)}`,
        client: CANARY,
        modelAsked: DRAWN + DRAWN,
        modelServed: 'claude-sonnet-4-5-20250929',
        attempts: [{ account: CANARY, model: CANARY, reason: `401: wrong key ${CANARY}` }],
        skipped: [{ account: 'a', model: 'm', reason: CANARY }],
        status: 401,
        outcome: 'failed',
        durationMs: 3,
        warnings: [{ type: 'dropped', field: CANARY, message: CANARY }],
        error: `Incorrect API key provided: ${CANARY}`,
      };
      const clean = redactor.record(record);
      assert.ok(!JSON.stringify(clean).includes('canary'));
      assert.equal(clean.modelAsked, MASK);
      assert.equal(clean.modelServed, 'claude-sonnet-4-5-20250929');
      assert.equal(clean.attempts[0]?.reason, `401: wrong key ${MASK}`);
    });

    it('leave a record as it was that holds none', () => {
      const record: ExchangeRecord = {
        seq: 1,
        id: 'req_1',
        time: 1,
        method: 'POST',
        path: '/v1beta/models/gemini-2.5-flash:generateContent',
        clientKey: 'laptop',
        modelAsked: 'accounts/fireworks/models/qwen3-coder-480b-a35b-instruct',
        attempts: [{ account: 'a', model: 'Qwen2.5-Coder-32B-Instruct-Q4_K_M-GGUF' }],
        status: 200,
        outcome: 'completed',
        durationMs: 3,
        warnings: [],
        usage: { inputTokens: 1, outputTokens: 2 },
      };
      assert.deepEqual(redactor.record(record), record);
    });
  });
});
