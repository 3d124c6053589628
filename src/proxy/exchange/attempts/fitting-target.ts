import type { CanonicalRequest } from '../../dialects/canonical';
import { endpointFor } from '../../routing/resolve-model';
import type { Target } from './attempt';
import { modelKey, targetOf } from './candidates';
import type { Core } from '../core';

/** What chat completions can be asked for and the Responses API cannot: audio among it. */
function needsChat(request: CanonicalRequest): boolean {
  const { stop, seed, presencePenalty, frequencyPenalty, candidates, messages } = request;
  const isAudio = (part: { type: string; mediaType?: string }) =>
    part.mediaType?.startsWith('audio/') === true;
  return (
    messages.some(({ role, content }) => role === 'user' && content.some(isAudio)) ||
    (stop !== undefined && stop.length > 0) ||
    seed !== undefined ||
    (presencePenalty ?? 0) !== 0 ||
    (frequencyPenalty ?? 0) !== 0 ||
    (candidates ?? 1) > 1
  );
}

/**
 * The way to an account that loses least: where its provider has both of OpenAI's protocols, one asks over chat
 * completions for what only they have.
 */
export function fittingTarget(core: Core, target: Target, request: CanonicalRequest): Target {
  const { account, endpoint, model } = target;
  if (endpoint.dialect !== 'openai-responses' || !needsChat(request)) return target;
  if (core.responsesOnly.has(modelKey(account, model))) return target;
  const chat = endpointFor(account, 'openai-chat', model);
  return chat?.dialect === 'openai-chat' ? targetOf(account, chat, model) : target;
}
