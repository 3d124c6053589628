/**
 * What the Responses API accepts, strictly, written apart from the code that makes such requests.
 * https://platform.openai.com/docs/api-reference/responses/create
 */
import { isObject } from '../../../shared/json';
import type { Json, JsonObject } from '../../../shared/json';
import { problemsOfOpenAiStrict, problemsOfParameters } from '../check/check-tool-schema';
import { Complaints, inner } from './validate-fields';

const FIELDS =
  'background client_metadata context_management conversation include input instructions max_output_tokens max_tool_calls metadata model ' +
  'parallel_tool_calls previous_response_id prompt prompt_cache_key prompt_cache_retention reasoning safety_identifier service_tier store ' +
  'stream stream_options temperature text tool_choice tools top_logprobs top_p truncation user';
const INCLUDE =
  'file_search_call.results web_search_call.results web_search_call.action.sources message.input_image.image_url ' +
  'computer_call_output.output.image_url code_interpreter_call.outputs reasoning.encrypted_content message.output_text.logprobs';
const BUILT_IN =
  /^(web_search(_preview)?(_\d{4}_\d{2}_\d{2})?|file_search|code_interpreter|image_generation|computer(_use_preview)?|mcp|local_shell|shell|apply_patch|tool_search)$/;
/** Items with the fields that they may have, and the beginning of their ids. */
const ITEMS: Record<string, [fields: string, prefix?: string]> = {
  message: ['type id role content status phase', 'msg_'],
  reasoning: ['type id summary content encrypted_content status', 'rs_'],
  function_call: ['type id call_id name namespace arguments status caller', 'fc_'],
  custom_tool_call: ['type id call_id name namespace input status caller', 'ctc_'],
  function_call_output: ['type id call_id output status caller'],
  custom_tool_call_output: ['type id call_id output status caller'],
  local_shell_call: ['type id call_id action status', 'lsh_'],
  local_shell_call_output: ['type id call_id output status'],
  shell_call: ['type id call_id action status environment', 'sh_'],
  shell_call_output: ['type id call_id output max_output_length status'],
  apply_patch_call: ['type id call_id operation status', 'apc_'],
  apply_patch_call_output: ['type id call_id output status'],
  tool_search_call: ['type id call_id arguments execution status', 'ts'],
  tool_search_output: ['type id call_id execution status tools'],
  additional_tools: ['type id role tools'],
  web_search_call: ['type id action status', 'ws_'],
  file_search_call: ['type id queries results status', 'fs_'],
  image_generation_call: ['type id result status', 'ig_'],
  code_interpreter_call: ['type id code container_id outputs status', 'ci_'],
  mcp_call: ['type id name server_label arguments output error status', 'mcp_'],
  compaction: ['type id encrypted_content', 'cmp_'],
  item_reference: ['type id'],
};
const CALLS = ['function_call', 'custom_tool_call', 'local_shell_call', 'shell_call', 'apply_patch_call'];
const PARTS: Record<string, string> = {
  input_text: 'type text',
  input_image: 'type image_url file_id detail',
  input_file: 'type file_data file_id file_url filename detail',
  output_text: 'type text annotations logprobs',
  refusal: 'type refusal',
  encrypted_content: 'type encrypted_content',
};
const NAME = /^[a-zA-Z0-9_-]{1,64}$/;

/** Every reason why the Responses API would refuse this body; empty when it is good. */
export function problemsOfOpenaiResponses(body: JsonObject): string[] {
  return new Validator(body).run();
}

class Validator extends Complaints {
  private readonly declared = new Set<string>();

  constructor(private readonly body: JsonObject) {
    super();
  }

  run(): string[] {
    const { body } = this;
    this.known(body, FIELDS, '$');
    this.text(body.model, 'model');
    this.settings();
    this.tools();
    if (typeof body.input !== 'string') this.input();
    this.format();
    return this.list;
  }

  private settings(): void {
    const { body } = this;
    this.flag(body.stream, 'stream');
    this.flag(body.store, 'store');
    this.range(body.temperature, 'temperature', 0, 2);
    this.range(body.top_p, 'top_p', 0, 1);
    this.range(body.top_logprobs, 'top_logprobs', 0, 20, true);
    this.range(body.max_output_tokens, 'max_output_tokens', 16, 10_000_000, true);
    if (body.instructions !== undefined && typeof body.instructions !== 'string')
      this.say('instructions', 'is no text');
    if (body.stream_options !== undefined && body.stream !== true)
      this.say('stream_options', 'without stream');
    for (const one of body.include === undefined ? [] : [body.include].flat())
      this.word(one, INCLUDE, 'include');
    for (const key of ['user', 'prompt_cache_key', 'safety_identifier'])
      if (body[key] !== undefined) this.text(body[key], key, 64);
    const { reasoning } = body;
    if (reasoning === undefined) return;
    if (!isObject(reasoning)) return this.say('reasoning', 'is no object');
    this.known(reasoning, 'effort summary generate_summary context', 'reasoning');
    if (reasoning.effort !== undefined && reasoning.effort !== null)
      this.word(reasoning.effort, 'none minimal low medium high xhigh max', 'reasoning.effort');
    if (reasoning.summary !== undefined && reasoning.summary !== null)
      this.word(reasoning.summary, 'auto concise detailed none', 'reasoning.summary');
  }

  private tools(): void {
    const { tools, tool_choice: choice } = this.body;
    if (tools !== undefined)
      this.objects(tools, 'tools').forEach((tool, at) => this.tool(tool, `tools[${at}]`, this.declared));
    if (choice === undefined) return;
    if (typeof choice === 'string') {
      this.word(choice, 'none auto required', 'tool_choice');
      if (choice === 'required' && (!Array.isArray(tools) || tools.length === 0))
        this.say('tool_choice', 'without tools');
      return;
    }
    if (!isObject(choice)) return this.say('tool_choice', 'is no object');
    for (const one of choice.type === 'allowed_tools'
      ? this.objects(choice.tools, 'tool_choice.tools', 1)
      : [choice])
      if (
        ['function', 'custom'].includes(String(one.type)) &&
        !this.declared.has(
          `${one.namespace === undefined ? '' : `${String(one.namespace)}/`}${String(one.name)}`,
        )
      )
        this.say('tool_choice', `no tool ${String(one.name)}`);
  }

  private tool(tool: JsonObject, path: string, seen: Set<string>, namespace = ''): void {
    const type = String(tool.type);
    if (BUILT_IN.test(type)) return;
    if (!['function', 'custom', 'namespace'].includes(type)) return this.say(path, `unknown type ${type}`);
    if (!NAME.test(String(tool.name))) this.say(path, `name ${String(tool.name)}`);
    if (type !== 'namespace') this.unique(namespace + String(tool.name), seen, path);
    if (tool.description !== undefined && typeof tool.description !== 'string') this.say(path, 'description');
    switch (type) {
      case 'namespace':
        this.known(tool, 'type name description tools', path);
        this.objects(tool.tools, path, 1).forEach((one, at) =>
          this.tool(one, `${path}.tools[${at}]`, seen, `${String(tool.name)}/`),
        );
        return;
      case 'custom':
        this.known(tool, 'type name description format defer_loading', path);
        if (tool.format !== undefined)
          this.word(inner(tool, 'format').type, 'text grammar', `${path}.format`);
        return;
      default: {
        this.known(tool, 'type name description parameters strict defer_loading output_schema', path);
        if (tool.parameters === undefined || tool.parameters === null) return;
        if (!isObject(tool.parameters)) return this.say(path, 'parameters are no object');
        const problems =
          tool.strict === true
            ? problemsOfOpenAiStrict(tool.parameters)
            : problemsOfParameters(tool.parameters);
        for (const problem of problems) this.say(path, problem);
        if (tool.strict === undefined) this.say(path, 'strict is taken for granted where it is not said');
      }
    }
  }

  private input(): void {
    const continued = this.body.previous_response_id !== undefined || this.body.conversation !== undefined;
    const items = this.objects(this.body.input, 'input', continued ? 0 : 1);
    const calls = new Map<string, string>();
    const ids = new Set<string>();
    items.forEach((item, at) => {
      const path = `input[${at}]`;
      const type = String(item.type ?? (item.role === undefined ? undefined : 'message'));
      const [fields, prefix] = ITEMS[type] ?? [];
      if (fields === undefined) return this.say(path, `unknown item ${type}`);
      this.known(item, fields, path);
      if (item.id !== undefined) {
        this.text(item.id, `${path}.id`, 64);
        if (prefix !== undefined && !String(item.id).startsWith(prefix))
          this.say(path, `id ${String(item.id)} does not begin with ${prefix}`);
        this.unique(String(item.id), ids, path);
      }
      if (CALLS.includes(type)) {
        this.text(item.call_id, `${path}.call_id`, 64);
        if (calls.has(String(item.call_id))) this.say(path, `two calls ${String(item.call_id)}`);
        calls.set(String(item.call_id), type);
      } else if (CALLS.includes(type.replace(/_output$/, ''))) {
        const callId = String(item.call_id ?? item.id);
        if (!continued && calls.get(callId) !== type.replace(/_output$/, ''))
          this.say(path, `No tool call found for function call output with call_id ${callId}`);
        calls.delete(callId);
      }
      this.item(item, type, path, items[at + 1]);
    });
    for (const id of calls.keys()) this.say('input', `No tool output found for function call ${id}`);
  }

  private item(item: JsonObject, type: string, path: string, next: JsonObject | undefined): void {
    switch (type) {
      case 'message':
        return this.message(item, path);
      case 'reasoning':
        this.objects(item.summary, `${path}.summary`);
        this.text(item.id, `${path}.id`);
        if (this.body.store !== true && item.encrypted_content === undefined)
          this.say(path, 'is not stored and not encrypted');
        if (
          next === undefined ||
          ![
            'message',
            'reasoning',
            'function_call',
            'custom_tool_call',
            'web_search_call',
            'local_shell_call',
            'shell_call',
            'apply_patch_call',
            'tool_search_call',
            'compaction',
            'mcp_call',
            'code_interpreter_call',
            'image_generation_call',
          ].includes(String(next.type ?? 'message')) ||
          ['user', 'developer', 'system'].includes(String(next.role))
        )
          this.say(path, 'without its required following item');
        return;
      case 'function_call':
        if (!NAME.test(String(item.name))) this.say(path, `name ${String(item.name)}`);
        try {
          JSON.parse(String(item.arguments));
        } catch {
          this.say(path, `arguments ${String(item.arguments)}`);
        }
        return;
      case 'custom_tool_call':
        if (!NAME.test(String(item.name))) this.say(path, `name ${String(item.name)}`);
        if (typeof item.input !== 'string') this.say(path, 'input');
        return;
      case 'function_call_output':
      case 'custom_tool_call_output':
        if (typeof item.output !== 'string')
          this.parts(item.output, `${path}.output`, /^(input_|encrypted_content)/);
        return;
      default:
    }
  }

  private message(item: JsonObject, path: string): void {
    this.word(item.role, 'user assistant system developer', `${path}.role`);
    if (typeof item.content === 'string') return;
    this.parts(
      item.content,
      `${path}.content`,
      item.role === 'assistant' ? /^(output_text|refusal)$/ : /^input_/,
    );
    if (item.role === 'assistant' || item.content === undefined) return;
    if (item.phase !== undefined) this.say(path, 'phase');
  }

  private parts(value: Json | undefined, path: string, kinds: RegExp): void {
    this.objects(value, path, 1).forEach((part, at) => {
      const where = `${path}[${at}]`;
      const type = String(part.type);
      if (PARTS[type] === undefined || !kinds.test(type)) return this.say(where, `no place for ${type}`);
      this.known(part, PARTS[type], where);
      if (type.endsWith('_text') && typeof part.text !== 'string') this.say(where, 'is no text');
      if (
        type === 'input_image' &&
        part.file_id === undefined &&
        !/^(https?:\/\/|data:image\/[\w.+-]+;base64,[A-Za-z0-9+/=_-]+$)/.test(String(part.image_url))
      )
        this.say(where, `image_url ${String(part.image_url).slice(0, 40)}`);
      if (type === 'input_image' && part.detail !== undefined)
        this.word(part.detail, 'auto low high original', `${where}.detail`);
      if (
        type === 'input_file' &&
        part.file_data !== undefined &&
        !/^data:[\w.+-]+\/[\w.+-]+;base64,/.test(String(part.file_data))
      )
        this.say(where, 'file_data');
      if (type === 'input_file' && part.file_data !== undefined && part.filename === undefined)
        this.say(where, 'file_data without filename');
    });
  }

  private format(): void {
    const { text } = this.body;
    if (text === undefined) return;
    if (!isObject(text)) return this.say('text', 'is no object');
    this.known(text, 'format verbosity', 'text');
    if (text.verbosity !== undefined && text.verbosity !== null)
      this.word(text.verbosity, 'low medium high', 'text.verbosity');
    const format = inner(text, 'format');
    if (text.format === undefined) return;
    this.word(format.type, 'text json_object json_schema', 'text.format.type');
    this.known(
      format,
      format.type === 'json_schema' ? 'type name description schema strict' : 'type',
      'text.format',
    );
    if (format.type === 'json_object' && !/json/i.test(JSON.stringify(this.body.input)))
      this.say('text.format', "input must contain the word 'json'");
    if (format.type !== 'json_schema') return;
    if (!NAME.test(String(format.name))) this.say('text.format', `name ${String(format.name)}`);
    for (const problem of format.strict === true
      ? problemsOfOpenAiStrict(inner(format, 'schema'))
      : problemsOfParameters(inner(format, 'schema')))
      this.say('text.format', problem);
  }
}
