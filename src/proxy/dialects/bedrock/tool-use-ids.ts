import { hashText, limitCallId } from '../tools/call-ids';

/** https://docs.aws.amazon.com/bedrock/latest/APIReference/API_runtime_ToolUseBlock.html */
const LONGEST_ID = 64;

/**
 * Hands out ids of calls as the API accepts them (`[a-zA-Z0-9_-]{1,64}`, no two alike), in the order of the conversation, so
 * that the same history always gets the same ones. Mistral's models take nine letters and digits.
 */
export class ToolUseIds {
  readonly #taken = new Set<string>();

  constructor(private readonly vendor: string | undefined) {}

  /** The id upstream of a call that is made now. */
  forCall(id: string): string {
    if (this.vendor === 'mistral') {
      let wire = /^[a-zA-Z0-9]{9}$/.test(id) ? id : hashText(id).slice(0, 9);
      for (let number = 2; this.#taken.has(wire); number++) wire = hashText(`${id}#${number}`).slice(0, 9);
      this.#taken.add(wire);
      return wire;
    }
    const clean = limitCallId(id.replace(/[^a-zA-Z0-9_-]/g, '_') || 'call', LONGEST_ID);
    let wire = clean;
    for (let number = 2; this.#taken.has(wire); number++)
      wire = limitCallId(`${clean}_${number}`, LONGEST_ID);
    this.#taken.add(wire);
    return wire;
  }
}
