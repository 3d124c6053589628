/** Ids of calls as the API accepts them (`^[a-zA-Z0-9_-]+$`, unique in the conversation), the same on every turn. */
export interface ToolCallIds {
  /** The id upstream of a call that is made now. */
  forCall(id: string): string;
}

/** Hands out ids in the order of the conversation, so that the same history always gets the same ones. */
export function createToolCallIds(): ToolCallIds {
  const taken = new Set<string>();
  return {
    forCall(id) {
      const clean = id.replace(/[^a-zA-Z0-9_-]/g, '_') || 'call';
      let wire = clean;
      for (let number = 2; taken.has(wire); number++) wire = `${clean}_${number}`;
      taken.add(wire);
      return wire;
    },
  };
}
