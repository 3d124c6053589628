import * as vscode from 'vscode';
import { DIALECTS, type Dialect } from '../../shared/setting-names';
import type { Health, RouteExplanation } from '../../shared/status';
import { type CommandContext, offer } from './command-context';

const PROTOCOLS: Record<Dialect, string> = {
  anthropic: 'Anthropic Messages',
  'openai-chat': 'OpenAI Chat Completions',
  'openai-responses': 'OpenAI Responses',
  gemini: 'Gemini',
};

/**
 * Shows where a model's name would go now (SPEC 5.10): whom a client would be answered by, and who would be passed by.
 * @param preset `{ model, protocol }` that are already known: nothing is asked
 * @returns the explanation, at once: it does not wait for the list to be closed
 */
export async function testRoute(
  context: CommandContext,
  preset?: unknown,
): Promise<RouteExplanation | undefined> {
  const asked = isQuestion(preset) ? preset : await ask(context.controller.sampleModel());
  if (!asked) return undefined;
  const explanation = await context.controller.explainRoute(asked.model, asked.protocol);
  show(context, explanation);
  return explanation;
}

interface Question {
  model: string;
  protocol: Dialect;
}

function isQuestion(value: unknown): value is Question {
  const { model, protocol } = (value ?? {}) as Partial<Question>;
  return typeof model === 'string' && DIALECTS.some((each) => each === protocol);
}

async function ask(sample: string): Promise<Question | undefined> {
  const t = vscode.l10n.t;
  const title = t('Test Route');
  const model = await vscode.window.showInputBox({
    title,
    prompt: t('Name of a model, as a client sends it'),
    placeHolder: sample,
    ignoreFocusOut: true,
  });
  if (!model?.trim()) return undefined;
  const picked = await vscode.window.showQuickPick(
    Object.entries(PROTOCOLS).map(([protocol, label]) => ({ label, protocol: protocol as Dialect })),
    { title, placeHolder: t('Which protocol does the client speak?') },
  );
  return picked && { model: model.trim(), protocol: picked.protocol };
}

function show(context: CommandContext, { model, why, candidates, warning, error }: RouteExplanation): void {
  const t = vscode.l10n.t;
  if (error !== undefined || candidates.length === 0) {
    offer(context, 'warning', error ?? t('Nobody serves {0}.', model), []);
    return;
  }
  const rows = candidates.map((candidate, index) => ({
    label: `$(${ICONS[candidate.state]}) ${index + 1}. ${candidate.account}`,
    description: candidate.model,
    detail: [
      candidate.translated ? t('translated to {0}', candidate.dialect) : t('passed through'),
      ...(candidate.state === 'healthy' ? [] : [healthWord(candidate.state)]),
      ...(candidate.reason === undefined ? [] : [candidate.reason]),
    ].join(' · '),
    id: candidate.id,
  }));
  vscode.window
    .showQuickPick(rows, {
      title: warning === undefined ? `${model}: ${why}` : `${model}: ${why} · ${warning}`,
      placeHolder: t('In this order; pick one to edit it'),
      matchOnDescription: true,
    })
    .then((picked) => {
      if (picked && context.controller.accounts().some(({ id }) => id === picked.id))
        context.openPanel(picked.id);
    })
    .then(undefined, (problem: unknown) =>
      context.log.error(`The route cannot be shown: ${String(problem)}`),
    );
}

const ICONS = { healthy: 'check', cooling: 'clock', probing: 'question', disabled: 'circle-slash' };

function healthWord(state: Exclude<Health, 'healthy'>): string {
  const t = vscode.l10n.t;
  switch (state) {
    case 'cooling':
      return t('cooling');
    case 'probing':
      return t('probing');
    case 'disabled':
      return t('disabled');
  }
}
