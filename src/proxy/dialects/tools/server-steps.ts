import type { ServerStep } from '../canonical';

/** Whether a step says what came of it. */
export const hasResult = (step: ServerStep): boolean =>
  step.type === 'web-search' ? step.sources !== undefined : step.output !== undefined;

/**
 * Puts the asking and what came of it together, for protocols that say both in one piece. Several tools may run at once:
 * what is asked waits for its result, or for the answer to go on without one.
 */
export class StepJoiner {
  readonly #waiting = new Map<string, ServerStep>();

  /** Takes a step; gives it when it is whole. */
  add(step: ServerStep): ServerStep[] {
    const asked = this.#waiting.get(step.id);
    if (!hasResult(step)) {
      this.#waiting.set(step.id, step);
      return asked ? [asked] : [];
    }
    this.#waiting.delete(step.id);
    return [asked ? ({ ...asked, ...step } as ServerStep) : step];
  }

  /** The answer goes on: gives what is still without a result. */
  flush(): ServerStep[] {
    if (this.#waiting.size === 0) return [];
    const steps = [...this.#waiting.values()];
    this.#waiting.clear();
    return steps;
  }
}
