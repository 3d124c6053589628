import type { Warn } from '../adapter';
import type { FilePart } from '../canonical';
import type { WirePart } from './wire';

/** Media types by ending, for URLs whose client did not say. */
const BY_ENDING: Record<string, string> = {
  png: 'image/png',
  jpg: 'image/jpeg',
  jpeg: 'image/jpeg',
  webp: 'image/webp',
  gif: 'image/gif',
  heic: 'image/heic',
  heif: 'image/heif',
  pdf: 'application/pdf',
  mp3: 'audio/mp3',
  wav: 'audio/wav',
  mp4: 'video/mp4',
  txt: 'text/plain',
};

/** Gemini's own storage, or what it documents to fetch itself. */
const OWN_URLS =
  /^(gs:\/\/|https:\/\/(generativelanguage\.googleapis\.com|(www\.)?youtube\.com|youtu\.be)\/)/;

/** A file as `inlineData` or `fileData` (https://ai.google.dev/api/caching#Part); none when it cannot be carried. */
export function encodeFile(part: FilePart, warn: Warn, path: string): WirePart[] {
  const kept = part.metadata?.gemini;
  const video = kept?.['videoMetadata'];
  const signature = kept?.['thoughtSignature'];
  const detail =
    part.detail !== undefined && /^(low|medium|high|ultra_high)$/.test(part.detail) ? part.detail : undefined;
  if (detail !== undefined && kept === undefined)
    warn({
      type: 'dropped',
      field: `${path}.detail`,
      message: 'Gemini chooses the detail of images itself.',
    });
  if (part.filename !== undefined && kept === undefined)
    warn({
      type: 'dropped',
      field: `${path}.filename`,
      message: `Gemini takes files without a name ("${part.filename}").`,
    });
  const extra = {
    ...(detail !== undefined &&
      kept !== undefined && { mediaResolution: { level: `MEDIA_RESOLUTION_${detail.toUpperCase()}` } }),
    ...(video !== undefined && { videoMetadata: video }),
    ...(typeof signature === 'string' && { thoughtSignature: signature }),
  };
  switch (part.source.type) {
    case 'base64':
      return [
        { inlineData: { mimeType: exactType(part, '', warn, path), data: part.source.data }, ...extra },
      ];
    case 'url': {
      const { url } = part.source;
      if (!OWN_URLS.test(url))
        warn({
          type: 'changed',
          field: path,
          message: 'The file is sent as a link that Gemini fetches itself; some models refuse links.',
        });
      return [{ fileData: { mimeType: exactType(part, url, warn, path), fileUri: url }, ...extra }];
    }
    case 'id':
      if (kept !== undefined || part.source.id.startsWith('files/')) {
        const fileUri = part.source.id.startsWith('files/')
          ? `https://generativelanguage.googleapis.com/v1beta/${part.source.id}`
          : part.source.id;
        return [{ fileData: { mimeType: part.mediaType, fileUri }, ...extra }];
      }
      warn({
        type: 'dropped',
        field: path,
        message: "The file is an upload at another provider; Gemini can't read it.",
      });
      return [];
  }
}

function exactType(part: FilePart, url: string, warn: Warn, path: string): string {
  const vague =
    part.mediaType.endsWith('/*') || part.mediaType === 'application/octet-stream' || part.mediaType === '';
  if (!vague) return part.mediaType;
  const ending = /\.([a-z0-9]+)(?:[?#]|$)/i.exec(part.filename ?? url)?.[1]?.toLowerCase() ?? '';
  const known = Object.hasOwn(BY_ENDING, ending) ? BY_ENDING[ending] : undefined;
  if (known !== undefined) return known;
  const guess = part.mediaType === 'image/*' ? 'image/jpeg' : part.mediaType;
  if (guess !== part.mediaType)
    warn({ type: 'approximated', field: path, message: `The media type is not known; ${guess} was said.` });
  return guess;
}
