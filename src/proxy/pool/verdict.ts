/** What a refusal says about the account, apart from what it says to the client. */

/**
 * - `request`: refused for what it asks (400, content policy, too long): booked on nobody, and nobody else is asked.
 * - `elsewhere`: this account does not have it (an unknown model): nothing is booked, another may serve it.
 * - `limited`: 429, 503, 529 and their like.
 * - `dead`: the key, the bill or a permission; nothing but the user, or a test that passes, brings it back (SPEC 5.8).
 * - `failed`: 5xx, a broken connection, an answer that is none: trouble of the moment.
 */
export type Verdict =
  | { type: 'request' }
  | { type: 'elsewhere' }
  | {
      type: 'limited';
      /** Whether other models of the same account are free: as the answer tells, else as its provider counts. */
      scope: 'model' | 'key';
      /** Until it may be asked again, in seconds, as the provider said. Absent: nobody knows. */
      waitSeconds?: number;
      /**
       * Whether the answer shows that a limit of the account was reached (a time, a quota's name, a counter at zero). Without
       * that a 429 may be one request's own (SPEC 5.7), and is booked only once another account has served the same request, or
       * once a second conversation met the same.
       */
      told: boolean;
      /** `overloaded`: the provider's capacity, nobody's quota (503, 529). */
      overloaded?: true;
      /** In a few words: `requests per minute`, `input tokens per minute`, `quota of the day`, `overloaded`. */
      what: string;
    }
  | { type: 'dead'; scope: 'model' | 'key'; why: 'key' | 'billing' | 'permission' }
  | { type: 'failed' };

/** An answer with an error status, or an error inside a 200, as its dialect's adapter read it. */
export interface Refusal {
  status: number;
  /** Flat list: name, value, name, value; empty for an error inside a stream. */
  headers: string[];
  /** The parsed JSON, or the text where it was none. */
  body: unknown;
}
