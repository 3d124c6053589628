/** What the doctor found (SPEC 7.6): types alone. Nothing here holds a key. */

/** `info`: told for whoever helps, or not judged, with the reason. */
export const SEVERITIES = ['error', 'warning', 'info', 'ok'] as const;
export type Severity = (typeof SEVERITIES)[number];

export interface FindingView {
  /** Of this finding alone: after the check ran again there are others. */
  id: string;
  severity: Severity;
  /** For a person. */
  words: string;
  /** Title of the button that mends it. */
  fix?: string;
}

export interface CheckView {
  id: string;
  title: string;
  running: boolean;
  /** Of the last run, also while the next one is under way. */
  findings: FindingView[];
}

export interface DoctorView {
  /** Some check is under way. */
  running: boolean;
  /** Unix ms: when the last run of all checks ended. */
  time?: number;
  checks: CheckView[];
}
