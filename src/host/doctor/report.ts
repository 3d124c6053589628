/** What the doctor found, as Markdown that can be shown to others. */
import { homedir } from 'node:os';
import type { CheckView, DoctorView, Severity } from '../../shared/doctor';

const MARKS: Record<Severity, string> = { ok: '✅', info: 'ℹ️', warning: '⚠️', error: '❌' };

export interface ReportOptions {
  /** The user's home folder. */
  home: string;
  /** Takes keys out of a text. */
  redact(text: string): string;
}

/**
 * The report: no key, no name of a home folder, no mail address. Prompts never come to the doctor.
 * @returns Markdown, with a newline at its end
 */
export function writeReport({ checks, time }: DoctorView, { home, redact }: ReportOptions): string {
  const when = time === undefined ? '' : ` · ${new Date(time).toISOString()}`;
  const lines = [`### Portside doctor${when}`, '', ...checks.flatMap(section)];
  return hidePerson(redact(`${lines.join('\n').trimEnd()}\n`), home);
}

/** The report of what was found on this machine; empty before the first run. */
export function reportOf(view: DoctorView | undefined, redactor: { redact(text: string): string }): string {
  return view ? writeReport(view, { home: homedir(), redact: (text) => redactor.redact(text) }) : '';
}

function section({ title, findings }: CheckView): string[] {
  if (findings.length === 0) return [];
  const rows = findings.map(({ severity, words }) => `- ${MARKS[severity]} ${escapeMarkdown(words)}`);
  return [`**${title}**`, '', ...rows, ''];
}

/** Words of providers may hold anything: on one line, and without meaning to Markdown. */
const escapeMarkdown = (text: string): string => text.replace(/\s+/g, ' ').replace(/[\\`*_[\]<>|#]/g, '\\$&');

/** Paths in homes begin with `~`, on any system and as Markdown writes them; mail addresses are gone. */
function hidePerson(text: string, home: string): string {
  let clean = text;
  const spellings = [home, home.replaceAll('\\', '/'), escapeMarkdown(home)];
  for (const each of spellings.filter((path) => path.length > 1).sort((a, b) => b.length - a.length))
    clean = clean.replaceAll(each, '~');
  return clean
    .replace(/(?:\/home|\/Users|[A-Za-z]:(?:\\{1,2}|\/)Users)(?:\\{1,2}|\/)[^\s\\/:"'()]+/g, '~')
    .replace(/[\w.+-]+(?:\\_[\w.+-]*)*@[\w-]+(?:\.[\w-]+)+/g, '[mail]');
}
