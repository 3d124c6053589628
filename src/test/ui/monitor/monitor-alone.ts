/**
 * The monitor's page by itself, in a tab of the same browser, with made-up records: as the editor shows it (with the
 * colours of a theme and a stand-in for its host), or as a browser does (over HTTP).
 */
import { readFileSync } from 'node:fs';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import type { MonitorCall, MonitorDeeds, MonitorEvent } from '../../../shared/monitor';
import { MadeUpMonitor, madeUpRecord, madeUpRecords } from './made-up-records';
import { openPanel, THEMES, type ThemeKind, useTheme, workbench } from '../workbench';
import { violations } from '../violations';

/** What the editor gives to a webview for its theme. */
export interface Theme {
  /** `vscode-dark` … */
  bodyClass: string;
  variables: Record<string, string>;
}

export interface MonitorAlone {
  page: Page;
  monitor: MadeUpMonitor;
  /** What the editor was asked to do, `ready` left out. */
  deeds: Record<string, unknown>[];
  /** What the page's content policy forbade, or threw. */
  complaints: string[];
  tell(event: MonitorEvent): Promise<void>;
  /** Ends so many exchanges now, and tells of it. */
  end(count: number): Promise<void>;
  /** Waits until an expression is true in the page; `waitForFunction` is against its policy. */
  until(expression: string): Promise<void>;
  /** What axe finds wrong, one line for each element. */
  violations(): Promise<string[]>;
  close(): Promise<void>;
}

interface Options {
  monitor?: MadeUpMonitor;
  /** Absent: a browser without an editor. */
  theme?: Theme;
  size?: { width: number; height: number };
}

const POLICY =
  "default-src 'none'; script-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'";
const PAGE = `<!DOCTYPE html><html lang="en"><head><meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}"><title>Portside</title></head>
<body><script src="/theme.js"></script><portside-monitor></portside-monitor>
<script type="module" src="/monitor.js"></script></body></html>`;

/** In the page: the editor's side of a webview. What it keeps survives a reload. */
const EDITOR = `globalThis.acquireVsCodeApi = () => ({
  getState: () => JSON.parse(sessionStorage.getItem('kept') ?? 'null') ?? undefined,
  setState: (state) => sessionStorage.setItem('kept', JSON.stringify(state)),
  postMessage: async (message) => postMessage(await toHost(message)),
});`;

const wear = ({ bodyClass, variables }: Theme): string => `{
  document.body.className = ${JSON.stringify(bodyClass)};
  document.body.dataset.vscodeThemeKind = ${JSON.stringify(bodyClass)};
  for (const [name, value] of Object.entries(${JSON.stringify(variables)}))
    document.documentElement.style.setProperty(name, value);
}`;

/** Read once: a theme takes the editor some seconds. */
const themes: Partial<Record<ThemeKind, Theme>> =
  (globalThis as { portsideThemes?: Partial<Record<ThemeKind, Theme>> }).portsideThemes ?? {};

/** The colours and fonts that the editor's own theme of this kind gives to webviews. */
export async function themeOf(kind: ThemeKind): Promise<Theme> {
  const known = themes[kind];
  if (known) return known;
  await useTheme(kind);
  const panel = await openPanel();
  await panel.locator(`body.vscode-${kind}`).waitFor();
  const bodyClass = await panel.evaluate<string>('document.body.className');
  const variables = await panel.evaluate<Record<string, string>>(`{
    const { style } = document.documentElement;
    Object.fromEntries([...style].map((name) => [name, style.getPropertyValue(name)]));
  }`);
  return (themes[kind] = { bodyClass, variables });
}

/** All kinds of themes. */
export const THEME_KINDS = Object.keys(THEMES) as ThemeKind[];

/** Opens it and waits until it is drawn. */
export async function openMonitorAlone(options: Options = {}): Promise<MonitorAlone> {
  const { monitor = new MadeUpMonitor(madeUpRecords(2_000)), theme, size } = options;
  const deeds: Record<string, unknown>[] = [];
  const complaints: string[] = [];
  const views = new Set<ServerResponse>();
  const script = join(process.env.PORTSIDE_TEST_WEBVIEW ?? 'dist/webview', 'monitor.js');

  const server = createServer((request, response) => {
    const say = (type: string, body: string, status = 200): void => {
      response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
    };
    switch (request.url) {
      case '/monitor':
        return say('text/html', PAGE);
      case '/monitor.js':
        return say('text/javascript', readFileSync(script, 'utf8'));
      case '/theme.js':
        return say('text/javascript', theme ? wear(theme) : '');
      case '/monitor/events':
        response.writeHead(200, { 'content-type': 'text/event-stream' }).write(': here\n\n');
        views.add(response);
        return request.on('close', () => views.delete(response));
      case '/monitor/api': {
        const pieces: Buffer[] = [];
        request.on('data', (piece: Buffer) => pieces.push(piece));
        return request.on('end', () => {
          try {
            const call = JSON.parse(Buffer.concat(pieces).toString()) as MonitorCall;
            say('application/json', JSON.stringify({ answer: monitor.answer(call) }));
          } catch (error) {
            say('application/json', JSON.stringify({ message: (error as Error).message }), 400);
          }
        });
      }
      default:
        return say('text/plain', 'nothing here', 404);
    }
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));

  const page = await workbench.page.context().newPage();
  page.on('console', (message) => {
    if (message.type() === 'error' && !message.text().includes('favicon')) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  if (size) await page.setViewportSize(size);
  if (theme) {
    await page.exposeFunction('toHost', (message: ToHost) => {
      const { seq, type } = message;
      try {
        if (type !== 'call' && type !== 'ready') deeds.push(message);
        const answer =
          type === 'call' ? monitor.answer(message.call) : type === 'ready' ? { texts: {} } : null;
        return { type: 'answer', seq, ok: true, answer };
      } catch (error) {
        return { type: 'answer', seq, ok: false, message: (error as Error).message };
      }
    });
    await page.addInitScript(EDITOR);
  }
  await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/monitor`);
  await page.locator('main').waitFor();

  const tell = async (event: MonitorEvent): Promise<void> => {
    if (theme) await page.evaluate(`postMessage(${JSON.stringify({ type: 'event', event })})`);
    for (const view of views) view.write(`data: ${JSON.stringify(event)}\n\n`);
  };
  return {
    page,
    monitor,
    deeds,
    complaints,
    tell,
    end: async (count) => {
      const from = monitor.records.length;
      const now = Date.now();
      monitor.add(...Array.from({ length: count }, (_, index) => madeUpRecord(now + index, from + index)));
      await tell({ type: 'changed', added: count });
    },
    until: async (expression) => {
      for (const end = Date.now() + 10_000; !(await page.evaluate(expression));) {
        if (Date.now() > end) throw new Error(`it never came to ${expression}`);
        await page.waitForTimeout(30);
      }
    },
    violations: () => violations(page),
    close: async () => {
      await page.close();
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}

type ToHost = { seq: number; type: 'call'; call: MonitorCall } | { seq: number; type: keyof MonitorDeeds };
