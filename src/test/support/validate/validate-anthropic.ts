/**
 * What the Messages API accepts, strictly, written apart from the code that makes such requests.
 * https://platform.claude.com/docs/en/api/messages
 */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { problemsOfAnthropicStrict, problemsOfParameters } from '../check/check-tool-schema';
import { Complaints, inner } from './validate-fields';

const FIELDS =
  'model max_tokens messages system tools tool_choice thinking output_config metadata stop_sequences stream temperature top_p top_k ' +
  'service_tier container context_management mcp_servers cache_control inference_geo speed';

const BLOCKS: Record<string, string> = {
  text: 'type text cache_control citations',
  image: 'type source cache_control',
  document: 'type source cache_control citations context title',
  search_result: 'type source title content cache_control citations',
  thinking: 'type thinking signature',
  redacted_thinking: 'type data',
  tool_use: 'type id name input cache_control caller',
  tool_result: 'type tool_use_id content is_error cache_control',
  tool_reference: 'type tool_name cache_control',
  server_tool_use: 'type id name input cache_control caller',
  mcp_tool_use: 'type id name input server_name cache_control',
  mcp_tool_result: 'type tool_use_id content is_error cache_control',
  web_search_tool_result: 'type tool_use_id content cache_control caller',
  web_fetch_tool_result: 'type tool_use_id content cache_control caller',
  tool_search_tool_result: 'type tool_use_id content cache_control',
  code_execution_tool_result: 'type tool_use_id content cache_control',
  bash_code_execution_tool_result: 'type tool_use_id content cache_control',
  text_editor_code_execution_tool_result: 'type tool_use_id content cache_control',
  compaction: 'type content cache_control',
};
/** Who may say which kinds of blocks. */
const OF_ASSISTANT =
  /^(text|thinking|redacted_thinking|tool_use|server_tool_use|mcp_tool_|compaction|\w+_tool_result$)/;
const OF_USER = /^(text|image|document|search_result|tool_result|tool_reference)$/;

const TOOL =
  'name description input_schema type cache_control strict defer_loading allowed_callers eager_input_streaming input_examples';
const BUILT_IN =
  /^(bash|text_editor|computer|memory|web_search|web_fetch|code_execution|tool_search_tool_(regex|bm25))_\d{8}$|^mcp_toolset$/;

/** Every reason why the Messages API would refuse this body; empty when it is good. */
export function problemsOfAnthropic(body: JsonObject): string[] {
  return new Validator(body).run();
}

class Validator extends Complaints {
  private marks = 0;
  private readonly callIds = new Set<string>();

  constructor(private readonly body: JsonObject) {
    super();
  }

  run(): string[] {
    const { body } = this;
    this.known(body, FIELDS, '$');
    this.text(body.model, 'model');
    this.range(body.max_tokens ?? 0, 'max_tokens', 1, 1_000_000, true);
    this.flag(body.stream, 'stream');
    this.range(body.temperature, 'temperature', 0, 1);
    this.range(body.top_p, 'top_p', 0, 1);
    this.range(body.top_k, 'top_k', 0, 500, true);
    if (body.system !== undefined && typeof body.system !== 'string')
      this.blocks(body.system, 'system', /^text$/);
    if (body.stop_sequences !== undefined)
      for (const one of [body.stop_sequences].flat() as Json[])
        if (typeof one !== 'string' || one.trim() === '') this.say('stop_sequences', 'blank');
    if (body.metadata !== undefined) {
      this.known(inner(body, 'metadata'), 'user_id', 'metadata');
      this.text(inner(body, 'metadata').user_id, 'metadata.user_id', 256);
    }
    this.tools();
    this.output();
    this.messages();
    this.thinking();
    this.count(body);
    if (this.marks > 4) this.say('cache_control', `${this.marks} blocks are marked, 4 may be`);
    return this.list;
  }

  private count(value: Json | undefined): void {
    if (Array.isArray(value)) value.forEach((one) => this.count(one));
    if (!isObject(value)) return;
    for (const [key, one] of Object.entries(value)) {
      if (key === 'input' || key === 'input_schema' || key === 'schema') continue;
      if (key === 'cache_control' && value !== this.body && one !== null) {
        this.marks++;
        if (!isObject(one) || one.type !== 'ephemeral') this.say('cache_control', JSON.stringify(one));
        if (value.type === 'thinking' || value.text === '')
          this.say('cache_control', 'on thinking or on empty text');
      } else this.count(one);
    }
  }

  private tools(): void {
    const { tools, tool_choice: choice } = this.body;
    const seen = new Set<string>();
    for (const [at, tool] of (tools === undefined ? [] : this.objects(tools, 'tools')).entries()) {
      const path = `tools[${at}]`;
      if (typeof tool.type === 'string' && tool.type !== 'custom') {
        if (!BUILT_IN.test(tool.type)) this.say(path, `unknown type ${tool.type}`);
        this.unique(String(tool.name ?? tool.mcp_server_name), seen, path);
        continue;
      }
      this.known(tool, TOOL, path);
      if (!/^[a-zA-Z0-9_-]{1,128}$/.test(String(tool.name))) this.say(path, `name ${String(tool.name)}`);
      this.unique(String(tool.name), seen, path);
      if (!isObject(tool.input_schema)) this.say(path, 'no input_schema');
      else
        for (const problem of tool.strict === true
          ? problemsOfAnthropicStrict(tool.input_schema)
          : problemsOfParameters(tool.input_schema))
          this.say(path, problem);
    }
    if (choice === undefined) return;
    if (!isObject(choice)) return this.say('tool_choice', 'is no object');
    this.word(choice.type, 'auto any tool none', 'tool_choice.type');
    this.known(
      choice,
      `type${choice.type === 'none' ? '' : ' disable_parallel_tool_use'} name`,
      'tool_choice',
    );
    if (seen.size === 0) this.say('tool_choice', 'may only be said with tools');
    if (choice.type === 'tool' && !seen.has(String(choice.name)))
      this.say('tool_choice', `no tool ${String(choice.name)}`);
  }

  private output(): void {
    const config = this.body.output_config;
    if (config === undefined) return;
    if (!isObject(config)) return this.say('output_config', 'is no object');
    this.known(config, 'effort format task_budget', 'output_config');
    if (config.effort !== undefined)
      this.word(config.effort, 'low medium high xhigh max', 'output_config.effort');
    if (!isObject(config.format)) return;
    this.known(config.format, 'type schema', 'output_config.format');
    this.word(config.format.type, 'json_schema', 'output_config.format.type');
    for (const problem of problemsOfAnthropicStrict(inner(config.format, 'schema')))
      this.say('output_config.format', problem);
  }

  private messages(): void {
    const messages = this.objects(this.body.messages, 'messages', 1);
    let open: string[] = [];
    messages.forEach((message, at) => {
      const path = `messages[${at}]`;
      this.known(message, 'role content', path);
      this.word(message.role, at === 0 ? 'user' : 'user assistant system', `${path}.role`);
      const last = at === messages.length - 1;
      const assistant = message.role === 'assistant';
      if (message.role !== 'system' && messages[at - 1]?.role === message.role)
        this.say(path, `two messages of the ${String(message.role)} in a row`);
      const blocks = this.content(
        message.content,
        path,
        assistant ? OF_ASSISTANT : OF_USER,
        last && assistant,
      );
      this.answers(blocks, open, path);
      open = blocks.filter((block) => block.type === 'tool_use').map((block) => String(block.id));
      const end = blocks.at(-1);
      if (assistant && last && end?.type === 'text' && /\s$/.test(String(end.text)))
        this.say(path, 'final assistant content cannot end with trailing whitespace');
      if (assistant && last && open.length > 0) this.say(path, 'ends with a call');
      if (assistant && String(end?.type).endsWith('thinking')) this.say(path, 'the last block is thinking');
    });
  }

  /** All calls of the message before are answered at the start of this one, and nothing else is. */
  private answers(blocks: JsonObject[], open: string[], path: string): void {
    const results = blocks
      .filter((block) => block.type === 'tool_result')
      .map((block) => String(block.tool_use_id));
    for (const id of open) if (!results.includes(id)) this.say(path, `no tool_result for ${id}`);
    for (const id of results) if (!open.includes(id)) this.say(path, `unexpected tool_use_id ${id}`);
    if (new Set(results).size < results.length) this.say(path, 'two results of one call');
    if (open.length > 0 && blocks.slice(0, results.length).some((block) => block.type !== 'tool_result'))
      this.say(path, 'results do not come first');
  }

  private content(value: Json | undefined, path: string, kinds: RegExp, mayBeEmpty = false): JsonObject[] {
    if (typeof value === 'string') {
      if (value.trim() === '' && !mayBeEmpty) this.say(path, 'blank text');
      return [{ type: 'text', text: value }];
    }
    return this.blocks(value, path, kinds, mayBeEmpty);
  }

  private blocks(value: Json | undefined, path: string, kinds: RegExp, mayBeEmpty = false): JsonObject[] {
    const blocks = this.objects(value, path, mayBeEmpty ? 0 : 1);
    blocks.forEach((block, at) => this.block(block, `${path}[${at}]`, kinds));
    return blocks;
  }

  private block(block: JsonObject, path: string, kinds: RegExp): void {
    const type = String(block.type);
    const fields = BLOCKS[type];
    if (fields === undefined || !kinds.test(type)) return this.say(path, `no place for ${type}`);
    this.known(block, fields, path);
    switch (type) {
      case 'text':
        if (typeof block.text !== 'string' || block.text.trim() === '') this.say(path, 'blank text');
        return;
      case 'thinking':
        this.text(block.signature, `${path}.signature`);
        if (typeof block.thinking !== 'string') this.say(path, 'no thinking');
        return;
      case 'redacted_thinking':
        this.text(block.data, `${path}.data`);
        return;
      case 'tool_use':
        if (!/^[a-zA-Z0-9_-]+$/.test(String(block.id))) this.say(path, `id ${String(block.id)}`);
        if (!/^[a-zA-Z0-9_-]{1,200}$/.test(String(block.name))) this.say(path, `name ${String(block.name)}`);
        if (!isObject(block.input)) this.say(path, 'input is no object');
        this.unique(String(block.id), this.callIds, path);
        return;
      case 'tool_result': {
        const { content } = block;
        if (Array.isArray(content))
          this.blocks(content, path, /^(text|image|document|search_result|tool_reference)$/, true);
        if (
          block.is_error === true &&
          (content === undefined || content === '' || (Array.isArray(content) && content.length === 0))
        )
          this.say(path, 'content cannot be empty if is_error is true');
        return;
      }
      case 'image':
      case 'document':
        this.source(inner(block, 'source'), `${path}.source`, type);
        return;
      default:
    }
  }

  private source(source: JsonObject, path: string, type: string): void {
    switch (source.type) {
      case 'base64':
        this.known(source, 'type media_type data', path);
        this.word(
          source.media_type,
          type === 'image' ? 'image/jpeg image/png image/gif image/webp' : 'application/pdf',
          `${path}.media_type`,
        );
        return this.base64(source.data, `${path}.data`);
      case 'url':
        if (!/^https?:\/\//.test(String(source.url))) this.say(path, `url ${String(source.url)}`);
        return;
      case 'text':
        return this.word(source.media_type, 'text/plain', `${path}.media_type`);
      case 'file':
      case 'content':
        return;
      default:
        this.say(path, `type ${String(source.type)}`);
    }
  }

  private thinking(): void {
    const {
      thinking,
      max_tokens: max,
      temperature,
      top_p: topP,
      top_k: topK,
      tool_choice: choice,
    } = this.body;
    if (thinking === undefined) return;
    if (!isObject(thinking)) return this.say('thinking', 'is no object');
    this.word(thinking.type, 'enabled disabled adaptive', 'thinking.type');
    this.known(
      thinking,
      `type ${thinking.type === 'disabled' ? '' : 'display'} ${thinking.type === 'enabled' ? 'budget_tokens' : ''}`,
      'thinking',
    );
    if (thinking.type === 'disabled') return;
    if (thinking.type === 'enabled')
      this.range(thinking.budget_tokens ?? 0, 'thinking.budget_tokens', 1024, Number(max) - 1, true);
    if (temperature !== undefined && temperature !== 1)
      this.say('temperature', 'may only be 1 when thinking');
    if (topK !== undefined) this.say('top_k', 'must be unset when thinking');
    if (typeof topP === 'number' && topP < 0.95) this.say('top_p', 'must be 0.95 or more when thinking');
    if (isObject(choice) && (choice.type === 'any' || choice.type === 'tool'))
      this.say('tool_choice', 'thinking may not be enabled when it forces tool use');
    const messages = this.objects(this.body.messages, 'messages');
    if (messages.at(-1)?.role === 'assistant') this.say('messages', 'no prefill when thinking');
    if (thinking.type !== 'enabled') return;
    const [asked, results] = messages.slice(-2);
    const blocks = Array.isArray(asked?.content) ? asked.content.filter(isObject) : [];
    const inLoop =
      Array.isArray(results?.content) &&
      results.content.some((one) => isObject(one) && one.type === 'tool_result');
    if (asked?.role === 'assistant' && inLoop && !String(blocks[0]?.type).endsWith('thinking'))
      this.say('messages', 'a final assistant message must start with a thinking block');
  }
}
