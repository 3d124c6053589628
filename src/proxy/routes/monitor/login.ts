/** How a browser shows the key: a navigation can send no header, and a key in a URL would stay in its history. */
import type { Guard } from '../../access/guard';
import { ProxyError, UnsupportedMediaTypeError } from '../../errors';
import type { Exchange } from '../../exchange/exchange';
import { readBody } from '../../exchange/read-body';
import { answerHtml, escapeHtml, PRIVATE_HEADERS } from './html-page';

/** A key and its name. */
const BODY_LIMIT = 4096;

const STYLE = `
      body { font: 15px/1.5 system-ui, sans-serif; display: grid; place-items: center; min-height: 90vh; margin: 0 16px; }
      main { width: 100%; max-width: 380px; }
      h1 { font-size: 1.3em; }
      label { display: block; font-weight: 600; margin-bottom: 4px; }
      input, button { font: inherit; padding: 8px 10px; border-radius: 4px; border: 1px solid GrayText; box-sizing: border-box; }
      input { width: 100%; background: Field; color: FieldText; }
      button { margin-top: 12px; cursor: pointer; }
      [role=alert] { border-left: 3px solid #c62828; padding-left: 10px; }
    `;

/** Whether a request is a browser's for the page, to be answered with a form instead of an error. */
export function wantsLoginPage({ incoming, path }: Exchange): boolean {
  const { method, headers } = incoming;
  return (
    path.route === '/monitor' &&
    (method === 'GET' || method === 'HEAD') &&
    /\btext\/html\b/i.test(headers.accept ?? '')
  );
}

/**
 * Answers with the form for the key.
 * @param problem what was wrong with the last attempt; absent: there was none
 */
export function answerLoginPage(exchange: Exchange, problem?: ProxyError): void {
  const { headers = { 'www-authenticate': 'Bearer' }, retryAfterSeconds } = problem ?? {};
  // The answer to an attempt stands at the form's own place.
  const action = exchange.path.route === '/monitor' ? 'monitor/login' : 'login';
  answerHtml(
    exchange,
    problem?.status ?? 401,
    (nonce) => ({
      title: 'Portside Monitor',
      policy: [`style-src 'nonce-${nonce}'`, "form-action 'self'"],
      head: `
    <style nonce="${nonce}">${STYLE}</style>`,
      body: `
    <main>
      <h1>Portside Monitor</h1>${
        problem === undefined
          ? ''
          : `
      <p role="alert" id="problem">${escapeHtml(problem.message)}</p>`
      }
      <form method="post" action="${action}">
        <label for="key">Portside's local API key</label>
        <input id="key" name="key" type="password" required autofocus autocomplete="current-password" spellcheck="false"${
          problem === undefined ? '' : ' aria-invalid="true" aria-describedby="problem"'
        }>
        <button>Open the Monitor</button>
      </form>
    </main>
  `,
    }),
    [
      ...Object.entries(headers).flat(),
      ...(retryAfterSeconds === undefined ? [] : ['retry-after', String(retryAfterSeconds)]),
    ],
  );
}

/** Answers `POST /monitor/login`: to the monitor with a cookie, or the form again. */
export async function serveMonitorLogin(guard: Guard, exchange: Exchange): Promise<void> {
  let cookie: string | undefined;
  try {
    const key = await readKey(exchange);
    cookie = guard.login(exchange, key, monitorPath(exchange));
  } catch (error) {
    if (!(error instanceof ProxyError)) throw error;
    answerLoginPage(exchange, error);
    return;
  }
  // 303: the browser asks for the page with GET (RFC 9110 §15.4.4).
  exchange.head(303, [
    'location',
    '../monitor',
    'content-length',
    '0',
    ...PRIVATE_HEADERS,
    ...(cookie === undefined ? [] : ['set-cookie', cookie]),
  ]);
  exchange.outgoing.end();
}

async function readKey({ incoming }: Exchange): Promise<string> {
  if (!/^application\/x-www-form-urlencoded\b/i.test(incoming.headers['content-type'] ?? ''))
    throw new UnsupportedMediaTypeError('The key must be sent as a form.');
  const body = await readBody(incoming, BODY_LIMIT);
  return new URLSearchParams(body.toString('utf8')).get('key') ?? '';
}

/** The monitor's path as this browser reached it: for its cookie. */
function monitorPath({ incoming }: Exchange): string {
  const path = (incoming.url ?? '').split('?', 1)[0] ?? '';
  return /^((?:\/\w+)+)\/login\/?$/.exec(path)?.[1] ?? '/monitor';
}
