/** The monitor in a browser: a page and its script (SPEC 6.4). */
import { readFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Exchange } from '../../exchange/exchange';
import { keyDigest } from '../../access/key-digest';
import { answerHtml } from './html-page';

/** Answers `GET /monitor`: one element, and the script that defines it. Styles are sheets made by that script. */
export function serveMonitorPage(exchange: Exchange): void {
  answerHtml(exchange, 200, (nonce) => ({
    title: 'Portside Monitor',
    policy: [`script-src 'nonce-${nonce}'`, "connect-src 'self'", "form-action 'none'"],
    body: `
    <portside-monitor></portside-monitor>
    <noscript>The monitor needs JavaScript.</noscript>
    <script type="module" nonce="${nonce}" src="monitor/monitor.js"></script>
  `,
  }));
}

/**
 * Answers `GET /monitor/monitor.js` with the bundle of the view, or not again to a browser that has it.
 * @param file absolute path of the bundle
 */
export async function serveMonitorScript(exchange: Exchange, file: string = scriptPath()): Promise<void> {
  let script: Buffer;
  try {
    script = await readFile(file);
  } catch {
    answerText(
      exchange,
      404,
      "The monitor's page is not there: webview/monitor.js is missing in this installation.\n",
    );
    return;
  }
  const etag = `"${keyDigest(script.toString('latin1')).toString('base64url')}"`;
  const common = [
    'etag',
    etag,
    'cache-control',
    'private, no-cache',
    'x-content-type-options',
    'nosniff',
    'cross-origin-resource-policy',
    'same-origin',
  ];
  const known = exchange.incoming.headers['if-none-match'] ?? '';
  if (known.split(',').some((each) => each.trim().replace(/^W\//, '') === etag)) {
    exchange.head(304, common);
    exchange.outgoing.end();
    return;
  }
  exchange.head(200, [
    'content-type',
    'text/javascript; charset=utf-8',
    'content-length',
    String(script.length),
    ...common,
  ]);
  exchange.outgoing.end(script);
}

function answerText(exchange: Exchange, status: number, text: string): void {
  exchange.head(status, [
    'content-type',
    'text/plain; charset=utf-8',
    'content-length',
    String(Buffer.byteLength(text)),
    'cache-control',
    'no-store',
  ]);
  exchange.outgoing.end(text);
}

/** Beside the bundle that runs; of a test's bundle, in the package that it belongs to. */
function scriptPath(): string {
  const below = join('webview', 'monitor.js');
  const beside = join(__dirname, below);
  if (existsSync(beside)) return beside;
  let folder = __dirname;
  while (!existsSync(join(folder, 'package.json'))) {
    const parent = dirname(folder);
    if (parent === folder) return beside;
    folder = parent;
  }
  return join(folder, 'dist', below);
}
