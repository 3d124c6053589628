/** How a scripted upstream treats a request: what it says and how it misbehaves. Pure data. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import type { ScriptedAnswer } from './scripted-answer';

export type Fault =
  /** The socket is destroyed before a byte of the answer. */
  | 'reset-before-headers'
  /** Half a header block, then the socket is destroyed. */
  | 'reset-mid-headers'
  /** Half of the body, then the socket is destroyed. */
  | 'reset-mid-body'
  /** Nothing until `release()`. */
  | 'hang'
  /** Headers and half of the body; the rest after `release()`. */
  | 'hang-mid-body'
  /** A 200 with the right content type and no body. */
  | 'empty'
  /** An error event as the first of a 200 stream. */
  | 'error-event-first'
  /** Half of the stream, then an error event. */
  | 'error-event-mid'
  /** Half of the stream, then a clean end without the terminal event. */
  | 'cut-mid-stream'
  /** A 200 whose body is no JSON and no event stream. */
  | 'garbage'
  /** `Content-Length` promises more than is sent. */
  | 'wrong-content-length'
  /** 302 to another place. */
  | 'redirect'
  /** A header larger than HTTP clients take. */
  | 'giant-header'
  /** Bytes that are no HTTP. */
  | 'no-http';

export interface Framing {
  crlf?: boolean;
  bom?: boolean;
  noFinalNewline?: boolean;
  /** Comment lines between events. */
  comments?: boolean;
  /** Every byte is a write of its own. */
  byteByByte?: boolean;
  /** Written in pieces with boundaries from this seed. */
  seed?: number;
}

export interface Behaviour {
  /** What to say; absent: a short text. */
  answer?: ScriptedAnswer;
  /** Not 200: an error in the provider's own words. */
  status?: number;
  message?: string;
  headers?: Record<string, string>;
  /** Instead of what would be said: these bytes or this JSON, with `content-type: application/json`. */
  body?: string | Buffer | JsonObject;
  fault?: Fault;
  /** Status that an error event speaks of; 429 when absent. */
  faultStatus?: number;
  /** Answers with a whole body although a stream was asked for. */
  ignoreStream?: boolean;
  framing?: Framing;
  /** An endless-looking stream: this many text events of this many characters each, written as the reader reads. */
  flood?: { events: number; characters: number };
  /** Number that token counting answers. */
  count?: number;

  /** Applies to requests with this key only. */
  key?: string;
  dialect?: Dialect;
  path?: RegExp;
  /** Applies to requests in whose body this stands only. */
  saying?: string;
  /** How many requests it applies to; for ever when absent. */
  times?: number;
}
