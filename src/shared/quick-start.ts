/** How a client is pointed at Portside: base URLs, code to paste, environment blocks. */

/** Stands where the key goes in whatever is shown; the real key is put in only when something is copied. */
export const KEY_PLACEHOLDER = 'YOUR_API_KEY';

export const SNIPPETS = ['openai-python', 'openai-js', 'claude-code', 'gemini-python', 'curl'] as const;
export type SnippetId = (typeof SNIPPETS)[number];

export const SHELLS = ['bash', 'fish', 'powershell'] as const;
export type Shell = (typeof SHELLS)[number];

/** What a snippet is made for. */
export interface QuickStartTarget {
  /** Root of the proxy without a path: `http://127.0.0.1:8045`. */
  url: string;
  key: string;
  model: string;
}

/** A base URL for each family of SDKs, as its own settings want it. */
export interface BaseUrls {
  openai: string;
  anthropic: string;
  gemini: string;
}

/** Stands for the key where a client wants one and the proxy asks for none. */
export const NO_KEY = 'portside';

/**
 * The base URLs under one root: OpenAI's SDKs take `…/v1`, Anthropic's and Gemini's the root.
 * @param url root of the proxy; a trailing slash is taken off
 */
export function baseUrls(url: string): BaseUrls {
  const root = url.replace(/\/+$/, '');
  return { openai: `${root}/v1`, anthropic: root, gemini: root };
}

/**
 * The code to paste for one SDK or tool.
 * Every value is quoted for its language, so any key that the settings allow stays one string.
 */
export function quickStartSnippet(id: SnippetId, { url, key, model }: QuickStartTarget): string {
  const urls = baseUrls(url);
  const text = JSON.stringify;
  switch (id) {
    case 'openai-python':
      return lines(
        'from openai import OpenAI',
        '',
        `client = OpenAI(base_url=${text(urls.openai)}, api_key=${text(key)})`,
        'reply = client.chat.completions.create(',
        `    model=${text(model)},`,
        '    messages=[{"role": "user", "content": "Hello"}],',
        ')',
        'print(reply.choices[0].message.content)',
      );
    case 'openai-js':
      return lines(
        'import OpenAI from "openai";',
        '',
        `const client = new OpenAI({ baseURL: ${text(urls.openai)}, apiKey: ${text(key)} });`,
        'const reply = await client.chat.completions.create({',
        `  model: ${text(model)},`,
        '  messages: [{ role: "user", content: "Hello" }],',
        '});',
        'console.log(reply.choices[0].message.content);',
      );
    case 'claude-code':
      return lines(
        `export ANTHROPIC_BASE_URL=${quoteShell(urls.anthropic)}`,
        `export ANTHROPIC_AUTH_TOKEN=${quoteShell(key)}`,
        'claude',
      );
    case 'gemini-python':
      return lines(
        'from google import genai',
        '',
        'client = genai.Client(',
        `    api_key=${text(key)},`,
        `    http_options={"base_url": ${text(urls.gemini)}},`,
        ')',
        'reply = client.models.generate_content(',
        `    model=${text(model)}, contents="Hello"`,
        ')',
        'print(reply.text)',
      );
    case 'curl':
      return lines(
        `curl ${quoteShell(`${urls.openai}/chat/completions`)} \\`,
        `  -H ${quoteShell(`Authorization: Bearer ${key}`)} \\`,
        `  -H 'Content-Type: application/json' \\`,
        `  -d ${quoteShell(JSON.stringify({ model, messages: [{ role: 'user', content: 'Hello' }] }))}`,
      );
  }
}

/**
 * The variables that the command-line agents read (SPEC 7.3, 7.4). Anthropic's key is a token: Claude Code asks whether it
 * may use an API key that it finds in the environment, and takes a token without a word.
 * https://code.claude.com/docs/en/env-vars
 */
export function environmentVariables({
  url,
  key,
}: Pick<QuickStartTarget, 'url' | 'key'>): [name: string, value: string][] {
  const urls = baseUrls(url);
  return [
    ['OPENAI_BASE_URL', urls.openai],
    ['OPENAI_API_KEY', key],
    ['ANTHROPIC_BASE_URL', urls.anthropic],
    ['ANTHROPIC_AUTH_TOKEN', key],
    ['GOOGLE_GEMINI_BASE_URL', urls.gemini],
    ['GEMINI_API_KEY', key],
  ];
}

/**
 * {@link environmentVariables} as commands of one shell.
 * @returns lines to paste, without a trailing newline
 */
export function environmentBlock(shell: Shell, target: Pick<QuickStartTarget, 'url' | 'key'>): string {
  return lines(
    ...environmentVariables(target).map(([name, value]) => {
      switch (shell) {
        case 'bash':
          return `export ${name}=${quoteShell(value)}`;
        case 'fish':
          return `set -gx ${name} '${value.replace(/[\\']/g, '\\$&')}'`;
        case 'powershell':
          return `$env:${name} = '${value.replaceAll("'", "''")}'`;
      }
    }),
  );
}

const lines = (...all: string[]): string => all.join('\n');

/** One word of a POSIX shell: nothing in single quotes is special but their end. */
const quoteShell = (value: string): string => `'${value.replaceAll("'", "'\\''")}'`;
