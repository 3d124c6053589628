import * as vscode from 'vscode';
import { environmentVariables } from '../../../shared/quick-start';
import { resolveAuthMode } from '../../../shared/setting-names';
import type { Check, DoctorContext, Finding } from '../check';
import { leadTerminals, startFix } from '../fixes';
import { isLoopback, shownUrl, takeAway, type Variable, variable, whence } from '../variables';

/** They say where clients send their requests. */
const ADDRESSES = [
  'ANTHROPIC_BASE_URL',
  'OPENAI_BASE_URL',
  'OPENAI_API_BASE',
  'GOOGLE_GEMINI_BASE_URL',
  'GEMINI_BASE_URL',
  'GOOGLE_VERTEX_BASE_URL',
  'CODE_ASSIST_ENDPOINT',
];
/** Clients send them as they are. */
const KEYS = [
  'ANTHROPIC_API_KEY',
  'ANTHROPIC_AUTH_TOKEN',
  'CLAUDE_CODE_OAUTH_TOKEN',
  'OPENAI_API_KEY',
  'CODEX_API_KEY',
  'GEMINI_API_KEY',
  'GOOGLE_API_KEY',
];
/** They lead an agent past every base URL. */
const OTHER_CLOUDS = [
  'CLAUDE_CODE_USE_BEDROCK',
  'CLAUDE_CODE_USE_VERTEX',
  'CLAUDE_CODE_USE_FOUNDRY',
  'GOOGLE_GENAI_USE_VERTEXAI',
  'GOOGLE_GENAI_USE_GCA',
];
const LED = new Set(environmentVariables({ url: '', key: '' }).map(([name]) => name));

/** Variables that win over what leads agents to Portside, or send other keys there. */
export const checkVariables: Check = {
  id: 'variables',
  title: () => vscode.l10n.t('Environment variables'),
  async run(context) {
    const { machine } = context;
    const key = await context.controller.apiKey();
    const find = (names: readonly string[]) => names.flatMap((name) => variable(machine, name) ?? []);
    const findings = [
      ...find(ADDRESSES).map((each) => judgeAddress(context, each)),
      ...find(KEYS).flatMap((each) => judgeKey(context, each, key)),
      ...find(OTHER_CLOUDS)
        .filter(({ value }) => !/^(0|false|no|off)$/i.test(value))
        .map((each): Finding => ({
          severity: 'warning',
          words: vscode.l10n.t(
            '{0} ({1}) leads its agent to another cloud, past Portside.',
            each.name,
            whence(each, machine),
          ),
          fix: takeAway(context, each),
        })),
    ];
    return findings.length > 0
      ? findings
      : [{ severity: 'ok', words: vscode.l10n.t('No variable leads agents elsewhere.') }];
  },
};

function judgeAddress(context: DoctorContext, each: Variable): Finding {
  const t = vscode.l10n.t;
  const { machine, controller } = context;
  const { name, value } = each;
  const from = whence(each, machine);
  const url = shownUrl(value);
  if (leadsHere(value, controller.baseUrl()))
    return { severity: 'ok', words: t('{0} ({1}) leads to Portside.', name, from) };
  if (isReplaced(context, name))
    return {
      severity: 'info',
      words: t(
        '{0} ({1}) leads to {2}; new terminals get Portside’s address instead while the proxy runs.',
        name,
        from,
        url,
      ),
    };
  const words =
    URL.canParse(value) && isLoopback(new URL(value))
      ? t('{0} ({1}) leads to {2}: another port of this machine than Portside’s.', name, from, url)
      : t('{0} ({1}) leads to {2}, past Portside.', name, from, url);
  return {
    severity: 'warning',
    words,
    fix: !LED.has(name)
      ? takeAway(context, each)
      : machine.terminalsLed
        ? startFix(context)
        : leadTerminals(context),
  };
}

function judgeKey(context: DoctorContext, each: Variable, localKey: string): Finding[] {
  const t = vscode.l10n.t;
  const { machine, controller } = context;
  const { name, value } = each;
  if (value === localKey || isReplaced(context, name)) return [];
  const { authMode, allowLanAccess } = controller.settings();
  const from = whence(each, machine);
  if (resolveAuthMode(authMode, allowLanAccess) === 'off')
    return [
      {
        severity: 'info',
        words: t(
          '{0} ({1}) is set: agents that prefer it send it to Portside, which asks for no key.',
          name,
          from,
        ),
      },
    ];
  return [
    {
      severity: 'warning',
      words: t('{0} ({1}) is not Portside’s key: a client that sends it gets 401.', name, from),
      fix: takeAway(context, each),
    },
  ];
}

/** New terminals get Portside's own value. */
const isReplaced = ({ machine, controller }: DoctorContext, name: string): boolean =>
  machine.terminalsLed && LED.has(name) && controller.status().listening !== undefined;

/** Any name of this machine will do: the proxy listens at all of them that clients use. */
function leadsHere(value: string, base: string): boolean {
  if (!URL.canParse(value)) return false;
  const url = new URL(value);
  return isLoopback(url) && url.port === new URL(base).port && url.protocol === 'http:';
}
