/**
 * What chat completions accept, strictly, written apart from the code that makes such requests.
 * https://platform.openai.com/docs/api-reference/chat/create
 */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { problemsOfOpenAiStrict, problemsOfParameters } from '../check/check-tool-schema';
import { Complaints, inner } from './validate-fields';

const FIELDS =
  'model messages audio frequency_penalty function_call functions logit_bias logprobs max_completion_tokens max_tokens metadata modalities n ' +
  'parallel_tool_calls prediction presence_penalty prompt_cache_key prompt_cache_retention reasoning_effort response_format ' +
  'safety_identifier seed service_tier stop store stream stream_options temperature tool_choice tools top_logprobs top_p user verbosity ' +
  'web_search_options';
/** Reasoning that compatible servers want back, and OpenAI itself refuses. */
const REASONING = 'reasoning_content reasoning reasoning_details';
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/**
 * Every reason why a server of chat completions would refuse this body; empty when it is good.
 * @param openai OpenAI itself, which knows fewer fields than the servers that are compatible with it
 */
export function problemsOfOpenaiChat(body: JsonObject, openai = false): string[] {
  return new Validator(body, openai).run();
}

class Validator extends Complaints {
  private readonly declared = new Set<string>();

  constructor(
    private readonly body: JsonObject,
    private readonly openai: boolean,
  ) {
    super();
  }

  run(): string[] {
    const { body } = this;
    this.known(body, FIELDS, '$');
    this.text(body.model, 'model');
    this.settings();
    this.tools();
    this.messages();
    this.format();
    return this.list;
  }

  private settings(): void {
    const { body } = this;
    this.flag(body.stream, 'stream');
    this.flag(body.store, 'store');
    this.flag(body.logprobs, 'logprobs');
    this.range(body.temperature, 'temperature', 0, 2);
    this.range(body.top_p, 'top_p', 0, 1);
    this.range(body.presence_penalty, 'presence_penalty', -2, 2);
    this.range(body.frequency_penalty, 'frequency_penalty', -2, 2);
    this.range(body.n, 'n', 1, 128, true);
    this.range(body.top_logprobs, 'top_logprobs', 0, 20, true);
    this.range(body.max_tokens, 'max_tokens', 1, 10_000_000, true);
    this.range(body.max_completion_tokens, 'max_completion_tokens', 1, 10_000_000, true);
    if (body.max_tokens !== undefined && body.max_completion_tokens !== undefined)
      this.say('max_tokens', 'beside max_completion_tokens');
    if (this.openai && body.max_tokens !== undefined)
      this.say('max_tokens', "Use 'max_completion_tokens' instead");
    if (body.seed !== undefined && !Number.isInteger(body.seed)) this.say('seed', 'is no integer');
    if (body.top_logprobs !== undefined && body.logprobs !== true)
      this.say('top_logprobs', 'without logprobs');
    if (body.stream_options !== undefined && body.stream !== true)
      this.say('stream_options', 'without stream');
    const stops = body.stop === undefined ? [] : [body.stop].flat();
    if (stops.length > 4 || stops.includes('')) this.say('stop', 'has more than 4, or an empty one');
    if (body.reasoning_effort !== undefined)
      this.word(body.reasoning_effort, 'none minimal low medium high xhigh max', 'reasoning_effort');
    for (const key of ['user', 'prompt_cache_key', 'safety_identifier'])
      if (body[key] !== undefined) this.text(body[key], key, 64);
    this.metadata();
  }

  private metadata(): void {
    const { metadata } = this.body;
    if (metadata === undefined) return;
    if (!isObject(metadata) || Object.keys(metadata).length > 16)
      return this.say('metadata', 'is no map of 16');
    for (const [key, value] of Object.entries(metadata))
      if (key.length > 64 || typeof value !== 'string' || value.length > 512)
        this.say(`metadata.${key}`, 'is no short text');
  }

  private tools(): void {
    const { tools, tool_choice: choice } = this.body;
    if (tools !== undefined)
      this.objects(tools, 'tools', 1).forEach((tool, at) => this.tool(tool, `tools[${at}]`));
    const functions =
      this.body.functions === undefined ? [] : this.objects(this.body.functions, 'functions', 1);
    for (const one of functions) this.declared.add(String(one.name));
    if (this.body.parallel_tool_calls !== undefined && tools === undefined)
      this.say('parallel_tool_calls', 'without tools');
    if (choice === undefined) return;
    if (tools === undefined) this.say('tool_choice', 'is only allowed when tools are specified');
    if (typeof choice === 'string') return this.word(choice, 'none auto required', 'tool_choice');
    if (!isObject(choice)) return this.say('tool_choice', 'is no object');
    this.word(choice.type, 'function custom allowed_tools', 'tool_choice.type');
    if (choice.type === 'allowed_tools') return;
    const name = inner(choice, String(choice.type)).name;
    if (!this.declared.has(String(name))) this.say('tool_choice', `no tool ${String(name)}`);
  }

  private tool(tool: JsonObject, path: string): void {
    this.known(tool, 'type function custom', path);
    this.word(tool.type, 'function custom', `${path}.type`);
    const one = inner(tool, String(tool.type));
    if (!NAME.test(String(one.name))) this.say(path, `name ${String(one.name)}`);
    this.unique(String(one.name), this.declared, path);
    if (one.description !== undefined && typeof one.description !== 'string') this.say(path, 'description');
    if (tool.type === 'custom') {
      this.known(one, 'name description format', path);
      if (this.openai || one.format === undefined) return;
      return this.word(inner(one, 'format').type, 'text grammar', `${path}.format`);
    }
    this.known(one, 'name description parameters strict', path);
    if (one.parameters === undefined) return;
    if (!isObject(one.parameters)) return this.say(path, 'parameters are no object');
    const problems =
      one.strict === true ? problemsOfOpenAiStrict(one.parameters) : problemsOfParameters(one.parameters);
    for (const problem of problems) this.say(path, problem);
  }

  private messages(): void {
    const messages = this.objects(this.body.messages, 'messages', 1);
    let open: string[] = [];
    messages.forEach((message, at) => {
      const path = `messages[${at}]`;
      this.word(message.role, 'system developer user assistant tool function', `${path}.role`);
      if (message.role === 'tool') {
        this.known(message, 'role content tool_call_id name', path);
        if (!open.includes(String(message.tool_call_id)))
          this.say(path, `answers no call before it: ${String(message.tool_call_id)}`);
        open = open.filter((id) => id !== message.tool_call_id);
        return this.content(message.content, path, /^text$/, true);
      }
      if (open.length > 0) this.say(path, `tool calls without an answer: ${open.join(', ')}`);
      open = [];
      if (message.role === 'assistant') open = this.assistant(message, path);
      else if (message.role === 'user') {
        this.known(message, 'role content name', path);
        this.content(message.content, path, /^(text|image_url|input_audio|file)$/, true);
      } else if (message.role !== 'function') {
        this.known(message, 'role content name', path);
        this.content(message.content, path, /^text$/, false);
      }
    });
    if (open.length > 0) this.say('messages', `tool calls without an answer: ${open.join(', ')}`);
  }

  private assistant(message: JsonObject, path: string): string[] {
    this.known(
      message,
      `role content name refusal audio tool_calls function_call ${this.openai ? '' : REASONING}`,
      path,
    );
    const { tool_calls: calls, content } = message;
    const says = [calls, message.refusal, message.audio, message.function_call].some(
      (one) => one !== undefined && one !== null,
    );
    if (content === null || content === undefined) {
      if (!says) this.say(path, 'says nothing');
    } else this.content(content, path, /^(text|refusal)$/, true);
    if (calls === undefined) return [];
    const ids = new Set<string>();
    for (const [at, call] of this.objects(calls, `${path}.tool_calls`, 1).entries()) {
      const where = `${path}.tool_calls[${at}]`;
      this.known(call, 'id type function custom', where);
      this.text(call.id, `${where}.id`, 40);
      this.unique(String(call.id), ids, where);
      this.word(call.type, 'function custom', `${where}.type`);
      const one = inner(call, String(call.type));
      if (!NAME.test(String(one.name))) this.say(where, `name ${String(one.name)}`);
      if (call.type === 'function' && !isJsonObject(one.arguments))
        this.say(where, `arguments ${String(one.arguments)}`);
      if (call.type === 'custom' && typeof one.input !== 'string') this.say(where, 'input');
    }
    return [...ids];
  }

  private content(content: Json | undefined, path: string, kinds: RegExp, mayBeEmpty: boolean): void {
    if (typeof content === 'string') {
      if (content === '' && !mayBeEmpty) this.say(path, 'is empty');
      return;
    }
    this.objects(content, path, 1).forEach((part, at) => {
      const where = `${path}.content[${at}]`;
      const type = String(part.type);
      if (!kinds.test(type)) return this.say(where, `no place for ${type}`);
      if (type === 'text' || type === 'refusal') {
        this.known(part, `type ${type}`, where);
        if (typeof part[type] !== 'string') this.say(where, 'is no text');
        return;
      }
      this.known(part, `type ${type}`, where);
      const one = inner(part, type);
      if (type === 'image_url') {
        this.known(one, 'url detail', where);
        this.address(one.url, where);
        if (one.detail !== undefined) this.word(one.detail, 'auto low high', `${where}.detail`);
      } else if (type === 'input_audio') {
        this.word(one.format, 'wav mp3', `${where}.format`);
        this.base64(one.data, `${where}.data`);
      } else {
        this.known(one, 'file_data file_id filename', where);
        if (one.file_data !== undefined && !/^data:[\w.+-]+\/[\w.+-]+;base64,/.test(String(one.file_data)))
          this.say(where, 'file_data');
      }
    });
  }

  private address(url: Json | undefined, path: string): void {
    if (!/^(https?:\/\/|data:image\/[\w.+-]+;base64,[A-Za-z0-9+/=_-]+$)/.test(String(url)))
      this.say(path, `url ${String(url).slice(0, 40)}`);
  }

  private format(): void {
    const { response_format: format } = this.body;
    if (format === undefined) return;
    if (!isObject(format)) return this.say('response_format', 'is no object');
    this.word(format.type, 'text json_object json_schema', 'response_format.type');
    this.known(format, format.type === 'json_schema' ? 'type json_schema' : 'type', 'response_format');
    if (format.type === 'json_object' && !/json/i.test(JSON.stringify(this.body.messages)))
      this.say('response_format', "'messages' must contain the word 'json' in some form");
    if (format.type !== 'json_schema') return;
    const one = inner(format, 'json_schema');
    this.known(one, 'name description schema strict', 'response_format.json_schema');
    if (!NAME.test(String(one.name))) this.say('response_format', `name ${String(one.name)}`);
    for (const problem of one.strict === true
      ? problemsOfOpenAiStrict(inner(one, 'schema'))
      : problemsOfParameters(inner(one, 'schema')))
      this.say('response_format', problem);
  }
}

/** Whether this text is JSON of an object. */
export function isJsonObject(text: Json | undefined): boolean {
  try {
    return isObject(JSON.parse(String(text)) as Json);
  } catch {
    return false;
  }
}
