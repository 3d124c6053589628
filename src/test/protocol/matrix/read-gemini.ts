/** What an upstream for generateContent was asked. */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { member, textMember } from '../../support/stream-reading';
import { objects, present } from './neutral';
import type { Ask, Call, Part, Result, Turn } from './neutral';

function readPart(part: JsonObject): Part {
  if (typeof part.text === 'string') return { type: 'text', text: part.text };
  const inline = member(part, 'inlineData');
  const file = member(part, 'fileData');
  const mediaType = textMember(inline, 'mimeType') || textMember(file, 'mimeType');
  const data = textMember(inline, 'data');
  if (mediaType === 'application/pdf') return { type: 'pdf', data };
  if (mediaType.startsWith('audio/')) return { type: 'audio', data };
  if (!mediaType.startsWith('image/')) throw new Error(`a part with ${Object.keys(part).join(', ')}`);
  return data ? { type: 'image', mediaType, data } : { type: 'image', url: textMember(file, 'fileUri') };
}

function readResult(response: JsonObject): Result {
  const { error, output, result } = member(response, 'response');
  const said = error ?? output ?? result;
  return {
    id: textMember(response, 'id'),
    parts: [
      { type: 'text', text: typeof said === 'string' ? said : JSON.stringify(said) },
      ...objects(response.parts).map(readPart),
    ],
    ...(error !== undefined && { error: true }),
  };
}

function readContent(content: JsonObject): Turn[] {
  const parts = objects(content.parts);
  if (parts.length === 0) throw new Error('contents.parts must not be empty');
  if (content.role === 'model') {
    const calls = parts
      .filter((part) => isObject(part.functionCall))
      .map((part): Call => {
        const call = member(part, 'functionCall');
        return {
          id: textMember(call, 'id'),
          name: textMember(call, 'name'),
          input: JSON.stringify(member(call, 'args')),
        };
      });
    const said = parts.filter((part) => part.thought !== true).map((part) => textMember(part, 'text'));
    return [{ role: 'assistant', text: said.join(''), ...(calls.length > 0 && { calls }) }];
  }
  const results = parts.filter((part) => isObject(part.functionResponse));
  const rest = parts.filter((part) => !isObject(part.functionResponse)).map(readPart);
  return [
    ...(results.length > 0
      ? [
          {
            role: 'tool' as const,
            results: results.map((part) => readResult(member(part, 'functionResponse'))),
          },
        ]
      : []),
    ...(rest.length > 0 ? [{ role: 'user' as const, parts: rest }] : []),
  ];
}

function readChoice(config: JsonObject): Ask['choice'] {
  const allowed = Array.isArray(config.allowedFunctionNames) ? config.allowedFunctionNames : [];
  switch (config.mode) {
    case undefined:
      return undefined;
    case 'ANY':
      if (allowed.length > 1) return { some: allowed.map(String) };
      return allowed.length > 0 ? { tool: String(allowed[0]) } : 'required';
    default:
      return config.mode === 'NONE' ? 'none' : 'auto';
  }
}

/** Each response names the function that was called under its id. */
function checkNames(parts: JsonObject[]): void {
  const names = new Map<string, string>();
  for (const part of parts) {
    const call = member(part, 'functionCall');
    const response = member(part, 'functionResponse');
    names.set(textMember(call, 'id'), textMember(call, 'name'));
    if (isObject(part.functionResponse) && names.get(textMember(response, 'id')) !== response.name)
      throw new Error(`${String(response.name)} answers a call of ${names.get(textMember(response, 'id'))}`);
  }
}

const number = (value: Json | undefined) => (typeof value === 'number' ? value : undefined);

/** Fields that the API refuses as unknown names. */
const UNKNOWN = ['user', 'metadata', 'model', 'stream', 'cache_control', 'prompt_cache_key'];

/** The body of a generateContent request as a conversation. Throws on what the protocol does not allow. */
export function readGemini(body: JsonObject): Ask {
  for (const field of UNKNOWN) if (field in body) throw new Error(`Unknown name "${field}"`);
  const config = member(body, 'generationConfig');
  const thinking = member(config, 'thinkingConfig');
  const contents = objects(body.contents);
  contents.forEach((content, index) => {
    if (content.role !== (index % 2 === 0 ? 'user' : 'model')) throw new Error('turns must alternate');
  });
  checkNames(contents.flatMap((content) => objects(content.parts)));
  const system = objects(member(body, 'systemInstruction').parts).map((part) => textMember(part, 'text'));
  const tools = objects(body.tools)
    .flatMap((tool) => objects(tool.functionDeclarations))
    .map((tool) =>
      present<NonNullable<Ask['tools']>[number]>({
        name: textMember(tool, 'name'),
        description: textMember(tool, 'description') || undefined,
        parameters: isObject(tool.parametersJsonSchema) ? tool.parametersJsonSchema : undefined,
      }),
    );
  const schema = config.responseJsonSchema;
  const level = textMember(thinking, 'thinkingLevel').toLowerCase();
  return present<Ask>({
    turns: [
      ...(system.length > 0 ? [{ role: 'system' as const, texts: system }] : []),
      ...contents.flatMap(readContent),
    ],
    tools: tools.length > 0 ? tools : undefined,
    webSearch: objects(body.tools).some((tool) => isObject(tool.googleSearch)) ? true : undefined,
    choice: readChoice(member(member(body, 'toolConfig'), 'functionCallingConfig')),
    maxTokens: number(config.maxOutputTokens),
    temperature: number(config.temperature),
    topP: number(config.topP),
    topK: number(config.topK),
    stop: Array.isArray(config.stopSequences) ? (config.stopSequences as string[]) : undefined,
    seed: number(config.seed),
    presencePenalty: number(config.presencePenalty),
    frequencyPenalty: number(config.frequencyPenalty),
    n: number(config.candidateCount),
    logprobs: config.responseLogprobs === true ? (number(config.logprobs) ?? 0) : undefined,
    format: isObject(schema)
      ? { name: '', schema }
      : config.responseMimeType === 'application/json'
        ? 'json'
        : undefined,
    thinking:
      Object.keys(thinking).length === 0
        ? undefined
        : present({ effort: level || undefined, budget: number(thinking.thinkingBudget) }),
  });
}
