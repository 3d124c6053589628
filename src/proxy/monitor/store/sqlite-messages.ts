/** The tables of what was captured. */
import type { DatabaseSync, SQLOutputValue } from 'node:sqlite';
import { PARTS, type CapturedMessage, type Part } from '../../../shared/monitor';
import { packBody, unpackBody } from './body-codec';
import type { StoredMessage } from './record-store';

/** Stands for the client's side, where no attempt is. */
const NO_ATTEMPT = -1;

const BODY_GONE = 'The body was deleted to keep the database within its size.';
const BODY_UNREADABLE = 'The body cannot be read here.';

/** @returns a message as it is without its body, and why */
export const withoutBody = <M extends CapturedMessage>(message: M, note = BODY_GONE): M => ({
  ...message,
  kept: 0,
  note,
});

const toHead = (row: Record<string, SQLOutputValue>): CapturedMessage => {
  const head = JSON.parse(String(row['head'])) as CapturedMessage;
  return head.kept > 0 && row['body'] === 0 ? withoutBody(head) : head;
};

export class SqliteMessages {
  readonly #put;
  readonly #putBody;
  readonly #heads;
  readonly #head;
  readonly #body;
  readonly #bodies;
  readonly #deleteBodies;
  readonly #deleteMessages;

  constructor(db: DatabaseSync) {
    this.#put = db.prepare('INSERT OR REPLACE INTO messages (seq, part, attempt, head) VALUES (?, ?, ?, ?)');
    this.#putBody = db.prepare(
      'INSERT OR REPLACE INTO bodies (seq, part, attempt, codec, bytes) VALUES (?, ?, ?, ?, ?)',
    );
    const heads = `SELECT head, EXISTS (
        SELECT 1 FROM bodies b WHERE b.seq = m.seq AND b.part = m.part AND b.attempt = m.attempt
      ) AS body FROM messages m WHERE m.seq = ?`;
    this.#heads = db.prepare(`${heads} ORDER BY m.attempt, m.part`);
    this.#head = db.prepare(`${heads} AND m.part = ? AND m.attempt = ?`);
    this.#body = db.prepare('SELECT codec, bytes FROM bodies WHERE seq = ? AND part = ? AND attempt = ?');
    this.#bodies = db.prepare('SELECT seq, length(bytes) AS size FROM bodies ORDER BY seq, part, attempt');
    this.#deleteBodies = db.prepare('DELETE FROM bodies WHERE seq <= ?');
    this.#deleteMessages = db.prepare('DELETE FROM messages WHERE seq < ?');
  }

  /** To be called within a transaction. */
  add(seq: number, { seq: _told, body, ...head }: StoredMessage): void {
    const key = [seq, PARTS.indexOf(head.part), head.attempt ?? NO_ATTEMPT] as const;
    this.#put.run(...key, JSON.stringify(head));
    if (!body || head.kept === 0) return;
    const { codec, bytes } = packBody(body);
    this.#putBody.run(...key, codec, bytes);
  }

  /** The client's first, then those of the attempts. */
  heads(seq: number): CapturedMessage[] {
    return this.#heads.all(seq).map(toHead);
  }

  message(seq: number, part: Part, attempt: number | undefined): StoredMessage | undefined {
    const key = [seq, PARTS.indexOf(part), attempt ?? NO_ATTEMPT] as const;
    const row = this.#head.get(...key);
    if (!row) return undefined;
    const head = { seq, ...toHead(row) };
    if (head.kept === 0) return head;
    const packed = this.#body.get(...key);
    const body =
      packed?.['bytes'] instanceof Uint8Array &&
      unpackBody({ codec: Number(packed['codec']), bytes: packed['bytes'] });
    return body ? { ...head, body } : withoutBody(head, BODY_UNREADABLE);
  }

  /** Within a transaction: all of the records before one. */
  deleteBelow(seq: number): void {
    this.#deleteBodies.run(seq - 1);
    this.#deleteMessages.run(seq);
  }

  /** Within a transaction: the oldest bodies, until so many bytes went. @returns whether there were any */
  deleteBodies(bytes: number): boolean {
    let last: number | undefined;
    let sum = 0;
    for (const { seq, size } of this.#bodies.iterate()) {
      // Those of one exchange go together.
      if (sum >= bytes && seq !== last) break;
      last = Number(seq);
      sum += Number(size);
    }
    if (last === undefined) return false;
    this.#deleteBodies.run(last);
    return true;
  }
}
