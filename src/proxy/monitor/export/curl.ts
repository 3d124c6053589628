/** A request as a command line. */
import type { ExchangeRecord } from '../../../shared/exchange';
import { MASK } from '../../../shared/redact';
import type { StoredMessage } from '../store/record-store';
import { endToEndHeaders, withoutMaskedParameters } from './sendable';

/** Where Portside is to be had unless somebody says otherwise. */
const DEFAULT_ORIGIN = 'http://127.0.0.1:8045';

/** Linux takes no longer argument than 128 KiB (`MAX_ARG_STRLEN`); what the shell itself writes has no such limit. */
const LONGEST_ARGUMENT = 100_000;

/** In single quotes, where a POSIX shell reads nothing (POSIX.1-2024, 2.2.2). */
const quoted = (text: string): string => `'${text.replaceAll("'", "'\\''")}'`;
const comment = (text: string): string => `# ${text.replace(/\s+/g, ' ').trim()}`;

/** The header in which each protocol's clients send their key; the shell puts it in. */
function keyHeader(dialect: string | undefined): string {
  if (dialect === 'anthropic') return '"x-api-key: $PORTSIDE_KEY"';
  if (dialect === 'gemini') return '"x-goog-api-key: $PORTSIDE_KEY"';
  return '"authorization: Bearer $PORTSIDE_KEY"';
}

/** The client's own way to Portside, where it is known. */
function originOf(request: StoredMessage | undefined, origin: string): string {
  const host = request?.headers.find(([name]) => name.toLowerCase() === 'host')?.[1];
  return host !== undefined && /^[\w.-]+(:\d+)?$|^\[[\da-f:.]+\](:\d+)?$/i.test(host)
    ? `http://${host}`
    : origin;
}

/** The least that such a request says. */
function skeleton(record: ExchangeRecord, path: string): string {
  const model = record.modelAsked ?? 'MODEL';
  const messages = [{ role: 'user', content: 'Hello' }];
  if (path.endsWith('/embeddings')) return JSON.stringify({ model, input: 'Hello' });
  if (path.includes('/images/')) return JSON.stringify({ model, prompt: 'A harbour' });
  if (/(?<!chat)\/completions$/.test(path)) return JSON.stringify({ model, prompt: 'Hello' });
  switch (record.clientDialect) {
    case 'anthropic':
      return JSON.stringify({
        model,
        ...(!path.endsWith('/count_tokens') && { max_tokens: 1024 }),
        messages,
      });
    case 'gemini':
      return JSON.stringify({ contents: [{ role: 'user', parts: [{ text: 'Hello' }] }] });
    case 'openai-responses':
      return JSON.stringify({ model, input: 'Hello' });
    default:
      return JSON.stringify({ model, messages });
  }
}

/**
 * A command line for a POSIX shell that sends the request to Portside again, with the key from `$PORTSIDE_KEY`.
 * @param request what was kept of it; where the body is not there whole, the least that such a request says stands in
 * @param origin where Portside is to be had: `http://127.0.0.1:8045`
 */
export function curlOf(
  record: ExchangeRecord,
  request: StoredMessage | undefined,
  origin = DEFAULT_ORIGIN,
): string {
  const { path, query } = withoutMaskedParameters(request?.url ?? record.path);
  const headers = request ? endToEndHeaders(request.headers) : [];
  const takesBody = record.method !== 'GET' && record.method !== 'HEAD' && (!request || request.size > 0);
  const whole = request?.body && request.note === undefined && request.kept >= request.size;
  const notes: string[] = [];
  let body: string | undefined;
  if (takesBody && whole) {
    body = Buffer.from(request.body ?? []).toString('utf8');
    if (body.includes(MASK)) notes.push(`Secrets in the body were masked: ${MASK} stands in their place.`);
  } else if (takesBody) {
    notes.push(
      `The body of this request is not kept whole: ${request?.note ?? 'bodies are kept only while that is switched on'}. This one stands in for it.`.replace(
        '..',
        '.',
      ),
    );
    body = skeleton(record, path);
  }
  if (path.includes(MASK)) notes.push('A secret in the path was masked.');
  if (!headers.some(([name]) => name.toLowerCase() === 'content-type') && body !== undefined)
    headers.push(['content-type', 'application/json']);

  const piped = body !== undefined && Buffer.byteLength(body) > LONGEST_ARGUMENT;
  const method = record.method === 'HEAD' ? '--head' : `-X ${quoted(record.method)}`;
  const parts = [
    `curl -sS -N ${method} ${quoted(originOf(request, origin) + path + query)}`,
    ...headers.map(([name, value]) => `-H ${quoted(value === '' ? `${name};` : `${name}: ${value}`)}`),
    `-H ${keyHeader(record.clientDialect)}`,
    ...(body === undefined ? [] : piped ? ['--data-binary @-'] : [`--data-raw ${quoted(body)}`]),
  ];
  const command = parts.join(' \\\n  ');
  return `${[...notes.map(comment), piped ? `printf '%s' ${quoted(body ?? '')} | ${command}` : command].join('\n')}\n`;
}
