import { isObject } from '../../../shared/json';
import type { Account } from '../../../shared/settings';
import { scanMembers } from '../../stream/scan-json';
import type { PlacedCall } from '../provider';
import { placeRoot } from './project';

const VERSION = 'vertex-2023-10-16';
const MEMBERS = new Set(['model', 'anthropic_version']);

/** Vertex AI writes a version with `@`: `claude-sonnet-4-5@20250929` for Anthropic's `claude-sonnet-4-5-20250929`. */
export function vertexModel(model: string): string {
  return model
    .replace(/^\/?(publishers\/anthropic\/models|anthropic)\//, '')
    .replace(/^(claude-.+)-(\d{8})$/, '$1@$2');
}

/**
 * The body with `anthropic_version`, and with another model or none. Long conversations are not parsed: the bytes around the
 * one member stay as they are.
 */
function withVersion(body: Buffer, model: string | undefined): Buffer {
  const version = `"anthropic_version":${JSON.stringify(VERSION)}`;
  const members = scanMembers(body, MEMBERS);
  const span = members?.get('model');
  if (span && !members?.has('anthropic_version')) {
    const colon = body.lastIndexOf(0x3a, span.start - 1);
    const keyEnd = body.lastIndexOf(0x22, colon);
    const keyStart = body.lastIndexOf(0x22, keyEnd - 1);
    const member = model === undefined ? version : `${version},"model":${JSON.stringify(model)}`;
    return Buffer.concat([body.subarray(0, keyStart), Buffer.from(member), body.subarray(span.end)]);
  }
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    if (!isObject(parsed)) return body;
    const { model: _, ...rest } = parsed;
    const named = model === undefined ? {} : { model };
    return Buffer.from(JSON.stringify({ anthropic_version: VERSION, ...named, ...rest }));
  } catch {
    return body;
  }
}

/**
 * A call of the messages API as Vertex AI has it: the model in the path, the version in the body.
 * https://docs.anthropic.com/en/api/claude-on-vertex-ai,
 * https://cloud.google.com/vertex-ai/generative-ai/docs/partner-models/claude/count-tokens
 */
export function placeClaude(
  call: PlacedCall,
  { account, model, streamed }: { account: Account; model: string; streamed: boolean },
): PlacedCall {
  const path = call.path.replace(/\?.*$/, '');
  const models = `${placeRoot(account)}/publishers/anthropic/models`;
  const name = vertexModel(model);
  if (path === '/v1/messages/count_tokens')
    return { path: `${models}/count-tokens:rawPredict`, body: call.body && withVersion(call.body, name) };
  if (path !== '/v1/messages') return call;
  return {
    path: `${models}/${encodeURIComponent(name)}:${streamed ? 'streamRawPredict' : 'rawPredict'}`,
    body: call.body && withVersion(call.body, undefined),
  };
}
