/** The last door before a log, a notification or the panel: nothing that is or looks like a key passes. */

/** Stands where a secret stood. */
export const MASK = '[redacted]';

/** Shorter values are words ("none", "ollama"): masking them would mask ordinary text. */
export const SHORTEST_SECRET = 8;

/** What keys look like, each with what may stay. */
const PATTERNS: [RegExp, string][] = [
  [/([?&](?:api[_-]?)?key=)[^&\s"'<>]+/gi, `$1${MASK}`],
  [/\b(authorization["']?\s*[:=]\s*["']?(?:bearer\s+)?)(?!bearer\b)[^\s"',}]+/gi, `$1${MASK}`],
  [/\b(bearer\s+)[A-Za-z0-9._~+/=-]{8,}/gi, `$1${MASK}`],
  [/\b(x-(?:goog-)?api-key["']?\s*[:=]\s*["']?)[^\s"',}]+/gi, `$1${MASK}`],
  [/\b(?:sk|gsk|xai|pk|rk)[-_][A-Za-z0-9_-]{8,}/g, MASK],
  [/(:\/\/[^\s/:@"'<>]*:)[^\s/@"'<>]+@/g, `$1${MASK}@`],
  [
    /((?:password|passwd|secret|api_?key|access_?token|refresh_?token|auth_?token|private_?key)\\*"\s*:\s*\\*")[^"\\\s]+/gi,
    `$1${MASK}`,
  ],
  [/\bAIza[A-Za-z0-9_-]{20,}/g, MASK],
  [/\bAQ\.[A-Za-z0-9_-]{20,}/g, MASK],
  [/\b[0-9a-f]{32}\.[A-Za-z0-9]{12,}/g, MASK],
  [/\beyJ[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]{10,}\.[A-Za-z0-9_-]*/g, MASK],
];

/** Knows the secrets of this session and takes them out of text. What it once knew it does not forget. */
export class Redactor {
  readonly #secrets = new Set<string>();

  /** Remembers a secret, also as it looks in a URL and in JSON. */
  add(secret: string): void {
    if (secret.length < SHORTEST_SECRET) return;
    for (const form of [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)]) {
      this.#secrets.add(form);
    }
  }

  /** The text without known secrets and without what looks like one. */
  redact(text: string): string {
    let clean = text;
    // The longest first: one secret may be the beginning of another.
    for (const secret of [...this.#secrets].sort((a, b) => b.length - a.length)) {
      clean = clean.replaceAll(secret, MASK);
    }
    for (const [pattern, left] of PATTERNS) clean = clean.replace(pattern, left);
    return clean;
  }
}
