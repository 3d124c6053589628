/** Which account serves: conversations that stay, turns, speed, preference (SPEC 5.3, 5.4; CASES 36, 37). */
import assert from 'node:assert/strict';
import { DIALECT_NAMES, smallRequest } from '../../support/dialect-requests';
import { withAccounts } from '../../support/one-account';
import { accountAt } from '../../support/start-portside';
import type { AccountInput, SettingsInput } from '../../support/start-portside';
import type { Dialect } from '../../../proxy/dialects/canonical';

const KEYS = ['sk-upstream-key-a', 'sk-upstream-key-b', 'sk-upstream-key-c'];

describe('scheduling (SPEC 5.3)', () => {
  const at = withAccounts();
  let now: number;
  beforeEach(() => {
    now = 1_700_000_000_000;
  });

  const start = async (settings: SettingsInput) => {
    await at.startWith(settings, undefined, () => now);
  };
  /** Accounts `a`, `b`, … of one dialect. */
  const accounts = (dialect: Dialect, count: number, more: Partial<AccountInput>[] = []): AccountInput[] =>
    KEYS.slice(0, count).map((key, index) => ({
      ...accountAt(at.upstream, dialect, { id: 'abc'[index]!, key }),
      ...more[index],
    }));
  /** Whose key each request came with: `aab`. */
  const served = () =>
    at.upstream.generations.map(({ key }) => 'abc'[KEYS.indexOf(key ?? '')] ?? '?').join('');

  /** One turn of a conversation that began with these words; its history grows. */
  const turn = async (dialect: Dialect, words: string, number = 0, headers: Record<string, string> = {}) => {
    const request = smallRequest(dialect, 'some-model');
    const body = withHistory(dialect, request.body, words, number);
    const response = await fetch(at.portside.url + request.path, {
      method: 'POST',
      headers: { ...request.headers, ...headers },
      body: JSON.stringify(body),
    });
    assert.equal(response.status, 200, await response.clone().text());
    await response.text();
    return at.portside.recorded(response.headers.get('x-request-id')!);
  };

  for (const dialect of DIALECT_NAMES)
    it(`keeps a conversation of 20 turns on one of 3 keys: ${dialect}`, async () => {
      await start({ accounts: accounts(dialect, 3) });
      for (let number = 0; number < 20; number++) {
        const record = await turn(dialect, 'Fix the parser', number);
        assert.equal(record.chosenBy, number === 0 ? 'turn' : 'sticky');
      }
      assert.match(served(), /^(a{20}|b{20}|c{20})$/);
    });

  it('balances new conversations', async () => {
    await start({ accounts: accounts('anthropic', 3) });
    for (let count = 0; count < 9; count++) await turn('anthropic', `Task ${count}`);
    assert.equal([...served()].sort().join(''), 'aaabbbccc');
  });

  it('keeps a conversation by the client’s own session, whatever is said in it', async () => {
    await start({ accounts: accounts('openai-chat', 3) });
    for (let count = 0; count < 6; count++)
      await turn('openai-chat', `Task ${count}`, 0, { 'x-session-id': count % 2 ? 'one' : 'two' });
    const [first, second] = served();
    assert.notEqual(first, second);
    assert.equal(served(), `${first}${second}`.repeat(3));
  });

  it('brings a conversation back to its account after an outage', async () => {
    await start({ accounts: accounts('anthropic', 2) });
    await turn('anthropic', 'Fix the parser');
    const home = served();
    const other = home === 'a' ? 'b' : 'a';
    at.upstream.fail({
      key: KEYS['abc'.indexOf(home)]!,
      status: 503,
      headers: { 'retry-after': '10' },
    });
    await turn('anthropic', 'Fix the parser', 1);
    assert.equal(served(), `${home}${home}${other}`);
    now += 9_000;
    const away = await turn('anthropic', 'Fix the parser', 2);
    assert.equal(served().at(-1), other);
    assert.match(away.skipped?.[0]?.reason ?? '', /cooling until/);
    now += 2_000;
    const back = await turn('anthropic', 'Fix the parser', 3);
    assert.equal(served().at(-1), home);
    assert.equal(back.chosenBy, 'sticky');
  });

  it('forgets a conversation after the time that is set', async () => {
    await start({ accounts: accounts('anthropic', 2), stickyMinutes: 5 });
    await turn('anthropic', 'Fix the parser');
    now += 4 * 60_000;
    assert.equal((await turn('anthropic', 'Fix the parser', 1)).chosenBy, 'sticky');
    now += 6 * 60_000;
    assert.equal((await turn('anthropic', 'Fix the parser', 2)).chosenBy, 'turn');
  });

  it('takes turns with every request where conversations need not stay', async () => {
    for (const settings of [{ scheduling: 'balance' }, { stickySessions: false }] as const) {
      at.upstream.reset();
      await start({ accounts: accounts('anthropic', 3), ...settings });
      for (let count = 0; count < 9; count++) await turn('anthropic', 'Fix the parser', count);
      assert.equal([...served()].sort().join(''), 'aaabbbccc');
      await at.portside.stop();
    }
  });

  it('takes turns by weight, among those of the highest priority', async () => {
    await start({
      scheduling: 'balance',
      accounts: accounts('anthropic', 3, [{ weight: 3, priority: 1 }, { weight: 1, priority: 1 }, {}]),
    });
    for (let count = 0; count < 8; count++) await turn('anthropic', 'Hi');
    assert.equal([...served()].sort().join(''), 'aaaaaabb');
  });

  it('asks lower priorities only when the higher cannot serve', async () => {
    await start({ accounts: accounts('anthropic', 2, [{}, { priority: 5 }]) });
    await turn('anthropic', 'One');
    at.upstream.fail({ key: KEYS[1]!, status: 429, headers: { 'retry-after': '60' } });
    await turn('anthropic', 'Two');
    await turn('anthropic', 'Three');
    assert.equal(served(), 'bbaa');
  });

  it('asks the preferred account first, whatever else is set', async () => {
    await start({ accounts: accounts('anthropic', 3, [{ priority: 9 }]), preferredAccount: 'c' });
    for (let count = 0; count < 4; count++)
      assert.equal((await turn('anthropic', `Task ${count}`)).chosenBy, 'preferred');
    at.upstream.fail({ key: KEYS[2]!, status: 500 });
    await turn('anthropic', 'Task 5');
    assert.equal(served(), 'ccccca');
  });

  it('asks the faster of two accounts', async () => {
    await start({ accounts: accounts('anthropic', 2), scheduling: 'performance_first' });
    at.upstream.behave({ key: KEYS[0]!, fault: 'hang' });
    /** The one account takes 900 ms by the clock, the other none. */
    const paced = async (words: string) => {
      const turning = turn('anthropic', words);
      const request = await at.upstream.arrived(served().length + 1);
      if (request.key === KEYS[0]) {
        now += 900;
        at.upstream.release();
      }
      await turning;
    };
    while (!(served().includes('a') && served().includes('b'))) await paced('Measured');
    const before = served().length;
    for (let count = 0; count < 60; count++) await paced(`Task ${count}`);
    const slow = served().slice(before).replaceAll('b', '').length;
    assert.ok(slow < 15, `${slow} of 60 went to the slow account`);
  });

  it('a conversation that Portside keeps for its client stays, too, though each request brings its last turn alone', async () => {
    await start({ accounts: accounts('openai-chat', 3) });
    let previous: string | undefined;
    for (let number = 0; number < 4; number++) {
      const response = await fetch(`${at.portside.url}/v1/responses`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({
          model: 'some-model',
          input: `turn ${number}`,
          ...(previous !== undefined && { previous_response_id: previous }),
        }),
      });
      const { id } = (await response.json()) as { id: string };
      previous = id;
    }
    assert.match(served(), /^(.)\1{3}$/);
  });
});

/** The body of a turn: the first words, then as many answers and questions as there were turns. */
function withHistory(dialect: Dialect, body: object, words: string, turns: number): object {
  const list: { role: string; text: string }[] = [{ role: 'user', text: words }];
  for (let count = 0; count < turns; count++)
    list.push({ role: 'assistant', text: `Answer ${count}` }, { role: 'user', text: `More ${count}` });
  switch (dialect) {
    case 'openai-chat':
    case 'anthropic':
      return { ...body, messages: list.map(({ role, text }) => ({ role, content: text })) };
    case 'openai-responses':
      return { ...body, input: list.map(({ role, text }) => ({ role, content: text })) };
    case 'gemini':
      return {
        ...body,
        contents: list.map(({ role, text }) => ({
          role: role === 'user' ? 'user' : 'model',
          parts: [{ text }],
        })),
      };
  }
}
