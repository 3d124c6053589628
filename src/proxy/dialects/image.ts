/** Images made or changed by a model, in one vocabulary. */
import type { FilePart, Usage } from './canonical';

export interface ImageRequest {
  prompt: string;
  /** What to change or to go by; none: the image is made from words alone. */
  images: FilePart[];
  /** Where the first image may change: where this one is transparent. */
  mask?: FilePart;
  count: number;
  /** In pixels; absent: as the model likes. */
  size?: { width: number; height: number };
  /** Where the images shall stand in the answer: as Base64, or as the URL of their bytes. */
  form: 'b64_json' | 'url';
  stream: boolean;
  /** The client's own words, which events of a stream repeat. */
  asked: { size: string; quality: string };
}

export interface ImageAnswer {
  images: { mediaType: string; data: string }[];
  usage?: Usage & { inputImageTokens?: number };
}
