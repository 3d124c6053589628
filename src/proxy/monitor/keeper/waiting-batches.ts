/** What could not be written yet. */
import type { ExchangeRecord } from '../../../shared/exchange';
import type { StoredMessage } from '../store/record-store';

/** Masked and priced. */
export interface Batch {
  /** How many records came, with those that could not be read. */
  count: number;
  records: ExchangeRecord[];
  messages: StoredMessage[];
}

const MOST_RECORDS = 10_000;
const MOST_BYTES = 32 * 1024 * 1024;

const bytesOf = ({ messages }: Batch): number =>
  messages.reduce((sum, { body }) => sum + (body?.length ?? 0), 0);

/** A queue that gives way when it becomes too long: bodies first, the oldest first. */
export class WaitingBatches {
  readonly #batches: Batch[] = [];

  get first(): Batch | undefined {
    return this.#batches[0];
  }

  /** How many records wait. */
  get records(): number {
    return this.#batches.reduce((sum, { records }) => sum + records.length, 0);
  }

  add(batch: Batch): void {
    this.#batches.push(batch);
  }

  /** The first is over. */
  shift(): Batch | undefined {
    return this.#batches.shift();
  }

  /**
   * Gives up what is too much to be waited with.
   * @returns the batches that are given up; where bodies were enough, there are none
   */
  trim(): Batch[] {
    let bytes = this.#batches.reduce((sum, batch) => sum + bytesOf(batch), 0);
    for (const batch of this.#batches) {
      if (bytes <= MOST_BYTES) break;
      bytes -= bytesOf(batch);
      batch.messages = batch.messages.map(({ body: _body, ...head }) => ({
        ...head,
        kept: 0,
        note: 'The body was given up while the database could not be written.',
      }));
    }
    const given: Batch[] = [];
    while (this.records > MOST_RECORDS && this.#batches.length > 1) given.push(...this.#batches.splice(0, 1));
    return given;
  }
}
