/** Three windows of the real editor over one port (SPEC 1.10): owners are killed and reloaded under a client that goes on asking. */
import assert from 'node:assert/strict';
import { readdirSync, readFileSync, readlinkSync } from 'node:fs';
import { get } from 'node:http';
import type { Page } from 'playwright-core';
import {
  addDemoAccount,
  beginAnew,
  goTo,
  openPanel,
  panelFrame,
  runCommand,
  screenshot,
  startInPanel,
  statusSays,
  stopProxy,
  workbench,
} from './workbench';

const { page: first, profile, proxyPort } = workbench;
const STATUS = '[id="portside.portside.status"]';
const RUNNING = `Portside: running on ${proxyPort} (1)`;

const says = (page: Page, text: string | RegExp) =>
  page.locator(STATUS).filter({ hasText: text }).waitFor({ timeout: 20_000 });

/** The extension hosts of this profile: one per window. */
function extensionHosts(): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        const environment = readFileSync(`/proc/${pid}/environ`, 'latin1');
        return command.includes('--type=extensionHost') && environment.includes(profile.data);
      } catch {
        return false;
      }
    });
}

/** The process that listens at the port, among these. */
function listenerOf(pids: number[]): number | undefined {
  const hex = proxyPort.toString(16).toUpperCase().padStart(4, '0');
  const inodes = readFileSync('/proc/net/tcp', 'utf8')
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[1]?.endsWith(`:${hex}`) && fields[3] === '0A')
    .map((fields) => fields[9]);
  return pids.find((pid) => {
    try {
      return readdirSync(`/proc/${pid}/fd`).some((fd) => {
        try {
          return inodes.some((inode) => readlinkSync(`/proc/${pid}/fd/${fd}`) === `socket:[${inode}]`);
        } catch {
          return false;
        }
      });
    } catch {
      return false;
    }
  });
}

/** On a connection of its own: the status, or why there is none. */
const ask = () =>
  new Promise<unknown>((resolve) => {
    get({ port: proxyPort, host: '127.0.0.1', path: '/healthz', agent: false }, (response) => {
      response.resume();
      response.on('end', () => resolve(response.statusCode));
      response.on('error', () => resolve('half an answer'));
    }).on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });

/** Asks every 50 ms until it is told to end. */
function keepAsking() {
  let asking = true;
  const answers = new Map<unknown, number>();
  const outages: number[] = [];
  const client = (async () => {
    let since: number | undefined;
    while (asking) {
      const answer = await ask();
      answers.set(answer, (answers.get(answer) ?? 0) + 1);
      if (answer !== 200) since ??= Date.now();
      else if (since !== undefined) {
        outages.push(Date.now() - since);
        since = undefined;
      }
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  return {
    async end() {
      asking = false;
      await client;
      return { answers, outages };
    },
  };
}

async function until<T>(
  find: () => Promise<T | undefined | false> | T | undefined | false,
  what: string,
): Promise<T> {
  const end = Date.now() + 20_000;
  for (;;) {
    const found = await find();
    if (found) return found;
    assert.ok(Date.now() < end, `never came true: ${what}`);
    await first.waitForTimeout(50);
  }
}

describe('several windows', function () {
  this.timeout(180_000);
  const pages: Page[] = [];

  /** The window that runs the proxy: the others say that another one does. */
  const ownerPage = () =>
    until(async () => {
      const labels = await Promise.all(
        pages.map((page) => page.locator(`${STATUS} a`).getAttribute('aria-label', { timeout: 20_000 })),
      );
      const owners = pages.filter((_, index) => / running on port /.test(labels[index] ?? ''));
      const others = labels.filter((label) => / running in another window /.test(label ?? ''));
      return owners.length === 1 && others.length === pages.length - 1 && owners[0];
    }, 'one window runs the proxy, and the others know it');

  before(async () => {
    const panel = await beginAnew();
    await addDemoAccount(panel);
    await startInPanel(panel);
    await statusSays(RUNNING);
    pages.push(first);
    for (let n = 0; n < 2; n++) {
      const page = await first.context().newPage();
      await page.goto(first.url());
      await page.locator(STATUS).waitFor({ timeout: 60_000 });
      pages.push(page);
    }
  });
  after(async () => {
    for (const page of pages) if (page !== first) await page.close();
    await first.bringToFront();
    await openPanel();
    await stopProxy();
  });

  it('show the proxy of the one that runs it, as soon as they are open', async () => {
    for (const page of pages) await says(page, RUNNING);
    assert.equal(await ownerPage(), first);
  });

  it('take over from an owner that is killed, and from one that reloads, in turn', async () => {
    const client = keepAsking();
    for (const how of ['kill', 'reload', 'kill', 'reload'] as const) {
      const page = await ownerPage();
      const pid = await until(() => listenerOf(extensionHosts()), 'a process that listens');
      if (how === 'kill') process.kill(pid, 'SIGKILL');
      else await page.reload();
      await until(() => {
        const next = listenerOf(extensionHosts());
        return next !== undefined && next !== pid;
      }, `another window takes over after ${how}`);
      if (how === 'kill') await page.reload();
      await page.locator(STATUS).waitFor({ timeout: 60_000 });
      assert.notEqual(await ownerPage(), page);
    }
    const { answers, outages } = await client.end();
    console.log(`      outages: ${outages.join(', ')} ms; answers: ${JSON.stringify([...answers])}`);
    for (const answer of answers.keys()) assert.match(String(answer), /^(200|ECONNREFUSED|ECONNRESET)$/);
    assert.equal(await ask(), 200);
  });

  it('show accounts and requests of the one that runs the proxy, and change them', async () => {
    await first.bringToFront();
    if ((await ownerPage()) === first) await first.reload();
    assert.notEqual(await ownerPage(), first);
    const panel = await openPanel();
    await panel.getByText('runs in another window').waitFor();
    await goTo(panel, 'Accounts');
    await panel.getByTestId('account-state').filter({ hasText: 'Healthy' }).waitFor();
    await screenshot('windows-attached-panel');
    await addDemoAccount(panel);
    for (const page of pages) await says(page, `Portside: running on ${proxyPort} (2)`);
    const answer = await fetch(`http://127.0.0.1:${proxyPort}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'user-agent': 'seen-elsewhere/1' },
      body: JSON.stringify({ model: 'portside-demo', messages: [{ role: 'user', content: 'Hello.' }] }),
    });
    assert.equal(answer.status, 200);
    await answer.text();
    await runCommand('Portside: Open Monitor');
    await first.locator('.tab.active', { hasText: 'Portside Monitor' }).waitFor();
    const monitor = await panelFrame();
    await monitor.locator('.rows [role="row"]:visible', { hasText: 'seen-elsewhere' }).waitFor();
    await screenshot('windows-attached-monitor');
  });

  it('stop together, and none starts again', async () => {
    assert.notEqual(await ownerPage(), first, 'an attached window stops the proxy of another');
    await runCommand('Portside: Stop Proxy');
    for (const page of pages) await says(page, 'Portside: stopped');
    await first.waitForTimeout(1500);
    assert.equal(await ask(), 'ECONNREFUSED');
    for (const page of pages) await says(page, 'Portside: stopped');
  });
});
