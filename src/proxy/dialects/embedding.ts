/** Embeddings in one vocabulary: texts go in, one vector for each comes out, in their order. */
import type { JsonObject } from '../../shared/json';
import type { Warn, WireRequest } from './adapter';

export interface EmbeddingRequest {
  texts: string[];
  /** Length of the vectors; absent: the model's own. */
  dimensions?: number;
  /** How the client wants them: OpenAI's two encodings, Gemini's answer for one text or for many. */
  form: 'float' | 'base64' | 'one' | 'many';
}

export interface EmbeddingAnswer {
  vectors: number[][];
  /** Absent where the provider does not tell. */
  inputTokens?: number;
}

/** What a dialect with embeddings gives. */
export interface EmbeddingDialect {
  /** Texts that one upstream request may hold. */
  readonly batchLimit: number;
  /** Throws `InvalidRequestError` with the path of a bad field. Warns about what no other dialect has. */
  decodeRequest(body: JsonObject, warn: Warn): EmbeddingRequest;
  /** One upstream request; `texts` holds no more than {@link batchLimit}. */
  encodeRequest(request: Pick<EmbeddingRequest, 'texts' | 'dimensions'>, model: string): WireRequest;
  /** Throws `UpstreamError` for an answer without vectors. */
  decodeResponse(body: JsonObject): EmbeddingAnswer;
  /** @param model as the client asked for it */
  encodeResponse(answer: EmbeddingAnswer, request: EmbeddingRequest, model: string): JsonObject;
}
