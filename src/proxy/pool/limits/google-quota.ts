/**
 * What Google's errors say of quotas: `google.rpc.QuotaFailure`, and the sentence for a person that lists the same.
 * https://github.com/googleapis/googleapis/blob/master/google/rpc/error_details.proto
 * https://ai.google.dev/gemini-api/docs/rate-limits
 */
import { isObject } from '../../../shared/json';
import { detailOf, type ErrorView } from './error-view';

export interface GoogleQuota {
  /** In a few words: `requests per day`. */
  what: string;
  scope: 'model' | 'key';
  /** A quota of the day is among them: it begins anew at midnight in California, whatever `retryDelay` says. */
  daily: boolean;
  /** The key's plan holds none of this model: waiting does not help. */
  none: boolean;
}

interface Violation {
  id: string;
  value: string;
  model: boolean;
}

function violationsOf(view: ErrorView): Violation[] {
  const list = detailOf(view, 'QuotaFailure')?.violations;
  const structured = (Array.isArray(list) ? list : []).slice(0, 20).flatMap((one) => {
    if (!isObject(one)) return [];
    const word = (name: string) => (typeof one[name] === 'string' ? one[name] : '');
    const id = `${word('quotaId')} ${word('quotaMetric')} ${word('description')}`.trim();
    if (id === '') return [];
    const value = one.quotaValue ?? one.quota_value;
    const dimensions = isObject(one.quotaDimensions) ? one.quotaDimensions : {};
    return {
      id,
      value: typeof value === 'string' || typeof value === 'number' ? String(value) : '',
      model: dimensions.model !== undefined || /per_?(base_?)?model/i.test(id),
    };
  });
  if (structured.length > 0) return structured;
  // "* Quota exceeded for metric: generativelanguage.googleapis.com/generate_content_free_tier_requests, limit: 0, model: x"
  // Vertex: "Quota exceeded for aiplatform.googleapis.com/x_per_minute_per_project_per_base_model with base model: y."
  const said = view.text.matchAll(
    /Quota exceeded for (?:(?:quota )?metric:? )?'?([^\s,'/]{1,80}\/[^\s,']{1,150})'?([^\n*]{0,200})/gi,
  );
  return [...said].slice(0, 20).map(([, metric = '', rest = '']) => ({
    id: `${metric} ${/limit '([^']{1,100})'/.exec(rest)?.[1] ?? ''}`,
    value: /limit: (\d{1,15})/.exec(rest)?.[1] ?? '',
    model: /model: /.test(rest) || /per_?(base_?)?model/i.test(metric),
  }));
}

const WINDOWS: [pattern: RegExp, name: string][] = [
  [/per_?day/i, 'day'],
  [/per_?hour/i, 'hour'],
  [/per_?minute/i, 'minute'],
  [/per_?second/i, 'second'],
];

function wordsOf(id: string): string {
  const output = /output_?token/i.test(id);
  const input = /input_?token/i.test(id);
  const counted = output
    ? 'output tokens'
    : input
      ? 'input tokens'
      : /token/i.test(id)
        ? 'tokens'
        : 'requests';
  const window = WINDOWS.find(([pattern]) => pattern.test(id))?.[1];
  return window === undefined ? counted : `${counted} per ${window}`;
}

/** The quota that a Google error names; undefined when it names none. The longest window of several counts. */
export function googleQuota(view: ErrorView): GoogleQuota | undefined {
  const violations = violationsOf(view);
  const rank = ({ id }: Violation) => WINDOWS.findIndex(([pattern]) => pattern.test(id));
  const named = violations.filter((one) => rank(one) >= 0).sort((a, b) => rank(a) - rank(b));
  const longest = named[0] ?? violations[0];
  if (!longest) return undefined;
  return {
    what: wordsOf(longest.id),
    scope: longest.model ? 'model' : 'key',
    daily: WINDOWS[0]?.[0].test(longest.id) ?? false,
    none: violations.every((one) => one.value === '0'),
  };
}
