/** Trouble before the client has seen a byte: another account, or a true error (SPEC 3.9, 4.10, 5.6, 5.6a). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { Behaviour } from '../../support/upstream/behaviour';
import { assertErrorResponse } from '../../support/check/check-error-body';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';
import { errorBody, errorEvent } from '../../support/upstream/upstream-dialect';
import { ask, PAIRS, read } from './pairs';

interface Trouble {
  what: string;
  behaviour: (account: Dialect) => Behaviour;
  /** The client's status when nobody else can be asked. */
  status: number;
  /** What the error and the record must tell. */
  words: RegExp;
  firstByteMs?: number;
  /** The upstream says more than comments before the trouble. */
  opening?: true;
}

const always = (behaviour: Behaviour) => () => behaviour;
const events = (body: string): Behaviour => ({ body, headers: { 'content-type': 'text/event-stream' } });
const errorAfter = (before: string) => (account: Dialect) => {
  const { event, data } = errorEvent(account, 429, 'slow down there');
  return events(`${before}${event === undefined ? '' : `event: ${event}\n`}data: ${data}\n\n`);
};

/** What comes at once, before a model has said anything. */
const OPENING: Record<Dialect, string> = {
  'openai-chat':
    'data: {"id":"c","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{"role":"assistant","content":"","refusal":null},"logprobs":null,"finish_reason":null}]}\n\n',
  'openai-responses': ['created', 'in_progress']
    .map(
      (name, number) =>
        `event: response.${name}\ndata: {"type":"response.${name}","sequence_number":${number},"response":{"id":"resp_1","object":"response","created_at":1,"status":"in_progress","error":null,"model":"m","output":[]}}\n\n`,
    )
    .join(''),
  anthropic:
    'event: message_start\ndata: {"type":"message_start","message":{"id":"msg_1","type":"message","role":"assistant","model":"m","content":[],"stop_reason":null,"stop_sequence":null,"usage":{"input_tokens":1,"output_tokens":1}}}\n\nevent: ping\ndata: {"type": "ping"}\n\n',
  gemini: '',
};

const TROUBLE: Trouble[] = [
  {
    what: 'a reset before headers',
    behaviour: always({ fault: 'reset-before-headers' }),
    status: 502,
    words: /Mine.*(closed the connection|ECONNRESET)/,
  },
  {
    what: 'a reset amid headers',
    behaviour: always({ fault: 'reset-mid-headers' }),
    status: 502,
    words: /Mine/,
  },
  { what: 'no HTTP', behaviour: always({ fault: 'no-http' }), status: 502, words: /not valid HTTP/ },
  {
    what: 'silence',
    behaviour: always({ fault: 'hang' }),
    status: 504,
    words: /no answer within/,
    firstByteMs: 600,
  },
  {
    what: 'an empty 200',
    behaviour: always({ fault: 'empty' }),
    status: 502,
    words: /without any content|without content|no answer/,
  },
  {
    what: 'a stream that is a page',
    behaviour: always({ fault: 'garbage' }),
    status: 502,
    words: /Mine|upstream/i,
  },
  {
    what: 'a page',
    behaviour: always({ body: '<html>Sign in, please</html>', headers: { 'content-type': 'text/html' } }),
    status: 502,
    words: /Mine/,
  },
  {
    what: 'an event that is no JSON',
    behaviour: always(events('data: <html>It works!</html>\n\n')),
    status: 502,
    words: /Mine|upstream/i,
  },
  {
    what: 'comments alone',
    behaviour: always(events(': processing\n\n: processing\n\n')),
    status: 502,
    words: /Mine|upstream/i,
  },
  { what: 'an error event', behaviour: errorAfter(''), status: 429, words: /slow down there/ },
  {
    what: 'an error event after comments',
    behaviour: errorAfter(': processing\n\n: processing\n\n'),
    status: 429,
    words: /slow down there/,
  },
  {
    what: 'an error event after those that open an answer',
    behaviour: (account) => errorAfter(OPENING[account])(account),
    status: 429,
    words: /slow down there/,
  },
  {
    what: 'an end after the events that open an answer',
    behaviour: (account) => events(OPENING[account] || ': hm\n\n'),
    opening: true,
    status: 502,
    words: /Mine|upstream/i,
  },
  {
    what: 'an error event in small pieces',
    behaviour: (account) => ({ ...errorAfter('')(account), framing: { seed: 3 } }),
    status: 429,
    words: /slow down there/,
  },
  {
    what: 'an error as the whole body of a 200',
    behaviour: (account) => ({
      body: errorBody(account, 429, 'slow down there'),
      headers: { 'content-type': 'application/json' },
    }),
    status: 429,
    words: /slow down there/,
  },
  {
    what: 'an error body under the name of a stream',
    behaviour: (account) => events(JSON.stringify(errorBody(account, 429, 'slow down there'))),
    status: 429,
    words: /slow down there/,
  },
  {
    what: 'an error event of overload',
    behaviour: () => ({ fault: 'error-event-first', faultStatus: 529, message: 'overloaded in scripts' }),
    status: 0,
    words: /overloaded in scripts/,
  },
];

const A = 'sk-upstream-key-a';
const B = 'sk-upstream-key-b';

describe('trouble before the first byte of a stream', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside;
  before(async () => {
    upstream = await startScriptedUpstream();
    portside = await startPortside({ accounts: [accountAt(upstream, 'anthropic')] });
  });
  afterEach(() => {
    upstream.reset();
  });
  after(async () => {
    await portside.stop();
    await upstream.close();
  });
  let round = 0;
  const configure = (account: Dialect, keys: string[], firstByteMs = 60_000) => {
    round++;
    portside.configure({
      accounts: keys.map((key, place) =>
        // A new id: what earlier tests booked on an account is over.
        accountAt(upstream, account, {
          id: `${round}-${place}`,
          key,
          priority: -place,
          label: place === 0 ? 'Mine' : 'Other',
        }),
      ),
      timeouts: { firstByteMs },
    });
  };
  const keys = () => upstream.generations.map(({ key }) => key);

  for (const pair of PAIRS)
    describe(pair.name, () => {
      for (const { what, behaviour, status, words, firstByteMs, opening } of TROUBLE) {
        it(`takes the next account after ${what}`, async () => {
          configure(pair.account, [A, B], firstByteMs);
          upstream.behave({ ...behaviour(pair.account), key: A });
          const response = await ask(portside.url, pair, { model: 'any' });
          const text = await response.text();
          assert.equal(response.status, 200, text);
          const reading = read(pair.client, text);
          assert.deepEqual(reading.complaints, []);
          assert.equal(reading.error, undefined);
          assert.equal(reading.text, 'Hello from upstream');
          assert.equal(response.headers.get('x-portside-account'), 'Other');
          assert.deepEqual(keys(), [A, B]);
          const record = await portside.recorded(response.headers.get('x-request-id')!);
          assert.equal(record.outcome, 'completed');
          assert.equal(record.error, undefined);
          assert.deepEqual(
            record.attempts.map(({ account }) => account),
            ['Mine', 'Other'],
          );
          const [first, second] = record.attempts;
          assert.match(first?.reason ?? '', words);
          if (what === 'a page' && pair.same) assert.match(first?.reason ?? '', /Check its base URL/);
          assert.ok((first?.status ?? 0) >= 400);
          assert.equal(second?.status, 200);
          assert.equal(second.reason, undefined);
        });

        it(`answers ${what} with a true error where there is no other`, async () => {
          configure(pair.account, [A], firstByteMs);
          upstream.behave(behaviour(pair.account));
          const response = await ask(portside.url, pair, { model: 'any' });
          const id = response.headers.get('x-request-id')!;
          const record = () => portside.recorded(id);
          if (opening === true && pair.same && pair.account !== 'gemini') {
            // Nobody else could answer, so nothing is held back: the client has seen the opening.
            const reading = read(pair.client, await response.text());
            assert.match(reading.error ?? '', words);
            assert.equal((await record()).outcome, 'failed');
            return;
          }
          const right = status === 0 ? response.status : status;
          if (status === 0) assert.ok([429, 500, 502, 503, 529].includes(right), String(right));
          const error = await assertErrorResponse(pair.client, right, response);
          assert.match(error.message, words);
          assert.equal((await record()).outcome, 'failed');
          assert.match((await record()).error ?? '', words);
          assert.equal((await record()).status, right);
        });
      }
    });
});
