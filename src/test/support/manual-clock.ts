/** Both clocks of a proxy, moved by a test: what rests go by, and what time limits and heart-beats go by. */
import type { Every } from '../../proxy/stream/ticker';

export class ManualClock {
  /** Unix ms. Moved alone, nothing that is under way notices. */
  time = 1_800_000_000_000;
  readonly #beats = new Set<(elapsedMs: number) => void>();

  readonly now = (): number => this.time;

  readonly every: Every = (beat) => {
    this.#beats.add(beat);
    return () => this.#beats.delete(beat);
  };

  /** Lets milliseconds pass for everything at once. */
  pass(ms: number): void {
    this.time += ms;
    for (const beat of [...this.#beats]) beat(ms);
  }

  /** Whether nothing goes by the clock any longer: it takes one beat to notice. */
  atRest(): boolean {
    this.pass(0);
    return this.#beats.size === 0;
  }
}
