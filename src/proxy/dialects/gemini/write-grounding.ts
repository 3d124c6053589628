import type { JsonObject } from '../../../shared/json';
import type { Warn } from '../adapter';
import type { Citation, OpaquePart } from '../canonical';
import { lostCitation } from '../lost-citation';
import { bytesBefore } from '../text-offsets';

interface Support {
  segment: JsonObject;
  chunks: number[];
}

/**
 * Gathers the sources of one answer of another provider, for `groundingMetadata`
 * (https://ai.google.dev/api/generate-content#GroundingMetadata). Sources with Gemini's own mark are left to the metadata
 * that they came with.
 */
export class GroundingWriter {
  readonly #chunks: { url: string; title: string }[] = [];
  readonly #supports = new Map<string, Support>();
  readonly #queries: string[] = [];

  constructor(private readonly warn: Warn) {}

  /** `said`: the text that places count in, of the part or in streams of the answer; `from`: where the cited text begins. */
  cite(citation: Citation, { said: text, from }: { said: string; from: number }, partIndex = 0): void {
    const { url, title, metadata } = citation;
    if (metadata?.gemini) return;
    if (url === undefined) {
      this.warn(lostCitation);
      return;
    }
    const start = from + (citation.start ?? 0);
    const end = citation.end === undefined ? text.length : from + citation.end;
    const chunk = this.#chunkOf(url, title);
    const place = `${partIndex} ${start} ${end}`;
    const support = this.#supports.get(place);
    if (support) {
      if (!support.chunks.includes(chunk)) support.chunks.push(chunk);
      return;
    }
    const segment = {
      ...(partIndex > 0 && { partIndex }),
      startIndex: bytesBefore(text, start),
      endIndex: bytesBefore(text, end),
      text: text.slice(start, end),
    };
    this.#supports.set(place, { segment, chunks: [chunk] });
  }

  /** Whether it was a search or what it found, which stand here and nowhere else; Gemini's own metadata goes before it. */
  search({ step }: OpaquePart): boolean {
    if (step?.type !== 'web-search') return false;
    this.#queries.push(...(step.queries ?? []));
    for (const { url, title } of step.sources ?? []) this.#chunkOf(url, title);
    return true;
  }

  #chunkOf(url: string, title = url): number {
    const known = this.#chunks.findIndex((one) => one.url === url);
    return known >= 0 ? known : this.#chunks.push({ url, title }) - 1;
  }

  /** To be spread into the candidate. */
  metadata(): JsonObject {
    if (this.#chunks.length === 0 && this.#queries.length === 0) return {};
    return {
      groundingMetadata: {
        ...(this.#queries.length > 0 && { webSearchQueries: this.#queries }),
        ...(this.#chunks.length > 0 && {
          groundingChunks: this.#chunks.map(({ url, title }) => ({ web: { uri: url, title } })),
        }),
        ...(this.#supports.size > 0 && {
          groundingSupports: [...this.#supports.values()].map(({ segment, chunks }) => ({
            segment,
            groundingChunkIndices: chunks,
          })),
        }),
      },
    };
  }
}
