/** The name of a limit in the words for a person: which of the account's counters was met. */

const COUNTED =
  /\b(?:(input|output|audio|prompt|completion|cached|uncached) )?(tokens?|requests?|images?|calls?|seconds of audio|audio seconds)(?: usage)?(?: \(?(?:per|\/)|[-_]per[-_])[ -]?(second|sec|minute|min|hour|day|week|month)\b/i;

const SHORT: Readonly<Record<string, string>> = {
  RPS: 'requests per second',
  RPM: 'requests per minute',
  RPH: 'requests per hour',
  RPD: 'requests per day',
  TPS: 'tokens per second',
  TPM: 'tokens per minute',
  TPH: 'tokens per hour',
  TPD: 'tokens per day',
  ITPM: 'input tokens per minute',
  OTPM: 'output tokens per minute',
  ASH: 'seconds of audio per hour',
  ASD: 'seconds of audio per day',
};

const OTHERS: [pattern: RegExp, what: string][] = [
  [/free-models-per-day/i, 'free requests per day'],
  [/free-models-per-min/i, 'free requests per minute'],
  [/\bconcurren(?:t|cy)\b/i, 'concurrent requests'],
  [/\btoken rate limit\b/i, 'tokens per minute'],
  [/\bcall rate limit\b/i, 'requests per minute'],
  [/\busage limit\b/i, 'usage limit'],
  [/\b(?:daily|day's) (?:free )?(?:limit|quota|allocation)\b/i, 'quota of the day'],
  [/\b(?:monthly|month's) (?:limit|quota)\b/i, 'quota of the month'],
  [/\b(?:weekly) (?:limit|quota)\b/i, 'quota of the week'],
];

/** The limit that a text names, as `input tokens per minute`; undefined when it names none. */
export function namedLimit(text: string): string | undefined {
  const [, kind, counted = '', window = ''] = COUNTED.exec(text) ?? [];
  if (counted !== '') {
    const unit = counted
      .toLowerCase()
      .replace(/^(token|request|image|call)$/, '$1s')
      .replace('calls', 'requests');
    const full = window.toLowerCase().replace(/^sec$/, 'second').replace(/^min$/, 'minute');
    return `${kind === undefined ? '' : `${kind.toLowerCase()} `}${unit} per ${full}`;
  }
  const short = /\b(?:[RT]P[SMHD]|[IO]TPM|AS[HD])\b/.exec(text)?.[0];
  if (short !== undefined) return SHORT[short];
  return OTHERS.find(([pattern]) => pattern.test(text))?.[1];
}
