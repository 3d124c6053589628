import * as vscode from 'vscode';
import { baseUrls } from '../../../shared/quick-start';
import type { Check, DoctorContext, Finding } from '../check';
import { notRunning } from '../fixes';

const TIMEOUT_MS = 7_000;

/** A base URL as one family of clients uses it. */
interface Family {
  name: string;
  base: string;
  /** Its list of models costs nothing. */
  path: string;
  headers: Record<string, string>;
  /** Where the list stands in the answer. */
  member: string;
}

/** Whether each protocol's base URL answers a client of that protocol. */
export const checkBaseUrls: Check = {
  id: 'base-urls',
  title: () => vscode.l10n.t('Base URLs'),
  async run(context) {
    const stopped = notRunning(context);
    if (stopped) return stopped;
    const { controller } = context;
    const key = await controller.apiKey();
    const urls = baseUrls(controller.baseUrl());
    const families: Family[] = [
      {
        name: 'OpenAI',
        base: urls.openai,
        path: '/models',
        headers: { authorization: `Bearer ${key}` },
        member: 'data',
      },
      {
        name: 'Anthropic',
        base: urls.anthropic,
        path: '/v1/models',
        headers: { 'x-api-key': key, 'anthropic-version': '2023-06-01' },
        member: 'data',
      },
      {
        name: 'Gemini',
        base: urls.gemini,
        path: '/v1beta/models',
        headers: { 'x-goog-api-key': key },
        member: 'models',
      },
    ];
    return Promise.all(families.map((family) => ask(context, family)));
  },
};

async function ask(context: DoctorContext, family: Family): Promise<Finding> {
  const t = vscode.l10n.t;
  const { name, base, path, headers, member } = family;
  try {
    const { status, body } = await context.probe(base + path, TIMEOUT_MS, headers);
    if (status !== 200)
      return {
        severity: 'error',
        words: t('{0}: {1} answers {2}: {3}', name, base, status, body.slice(0, 300)),
        fix: { title: t('Show Logs'), do: () => context.run('portside.showLogs') },
      };
    const list = (JSON.parse(body) as Record<string, unknown>)[member];
    const count = Array.isArray(list) ? list.length : 0;
    return count === 0
      ? { severity: 'warning', words: t('{0}: {1} answers, but has no models.', name, base) }
      : { severity: 'ok', words: t('{0}: {1} answers. Models: {2}.', name, base, count) };
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return {
      severity: 'error',
      words: t('{0}: {1} cannot be reached: {2}', name, base, reason),
      fix: { title: t('Restart Proxy'), do: () => context.run('portside.restart') },
    };
  }
}
