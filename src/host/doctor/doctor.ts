/** Runs the checks, remembers what they found, and mends it (SPEC 7.6). */
import * as vscode from 'vscode';
import type { CheckView, DoctorView, FindingView } from '../../shared/doctor';
import { type Disposable, Emitter } from '../disposable';
import { type Check, DEFAULT_LIMIT_MS, type DoctorContext, type Finding, type Fix } from './check';

export interface DoctorOptions {
  /** Loaded when they are first needed. */
  checks(): Promise<readonly Check[]>;
  /** Everything as it is now. */
  context(): DoctorContext;
  /** Takes keys out of a text. */
  redact(text: string): string;
  onError(error: unknown): void;
}

interface Entry {
  check: Check;
  /** How many runs are under way: only what the last one finds counts. */
  turn: number;
  running: boolean;
  findings: (FindingView & { deed?: Fix })[];
}

export class Doctor implements Disposable {
  readonly #options: DoctorOptions;
  readonly #changed: Emitter<void>;
  #entries: Entry[] = [];
  #time: number | undefined;
  #lastId = 0;
  #all: Promise<void> | undefined;

  constructor(options: DoctorOptions) {
    this.#options = options;
    this.#changed = new Emitter(options.onError);
  }

  /** Calls back when {@link view} has something new. */
  onDidChange(listener: () => void): Disposable {
    return this.#changed.on(listener);
  }

  /** What was found so far; undefined before the first run. */
  view(): DoctorView | undefined {
    if (this.#entries.length === 0) return undefined;
    const checks = this.#entries.map(({ check, running, findings }): CheckView => ({
      id: check.id,
      title: check.title(),
      running,
      findings: findings.map(({ deed: _, ...finding }) => finding),
    }));
    return {
      running: checks.some(({ running }) => running),
      ...(this.#time !== undefined && { time: this.#time }),
      checks,
    };
  }

  /** Runs all checks at once, each within its time. Never rejects but when the checks cannot be loaded. */
  run(): Promise<void> {
    this.#all ??= this.#runAll().finally(() => (this.#all = undefined));
    return this.#all;
  }

  /**
   * Mends what a finding says; then its check runs again, and with it those others that ask only this machine: what was
   * mended may have been their trouble, too.
   * @throws Error when the finding is no longer there, or what the mending throws, without keys
   */
  async fix(id: string): Promise<void> {
    const entry = this.#entries.find(({ findings }) => findings.some((each) => each.id === id));
    const deed = entry?.findings.find((each) => each.id === id)?.deed;
    if (!entry || !deed) throw new Error(vscode.l10n.t('This was found before: run the doctor again.'));
    try {
      await deed.do();
    } catch (error) {
      throw this.#clean(error);
    } finally {
      const context = this.#options.context();
      await Promise.all(
        this.#entries
          .filter((each) => each === entry || !each.check.far)
          .map((each) => this.#runOne(each, context)),
      );
    }
  }

  dispose(): void {
    this.#changed.dispose();
    this.#entries = [];
  }

  /** Its words alone: what stands behind it may hold keys. */
  #clean(error: unknown): Error {
    return new Error(this.#options.redact(error instanceof Error ? error.message : String(error)));
  }

  async #runAll(): Promise<void> {
    const checks = await this.#options.checks();
    if (this.#entries.length === 0)
      this.#entries = checks.map((check) => ({ check, turn: 0, running: false, findings: [] }));
    const context = this.#options.context();
    await Promise.all(this.#entries.map((entry) => this.#runOne(entry, context)));
    this.#time = Date.now();
    this.#changed.fire();
  }

  async #runOne(entry: Entry, context: DoctorContext): Promise<void> {
    const turn = ++entry.turn;
    entry.running = true;
    this.#changed.fire();
    const findings = await runWithin(entry.check, context);
    if (turn !== entry.turn) return;
    entry.running = false;
    entry.findings = findings.map(({ severity, words, fix }) => ({
      id: `${entry.check.id}-${++this.#lastId}`,
      severity,
      words: this.#options.redact(words),
      ...(fix && { fix: fix.title, deed: fix }),
    }));
    this.#changed.fire();
  }
}

/** What a check finds within its time; that it throws or takes too long is a finding. Never rejects. */
async function runWithin(check: Check, context: DoctorContext): Promise<Finding[]> {
  const t = vscode.l10n.t;
  const limitMs = check.limitMs ?? DEFAULT_LIMIT_MS;
  const over = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<Finding[]>((resolve) => {
    timer = setTimeout(() => {
      over.abort();
      const words = t('No verdict within {0} seconds.', Math.round(limitMs / 100) / 10);
      resolve([{ severity: 'warning', words }]);
    }, limitMs);
  });
  try {
    return await Promise.race([check.run(context, over.signal), late]);
  } catch (error) {
    const words = t(
      'This could not be looked at: {0}',
      error instanceof Error ? error.message : String(error),
    );
    return [{ severity: 'error', words }];
  } finally {
    clearTimeout(timer);
  }
}
