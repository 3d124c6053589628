import type { Warn } from '../adapter';
import type { CanonicalRequest } from '../canonical';

/** The stop sequences that are more than white space: others are refused. */
export function sayableStops({ stop }: CanonicalRequest, warn: Warn): string[] {
  const kept = stop?.filter((sequence) => sequence.trim() !== '') ?? [];
  if (stop && kept.length < stop.length)
    warn({
      type: 'dropped',
      field: 'stop',
      message: 'Stop sequences of white space only are refused and were left out.',
    });
  return kept;
}
