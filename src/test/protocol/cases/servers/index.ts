import type { Dialect } from '../../../../proxy/dialects/canonical';
import { CHAT } from './openai-chat';
import { ANTHROPIC, GEMINI, RESPONSES } from './others';
import type { ServerStream, Streams } from './server-stream';

export type { ServerStream } from './server-stream';

const of = (account: Dialect, streams: Streams) => streams.map((one) => ({ ...one, account }));

export const SERVER_STREAMS: ServerStream[] = [
  ...of('openai-chat', CHAT),
  ...of('anthropic', ANTHROPIC),
  ...of('gemini', GEMINI),
  ...of('openai-responses', RESPONSES),
];
