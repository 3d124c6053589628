/** Transcriptions of OpenAI. Reference: https://platform.openai.com/docs/api-reference/audio/createTranscription */
import type { Json, JsonObject } from '../../../shared/json';
import { isObject } from '../../../shared/json';
import { NotSupportedError } from '../../errors';
import type { DecodeContext, DialectAdapter, ReplyContext, SseEvent, StreamEncoder } from '../adapter';
import type { CanonicalRequest, CanonicalResponse, FilePart, StreamPart, Usage } from '../canonical';
import type { Form } from '../form';
import { missing, wrongType, wrongValue } from '../openai/fields';
import { encodeStreamError } from './encode-error';
import { openaiChatAdapter } from './index';

export interface TranscriptionRequest {
  /** Asks a chat model that hears. */
  request: CanonicalRequest;
  format: 'json' | 'text';
}

/** Media types by ending: https://platform.openai.com/docs/guides/speech-to-text */
const BY_ENDING: Record<string, string> = {
  flac: 'audio/flac',
  mp3: 'audio/mp3',
  mpga: 'audio/mp3',
  mpeg: 'audio/mp3',
  mp4: 'audio/mp4',
  m4a: 'audio/mp4',
  ogg: 'audio/ogg',
  oga: 'audio/ogg',
  opus: 'audio/ogg',
  wav: 'audio/wav',
  webm: 'audio/webm',
  aac: 'audio/aac',
  aif: 'audio/aiff',
  aiff: 'audio/aiff',
};

/** Other names of the same types. */
const SYNONYMS: Record<string, string> = {
  'audio/x-wav': 'audio/wav',
  'audio/wave': 'audio/wav',
  'audio/vnd.wave': 'audio/wav',
  'audio/mpeg': 'audio/mp3',
  'audio/mpga': 'audio/mp3',
  'audio/x-m4a': 'audio/mp4',
  'audio/m4a': 'audio/mp4',
  'audio/x-flac': 'audio/flac',
  'audio/x-aiff': 'audio/aiff',
};

const lookUp = (table: Record<string, string>, key: string): string | undefined =>
  Object.hasOwn(table, key) ? table[key] : undefined;

/** The recording with the media type that its provider must be told. */
function typed({ mediaType: said, filename = '', source }: FilePart): FilePart {
  const ending = /\.([a-z0-9]+)$/i.exec(filename)?.[1]?.toLowerCase() ?? '';
  const mediaType = /^(audio|video)\//.test(said)
    ? (lookUp(SYNONYMS, said) ?? said)
    : lookUp(BY_ENDING, ending);
  if (mediaType === undefined)
    throw wrongValue('file', filename || said, 'recordings in flac, mp3, mp4, m4a, ogg, wav and webm');
  // Its name has told the type and says nothing more.
  return { type: 'file', mediaType, source };
}

/**
 * Why only an OpenAI-like account can take the form; undefined when others can, too. Times and speakers are measured
 * by models made for it: a chat model would make them up.
 */
export function onlyOpenai(format: string | undefined): NotSupportedError | undefined {
  if (format === undefined || !/^(srt|vtt|verbose_json|diarized_json)$/.test(format)) return undefined;
  return new NotSupportedError(
    `response_format "${format}" needs times or speakers, which OpenAI-like accounts alone can tell. Ask for "json" or "text", or add such an account.`,
    'response_format',
  );
}

function instruction(language: string | undefined, prompt: string | undefined): string {
  return [
    'Transcribe the speech in this recording word for word, in the language that is spoken, with punctuation. ' +
      'Answer with the transcript alone: no introduction, no notes, no times, no names of speakers.',
    ...(language ? [`The language is "${language}".`] : []),
    ...(prompt
      ? [`For names and spelling only, not to be transcribed, what came before or is about it: ${prompt}`]
      : []),
  ].join('\n');
}

/**
 * A transcription as a question to a chat model that hears.
 * @throws InvalidRequestError, NotSupportedError with the name of the bad field
 */
export function decodeTranscription(form: Form, context: DecodeContext): TranscriptionRequest {
  const text = (name: string) => form.texts.get(name)?.at(-1)?.trim();
  const files = form.files.get('file') ?? [];
  const [file] = files;
  if (!file) throw form.texts.has('file') ? wrongType('file', 'a file', text('file')) : missing('file');
  if (files.length > 1) throw wrongType('file', 'one file', files.length);
  const format = text('response_format') ?? 'json';
  const special = onlyOpenai(format);
  if (special) throw special;
  if (format !== 'json' && format !== 'text')
    throw wrongValue('response_format', format, "'json', 'text', 'srt', 'verbose_json' and 'vtt'");
  const temperature = text('temperature');
  if (temperature !== undefined && (temperature === '' || Number.isNaN(Number(temperature))))
    throw wrongType('temperature', 'a number', temperature);
  for (const name of form.texts.keys()) {
    if (/^(model|language|prompt|response_format|temperature|stream)$/.test(name)) continue;
    context.warn({
      type: 'dropped',
      field: name,
      message: `"${name}" is known to OpenAI-like servers only.`,
    });
  }
  return {
    format,
    request: {
      model: context.model ?? '',
      stream: context.stream ?? false,
      tools: [],
      messages: [
        {
          role: 'user',
          content: [typed(file), { type: 'text', text: instruction(text('language'), text('prompt')) }],
        },
      ],
      ...(temperature !== undefined && { temperature: Number(temperature) }),
    },
  };
}

/** The transcript in a model's answer: models like to end with a line end. */
export function transcriptOf(response: CanonicalResponse): string {
  const content = response.choices[0]?.content ?? [];
  return content
    .map((part) => (part.type === 'text' ? part.text : ''))
    .join('')
    .trim();
}

function encodeUsage(usage: Usage | undefined): JsonObject {
  if (!usage) return {};
  const { inputTokens, outputTokens } = usage;
  return {
    usage: {
      type: 'tokens',
      input_tokens: inputTokens,
      output_tokens: outputTokens,
      total_tokens: inputTokens + outputTokens,
    },
  };
}

/** Token counts of OpenAI's endpoints for images and audio. */
export function readTokens(payload: JsonObject): Usage | undefined {
  const usage = isObject(payload.usage) ? payload.usage : {};
  const { input_tokens: input, output_tokens: output } = usage;
  if (typeof input !== 'number' && typeof output !== 'number') return undefined;
  return {
    inputTokens: typeof input === 'number' ? input : 0,
    outputTokens: typeof output === 'number' ? output : 0,
  };
}

/** Parts as `transcript.text.delta` and `transcript.text.done`. */
class TranscriptEncoder implements StreamEncoder {
  private text = '';
  private usage: Usage | undefined;
  private finished = false;

  push(part: StreamPart): string {
    switch (part.type) {
      case 'text-delta': {
        // The transcript begins with its first word.
        const delta = this.text === '' ? part.text.trimStart() : part.text;
        if (delta === '' || (part.choice ?? 0) !== 0) return '';
        this.text += delta;
        return event({ type: 'transcript.text.delta', delta });
      }
      case 'start':
      case 'usage':
        this.usage = part.usage ?? this.usage;
        return '';
      case 'finish':
        this.finished = true;
        return '';
      case 'error':
        return encodeStreamError(part.error);
      default:
        return '';
    }
  }

  end(): string {
    if (!this.finished) return '';
    return event({ type: 'transcript.text.done', text: this.text.trimEnd(), ...encodeUsage(this.usage) });
  }

  heartbeat(): string {
    return ': ping\n\n';
  }
}

const event = (data: { type: string } & Record<string, Json>): string =>
  `event: ${data.type}\ndata: ${JSON.stringify(data)}\n\n`;

const isLast = ({ data }: SseEvent): boolean =>
  data.trim() === '[DONE]' || /"type"\s*:\s*"transcript\.text\.done"/.test(data);

/** Chat completions' adapter, but for its answers: they are transcripts. */
export const transcriptionVoice: DialectAdapter = {
  ...openaiChatAdapter,
  encodeResponse: (response: CanonicalResponse, _context: ReplyContext) => ({
    text: transcriptOf(response),
    ...encodeUsage(response.usage),
  }),
  createStreamEncoder: () => new TranscriptEncoder(),
  isTerminal: isLast,
  readUsage: readTokens,
};
