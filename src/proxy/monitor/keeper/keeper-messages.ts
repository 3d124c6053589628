/**
 * What the proxy's thread and the keeper of its records say to each other over a MessagePort. The keeper prices, masks,
 * stores and answers questions in a thread of its own, so that neither a disk nor a filter ever holds a stream up.
 * Secrets go one way, to be masked: they come back in nothing.
 */
import type { MonitorCall, MonitorCallName, MonitorCalls, MonitorInfo, Part } from '../../../shared/monitor';
import type { MonitorSettings } from '../../../shared/monitor-settings';

/** Marks the worker's data: the bundle attaches itself to its port only when this is set. */
export const KEEPER_MARK = 'portside-keeper';

/** A message as it went over the line: nothing is masked yet. */
export interface RawMessage {
  /** Of its exchange. */
  seq: number;
  part: Part;
  /** Index of the attempt; absent for the client's side. */
  attempt?: number;
  method?: string;
  /** Requests: path and query; upstream with scheme and host. */
  url?: string;
  status?: number;
  /** Flat: name, value, name, value. */
  headers: string[];
  /** What was kept of the body, in its pieces; absent: nothing. */
  body?: Uint8Array[];
  /** Bytes of the whole body. */
  size: number;
  /** Why not all of it is kept, for a person. */
  note?: string;
}

/** Calls that the proxy's thread answers itself. */
export type OwnCallName = 'open' | 'replay' | 'setCapture';
export type KeeperCall = Exclude<MonitorCall, { type: OwnCallName }> | ReplayQuestion;

/** What is needed to send a request again, from what was kept. Refused with words where that is not enough. */
export interface ReplayQuestion {
  type: 'replayRequest';
  seq: number;
}
export interface ReplayRequest {
  id: string;
  method: string;
  /** Path and query, without keys. */
  url: string;
  /** Without keys and what belongs to a connection. Flat. */
  headers: string[];
  body: Uint8Array;
}

export type KeeperAnswer = MonitorCalls[MonitorCallName]['answer'] | ReplayRequest;

export type ToKeeper =
  /** The first message, and whenever something of it changes. */
  | {
      type: 'configure';
      settings: MonitorSettings;
      /** Absolute path of the database; absent: memory only. */
      file?: string;
      /** All that must be masked wherever it stands. */
      secrets: string[];
    }
  /** `records`: JSON of an array of ExchangeRecord without costs, which crosses cheaper than objects do. */
  | { type: 'append'; records: string; messages: RawMessage[] }
  /** `origin`: where the proxy is to be had, `http://127.0.0.1:8045`. */
  | { type: 'call'; id: number; call: KeeperCall; origin: string }
  /** Everything before it is written when the answer (null) comes, and the database is closed. A later message opens it again. */
  | { type: 'close'; id: number };

export type FromKeeper =
  | { type: 'answer'; id: number; ok: true; answer: KeeperAnswer }
  /** `message` is for a person and holds no secret. */
  | { type: 'answer'; id: number; ok: false; message: string }
  /** `records` of the last `append` messages are written: so many. `count` of 0: records went. */
  | { type: 'changed'; added: number }
  /** Storage changed its kind or its trouble. `canReplay`, `enabled` and `capturing` are the proxy's to say. */
  | { type: 'info'; info: Omit<MonitorInfo, 'canReplay' | 'enabled' | 'capturing'> }
  | { type: 'log'; level: 'info' | 'warn'; message: string };
