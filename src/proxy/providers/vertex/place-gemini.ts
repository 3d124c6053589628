import { isObject, type JsonObject } from '../../../shared/json';
import type { Account } from '../../../shared/settings';
import type { PlacedCall } from '../provider';
import { placeRoot } from './project';

const CALL = /^\/v\d\w*\/(?:models|tunedModels)\/([^/:?]+):(\w+)(\?.*)?$/;
/** The fields of Vertex AI's CountTokensRequest. */
const COUNTED = ['contents', 'systemInstruction', 'tools', 'generationConfig'];

/** A model's name as part of a path: Google's own ones have a publisher before them, tuned ones are endpoints. */
function resourceOf(model: string, root: string): string {
  const name = model.replace(/^\/?(models|publishers\/google\/models|google)\//, '');
  if (name.startsWith('projects/')) return `/v1/${name}`;
  if (/^(endpoints|publishers)\//.test(name)) return `${root}/${name}`;
  return `${root}/publishers/google/models/${encodeURIComponent(name)}`;
}

/** Vertex AI counts a bare request, AI Studio one in an envelope. */
function unwrapCount(body: Buffer | null): Buffer | null {
  if (!body?.includes('"generateContentRequest"')) return body;
  try {
    const parsed: unknown = JSON.parse(body.toString('utf8'));
    const whole = isObject(parsed) ? parsed.generateContentRequest : undefined;
    if (!isObject(whole)) return body;
    const counted: JsonObject = {};
    for (const name of COUNTED) if (whole[name] !== undefined) counted[name] = whole[name];
    return Buffer.from(JSON.stringify(counted));
  } catch {
    return body;
  }
}

/**
 * A call of the Gemini API as Vertex AI has it. Bodies are the same but for counting.
 * https://cloud.google.com/vertex-ai/docs/reference/rest/v1/projects.locations.publishers.models
 */
export function placeGemini(
  call: PlacedCall,
  { account, model }: { account: Account; model: string },
): PlacedCall {
  const found = CALL.exec(call.path);
  if (!found) return call;
  const [, named = '', verb = '', query = ''] = found;
  const path = `${resourceOf(model || decodeURIComponent(named), placeRoot(account))}:${verb}${query}`;
  return { path, body: verb === 'countTokens' ? unwrapCount(call.body) : call.body };
}
