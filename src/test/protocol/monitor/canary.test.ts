/** A secret in every header, body and query field of client and upstream is nowhere in what the monitor keeps or gives. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Redactor } from '../../../shared/redact';
import type { Behaviour } from '../../support/upstream/behaviour';
import { DIALECT_NAMES, smallRequest } from '../../support/dialect-requests';
import { EVERYTHING, startMonitored, type Monitored } from '../../support/monitored';
import { startScriptedUpstream, type ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt } from '../../support/start-portside';

/** The middle of every secret below: no output may hold it. */
const CANARY = 'CanaryB1rd7Feather';
const LOCAL = `sk-local-${CANARY}-1f2e3d4c5b6a7988`;
const CLIENT_KEY = `sk-client-${CANARY}-0a1b2c3d4e5f6071`;
const UPSTREAM = `sk-upstream-${CANARY}-9a8b7c6d5e4f3021`;
/** Known to nobody: told by what it looks like, or by the name that it stands under. */
const FOREIGN = `sk-ant-api03-${CANARY}-AbCd1234EfGh5678`;
const NAMELESS = `${CANARY}x9Qw3Er5Ty7Ui1Op2As4Df6Gh8Jk0`;

const everywhere = (secret: string) => ({
  text: `Is ${secret} a key? {"password":"${NAMELESS}"} https://user:${NAMELESS}@host/ Bearer ${secret}`,
  arguments: { api_key: secret, nested: { access_token: NAMELESS, list: [secret] } },
});

describe('secrets in the monitor', () => {
  let upstream: ScriptedUpstream;
  let portside: Monitored;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  after(() => upstream.close());
  afterEach(async () => {
    upstream.reset();
    await portside.stop();
  });

  const start = (captureBodies: boolean) =>
    startMonitored({
      apiKey: LOCAL,
      authMode: 'all_except_health',
      clientKeys: [{ name: 'one agent', key: CLIENT_KEY }],
      accounts: DIALECT_NAMES.map((dialect) =>
        accountAt(upstream, dialect, { key: UPSTREAM, models: [`m-${dialect}`] }),
      ),
      monitor: { captureBodies },
    });

  async function sendAll(): Promise<number> {
    let sent = 0;
    for (const from of DIALECT_NAMES)
      for (const to of DIALECT_NAMES)
        for (const stream of [false, true])
          for (const key of [LOCAL, CLIENT_KEY, `${LOCAL}wrong`]) {
            const { path, headers, body } = smallRequest(from, `m-${to}`, stream);
            const { text, arguments: args } = everywhere(FOREIGN);
            const mark = path.includes('?') ? '&' : '?';
            const query = `${mark}token=${NAMELESS}&access_token=${FOREIGN}&sig=${NAMELESS}&plain=${FOREIGN}`;
            await fetch(portside.url + path + query, {
              method: 'POST',
              headers: {
                ...headers,
                authorization: `Bearer ${key}`,
                'x-api-key': key,
                cookie: `session=${NAMELESS}; a=${key}`,
                'x-auth-token': NAMELESS,
                'x-secret': NAMELESS,
                'x-something-else': FOREIGN,
                'x-url': `https://user:${NAMELESS}@host/?key=${FOREIGN}`,
                'user-agent': `agent/1.0 (${FOREIGN})`,
              },
              body: JSON.stringify({ ...body, metadata: { user_id: FOREIGN }, user: FOREIGN }).replace(
                '"Hi"',
                JSON.stringify(`${text} ${JSON.stringify(args)}`),
              ),
            })
              .then((response) => response.text())
              .catch(() => undefined);
            sent++;
          }
    return sent;
  }

  /** All that anybody can get of the monitor, and what stands on the disk. */
  async function everythingTold(): Promise<string[]> {
    // As both hosts do before a line is written.
    const redactor = new Redactor();
    for (const secret of [LOCAL, CLIENT_KEY, UPSTREAM]) redactor.add(secret);
    const told: string[] = portside.logs.map((line) => redactor.redact(line));
    const { rows } = await portside.ask('rows', { query: EVERYTHING, from: 0, count: 1000 });
    told.push(JSON.stringify(rows), JSON.stringify(await portside.ask('facets', {})));
    for (const { seq } of rows) {
      const detail = await portside.ask('detail', { seq });
      told.push(JSON.stringify(detail));
      for (const { part, attempt, kept } of detail.messages) {
        if (kept === 0) continue;
        const which = { seq, part, ...(attempt !== undefined && { attempt }) };
        for (const raw of [false, true]) told.push((await portside.ask('body', { ...which, raw })).text);
      }
      told.push((await portside.ask('curl', { seq })).text);
    }
    for (const by of ['account', 'model', 'client', 'clientKey'] as const)
      told.push(JSON.stringify(await portside.ask('totals', { from: 0, to: Date.now() + 60_000, by })));
    for (const format of ['jsonl', 'har'] as const)
      for (let at: number | undefined = 0; at !== undefined;) {
        const piece: { text: string; next?: number } = await portside.ask('exportPiece', {
          query: EVERYTHING,
          format,
          at,
        });
        told.push(piece.text);
        at = piece.next;
      }
    await portside.stop();
    for (const file of readdirSync(portside.folder, { recursive: true, withFileTypes: true }))
      if (file.isFile() && file.name.startsWith('monitor'))
        told.push(readFileSync(join(file.parentPath, file.name), 'latin1'));
    return told;
  }

  const answers: [string, Behaviour][] = [
    [
      'a good answer that repeats them',
      { answer: { text: everywhere(FOREIGN).text, reasoning: `I see ${UPSTREAM}`, pieceSize: 7 } },
    ],
    [
      'calls of tools with them',
      { answer: { toolCalls: [{ name: 'login', arguments: everywhere(FOREIGN).arguments }], pieceSize: 9 } },
    ],
    [
      'headers that repeat them',
      {
        answer: { text: 'fine' },
        headers: {
          'set-cookie': `k=${NAMELESS}`,
          'x-echo': `Bearer ${UPSTREAM}`,
          'x-api-key': NAMELESS,
          'x-other': FOREIGN,
        },
      },
    ],
    [
      'an error that repeats them',
      { status: 400, message: `bad ${UPSTREAM} and ${everywhere(FOREIGN).text}` },
    ],
    ['a refusal that repeats them', { status: 401, message: `wrong key ${UPSTREAM}` }],
    [
      'an error in the middle of a stream',
      { fault: 'error-event-mid', message: `bad ${UPSTREAM} ${FOREIGN}` },
    ],
    ['bytes that are no JSON', { status: 500, body: `<html>${UPSTREAM} ${FOREIGN}</html>` }],
  ];
  for (const captureBodies of [true, false])
    for (const [what, behaviour] of answers)
      it(`are masked in ${what}${captureBodies ? '' : ', while no bodies are kept'}`, async function () {
        this.timeout(60_000);
        portside = await start(captureBodies);
        upstream.behave(behaviour);
        const sent = await sendAll();
        await portside.rows(sent);
        const told = await everythingTold();
        assert.ok(told.some((text) => text.includes('agent')));
        for (const text of told) {
          const at = text.indexOf(CANARY);
          assert.equal(at, -1, `told: …${text.slice(Math.max(0, at - 200), at + 100)}…`);
        }
      });
});
