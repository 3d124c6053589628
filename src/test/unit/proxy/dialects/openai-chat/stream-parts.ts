import { collectStream } from '../../../../../proxy/dialects/collect-stream';
import type { StreamPart } from '../../../../../proxy/dialects/canonical';

/** What stands in the last event of a stream. */
export const DONE = '[DONE]';

/** The types of the parts, in order. */
export const typesOf = (parts: StreamPart[]) => parts.map((part) => part.type);

/** A collector that has taken all of the parts. */
export const collect = (parts: StreamPart[]) => {
  const collector = collectStream();
  for (const part of parts) collector.push(part);
  return collector;
};

/** The content that the parts of one choice add up to. */
export const contentOf = (parts: StreamPart[], choice = 0) =>
  collect(parts).response().choices[choice]?.content ?? [];
