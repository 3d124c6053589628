/**
 * What Gemini's `generateContent` accepts, strictly, written apart from the code that makes such requests.
 * https://ai.google.dev/api/generate-content, https://ai.google.dev/api/caching
 */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { problemsOf } from '../../unit/proxy/dialects/json-schema/gemini-schema-checker';
import { Complaints, inner } from './validate-fields';

const GENERATION =
  'stopSequences responseMimeType responseSchema responseJsonSchema responseModalities candidateCount maxOutputTokens temperature topP ' +
  'topK seed presencePenalty frequencyPenalty responseLogprobs logprobs enableEnhancedCivicAnswers speechConfig thinkingConfig imageConfig ' +
  'mediaResolution';
const DATA = 'text inlineData fileData functionCall functionResponse executableCode codeExecutionResult';
const PART = `${DATA} thought thoughtSignature videoMetadata mediaResolution partMetadata`;
const TOOL =
  'functionDeclarations googleSearch googleSearchRetrieval codeExecution urlContext computerUse fileSearch googleMaps';

/** Every reason why Gemini would refuse this body for that model; empty when it is good. */
export function problemsOfGemini(body: JsonObject, model: string): string[] {
  return new Validator(body, Number(/gemini-(\d+)/.exec(model)?.[1] ?? 0)).run();
}

class Validator extends Complaints {
  private readonly declared = new Set<string>();

  constructor(
    private readonly body: JsonObject,
    private readonly version: number,
  ) {
    super();
  }

  run(): string[] {
    const { body } = this;
    this.known(
      body,
      'contents systemInstruction tools toolConfig safetySettings generationConfig cachedContent store serviceTier',
      '$',
    );
    if (body.systemInstruction !== undefined) {
      this.known(inner(body, 'systemInstruction'), 'role parts', 'systemInstruction');
      for (const [at, part] of this.objects(
        inner(body, 'systemInstruction').parts,
        'systemInstruction.parts',
        1,
      ).entries())
        if (typeof part.text !== 'string' || part.text === '')
          this.say(`systemInstruction.parts[${at}]`, 'is no text');
    }
    this.tools();
    this.generation();
    this.contents();
    return this.list;
  }

  private tools(): void {
    const { tools, toolConfig } = this.body;
    const kinds = new Set<string>();
    for (const [at, tool] of (tools === undefined ? [] : this.objects(tools, 'tools')).entries()) {
      const path = `tools[${at}]`;
      this.known(tool, TOOL, path);
      if (Object.keys(tool).length === 0) this.say(path, 'is empty');
      Object.keys(tool).forEach((kind) => kinds.add(kind));
      if (tool.functionDeclarations === undefined) continue;
      this.objects(tool.functionDeclarations, path, 1).forEach((one, index) =>
        this.declaration(one, `${path}.functionDeclarations[${index}]`),
      );
    }
    if (kinds.has('functionDeclarations') && kinds.size > 1)
      this.say('tools', 'Tool use with function calling is unsupported');
    if (toolConfig === undefined) return;
    const config = isObject(toolConfig) ? inner(toolConfig, 'functionCallingConfig') : {};
    if (isObject(toolConfig)) this.known(toolConfig, 'functionCallingConfig retrievalConfig', 'toolConfig');
    this.known(config, 'mode allowedFunctionNames', 'toolConfig.functionCallingConfig');
    if (config.mode !== undefined) this.word(config.mode, 'AUTO ANY NONE VALIDATED', 'toolConfig.mode');
    if (Object.keys(config).length > 0 && this.declared.size === 0)
      this.say('toolConfig', 'Function calling config is set without function_declarations');
    const names = Array.isArray(config.allowedFunctionNames) ? config.allowedFunctionNames : [];
    if (names.length > 0 && !['ANY', 'VALIDATED'].includes(String(config.mode)))
      this.say('toolConfig', 'allowed names without mode ANY');
    for (const name of names)
      if (!this.declared.has(String(name))) this.say('toolConfig', `no function ${String(name)}`);
  }

  private declaration(one: JsonObject, path: string): void {
    this.known(
      one,
      'name description parameters parametersJsonSchema response responseJsonSchema behavior',
      path,
    );
    if (!/^[a-zA-Z_][a-zA-Z0-9_.:-]{0,127}$/.test(String(one.name)))
      this.say(path, `name ${String(one.name)}`);
    this.unique(String(one.name), this.declared, path);
    if (one.description !== undefined && typeof one.description !== 'string') this.say(path, 'description');
    if (one.parameters !== undefined && one.parametersJsonSchema !== undefined)
      this.say(path, 'both kinds of parameters');
    const problems = [
      ...(one.parameters === undefined ? [] : problemsOf(one.parameters, 'gemini')),
      ...(one.parametersJsonSchema === undefined
        ? []
        : problemsOf(one.parametersJsonSchema, 'gemini-json-schema')),
    ];
    for (const problem of problems) this.say(path, problem);
  }

  private generation(): void {
    const config = inner(this.body, 'generationConfig');
    const path = 'generationConfig';
    this.known(config, GENERATION, path);
    this.range(config.temperature, `${path}.temperature`, 0, 2);
    this.range(config.topP, `${path}.topP`, 0, 1);
    this.range(config.topK, `${path}.topK`, 1, 1000, true);
    this.range(config.candidateCount, `${path}.candidateCount`, 1, 8, true);
    this.range(config.maxOutputTokens, `${path}.maxOutputTokens`, 1, 2 ** 31 - 1, true);
    this.range(config.seed, `${path}.seed`, -(2 ** 31), 2 ** 31 - 1, true);
    this.range(config.presencePenalty, `${path}.presencePenalty`, -2, 2);
    this.range(config.frequencyPenalty, `${path}.frequencyPenalty`, -2, 2);
    this.range(config.logprobs, `${path}.logprobs`, 0, 20, true);
    if (config.logprobs !== undefined && config.responseLogprobs !== true)
      this.say(path, 'logprobs without responseLogprobs');
    const { stopSequences: stop } = config;
    if (
      stop !== undefined &&
      (!Array.isArray(stop) || stop.length === 0 || stop.length > 5 || stop.includes(''))
    )
      this.say(path, 'stopSequences');
    const asJson = /json/.test(String(config.responseMimeType));
    if (config.responseSchema !== undefined && config.responseJsonSchema !== undefined)
      this.say(path, 'both kinds of schemas');
    if ((config.responseSchema ?? config.responseJsonSchema) !== undefined && !asJson)
      this.say(path, 'a schema without application/json');
    if (config.responseJsonSchema !== undefined)
      for (const problem of problemsOf(config.responseJsonSchema, 'gemini-json-schema'))
        this.say(path, problem);
    // https://ai.google.dev/gemini-api/docs/structured-output: together with tools from Gemini 3 on.
    if (asJson && this.version > 0 && this.version < 3 && this.body.tools !== undefined)
      this.say(path, "Function calling with a response mime type: 'application/json' is unsupported");
    const thinking = inner(config, 'thinkingConfig');
    this.known(thinking, 'includeThoughts thinkingBudget thinkingLevel', `${path}.thinkingConfig`);
    if (thinking.thinkingBudget !== undefined && thinking.thinkingLevel !== undefined)
      this.say(path, 'thinking budget and level');
    if (thinking.thinkingLevel !== undefined) {
      this.word(
        String(thinking.thinkingLevel).toLowerCase(),
        'minimal low medium high',
        `${path}.thinkingLevel`,
      );
      if (this.version > 0 && this.version < 3)
        this.say(path, 'Thinking level is not supported for this model');
    }
  }

  private contents(): void {
    const contents = this.objects(this.body.contents, 'contents', 1);
    const own = contents.findLastIndex(
      (one) => one.role !== 'model' && this.parts(one).every((part) => part.functionResponse === undefined),
    );
    let open: JsonObject[] = [];
    contents.forEach((content, at) => {
      const path = `contents[${at}]`;
      this.known(content, 'role parts', path);
      if (content.role !== undefined || contents.length > 1)
        this.word(content.role, 'user model', `${path}.role`);
      const parts = this.objects(content.parts, `${path}.parts`, 1);
      parts.forEach((part, index) => this.part(part, `${path}.parts[${index}]`, content.role));
      const calls = parts.flatMap((part) => (isObject(part.functionCall) ? [part.functionCall] : []));
      const responses = parts.flatMap((part) =>
        isObject(part.functionResponse) ? [part.functionResponse] : [],
      );
      if (calls.length > 0 && (at === 0 || contents[at - 1]?.role === 'model'))
        this.say(
          path,
          'a function call turn comes immediately after a user turn or after a function response turn',
        );
      if (responses.length !== open.length)
        this.say(
          path,
          'the number of function response parts is equal to the number of function call parts of the function call turn',
        );
      responses.forEach((one, index) => {
        const call = open.find((each) => each.id !== undefined && each.id === one.id) ?? open[index];
        if (call && call.name !== one.name)
          this.say(path, `a response of ${String(one.name)} to a call of ${String(call.name)}`);
      });
      if (this.version >= 3 && at > own && calls.length > 0) {
        const first = parts.find((part) => part.functionCall !== undefined);
        if (typeof first?.thoughtSignature !== 'string')
          this.say(path, 'Function call is missing a thought_signature');
      }
      open = calls;
    });
    if (open.length > 0 && contents.length > 0 && contents.at(-1)?.role !== 'model')
      this.say('contents', 'an open call');
  }

  private parts(content: JsonObject): JsonObject[] {
    return Array.isArray(content.parts) ? content.parts.filter(isObject) : [];
  }

  private part(part: JsonObject, path: string, role: Json | undefined): void {
    this.known(part, PART, path);
    const data = DATA.split(' ').filter((key) => part[key] !== undefined);
    if (data.length !== 1)
      this.say(path, `required oneof field 'data' must have one initialized field: ${data.join(', ')}`);
    if (part.text === '' && part.thoughtSignature === undefined) this.say(path, 'empty text');
    if (part.thoughtSignature !== undefined) this.text(part.thoughtSignature, `${path}.thoughtSignature`);
    if (part.thought === true && role !== 'model') this.say(path, 'a thought of the user');
    if (isObject(part.inlineData)) {
      this.text(part.inlineData.mimeType, `${path}.inlineData.mimeType`);
      if (String(part.inlineData.mimeType).includes('*')) this.say(path, 'vague media type');
      this.base64(part.inlineData.data, `${path}.inlineData.data`);
    }
    if (isObject(part.functionCall)) {
      this.known(part.functionCall, 'id name args', `${path}.functionCall`);
      this.text(part.functionCall.name, `${path}.functionCall.name`);
      if (part.functionCall.args !== undefined && !isObject(part.functionCall.args))
        this.say(path, 'args are no object');
      if (role !== 'model') this.say(path, 'a call of the user');
    }
    if (isObject(part.functionResponse)) {
      this.known(
        part.functionResponse,
        'id name response willContinue scheduling parts',
        `${path}.functionResponse`,
      );
      this.text(part.functionResponse.name, `${path}.functionResponse.name`);
      if (!isObject(part.functionResponse.response)) this.say(path, 'response is no object');
      if (role === 'model') this.say(path, 'a response of the model');
      if (part.functionResponse.parts !== undefined && this.version > 0 && this.version < 3)
        this.say(path, 'media in a response');
    }
  }
}
