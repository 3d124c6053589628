/**
 * The text of stream events. Deltas come by the thousand: what is the same in all of one part is made once.
 * https://platform.openai.com/docs/api-reference/responses-streaming
 */
import type { Json, JsonObject } from '../../../shared/json';

/** A delta event up to its text. */
export type DeltaHead = string;

/** Writes events and counts them. */
export class StreamWriter {
  /** The number of the next event; the first is 0. */
  sequence = 0;

  /** One event. `fields` are the members beside `type` and `sequence_number`. */
  event(type: string, fields: JsonObject): string {
    return this.raw(type, JSON.stringify(fields).slice(1, -1));
  }

  /** One event whose members are JSON text already, without braces. */
  raw(type: string, members: string): string {
    const comma = members === '' ? '' : ',';
    return `event: ${type}\ndata: {"type":"${type}","sequence_number":${this.sequence++}${comma}${members}}\n\n`;
  }

  /** What all deltas of a part begin with. */
  head(type: string, place: JsonObject): DeltaHead {
    return `event: ${type}\ndata: {"type":"${type}",${JSON.stringify(place).slice(1, -1)},"delta":`;
  }

  /** One delta. */
  delta(head: DeltaHead, text: string): string {
    return `${head}${JSON.stringify(text)},"sequence_number":${this.sequence++}}\n\n`;
  }

  /** {@link delta} for text that is escaped already. */
  escapedDelta(head: DeltaHead, escaped: string): string {
    return `${head}"${escaped}","sequence_number":${this.sequence++}}\n\n`;
  }

  /** {@link textDelta} for text that is escaped already and has no log probabilities. */
  escapedTextDelta(head: DeltaHead, escaped: string): string {
    return `${head}"${escaped}","logprobs":[],"sequence_number":${this.sequence++}}\n\n`;
  }

  /** One delta of an output text, which has log probabilities, perhaps none. */
  textDelta(head: DeltaHead, text: string, logprobs: Json[] | undefined): string {
    const listed = logprobs ? JSON.stringify(logprobs) : '[]';
    return `${head}${JSON.stringify(text)},"logprobs":${listed},"sequence_number":${this.sequence++}}\n\n`;
  }
}
