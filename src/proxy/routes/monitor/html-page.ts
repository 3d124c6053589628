import { randomBytes } from 'node:crypto';
import type { Exchange } from '../../exchange/exchange';

interface HtmlPage {
  title: string;
  /** HTML. */
  body: string;
  /** What the page may do besides running scripts and styles that carry its nonce. */
  policy: string[];
  /** HTML within `<head>`. */
  head?: string;
}

/** Of every answer of the monitor to a browser: nothing of it is kept, guessed at, or embedded by another page. Flat. */
export const PRIVATE_HEADERS = [
  'cache-control',
  'no-store',
  'x-content-type-options',
  'nosniff',
  'cross-origin-resource-policy',
  'same-origin',
];

/** Text within HTML, also within a quoted attribute. */
export const escapeHtml = (text: string): string =>
  text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);

/**
 * Answers with a page for a browser. It cannot be framed, loads nothing of others, and runs only what carries its nonce.
 * The icon is an empty one: no browser asks for `/favicon.ico`.
 * @param make the page, with the nonce for its scripts and styles
 * @param headers more of them, flat
 */
export function answerHtml(
  exchange: Exchange,
  status: number,
  make: (nonce: string) => HtmlPage,
  headers: string[] = [],
): void {
  if (exchange.outgoing.headersSent || exchange.outgoing.destroyed) return;
  const nonce = randomBytes(18).toString('base64');
  const { title, body, policy, head = '' } = make(nonce);
  const html = Buffer.from(`<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <link rel="icon" href="data:,">
    <title>${escapeHtml(title)}</title>${head}
  </head>
  <body>${body}</body>
</html>
`);
  const rules = [
    "default-src 'none'",
    'img-src data:',
    ...policy,
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  exchange.head(status, [
    'content-type',
    'text/html; charset=utf-8',
    'content-length',
    String(html.length),
    'content-security-policy',
    rules.join('; '),
    'x-frame-options',
    'DENY',
    // A form of a page without any referrer would be sent with the origin "null".
    'referrer-policy',
    'same-origin',
    ...PRIVATE_HEADERS,
    ...headers,
  ]);
  exchange.outgoing.end(html);
}
