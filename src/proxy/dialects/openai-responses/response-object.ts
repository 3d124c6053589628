/** The `response` object. https://platform.openai.com/docs/api-reference/responses/object */
import { isObject, type JsonObject } from '../../../shared/json';
import type { ReplyContext } from '../adapter';
import type { Usage } from '../canonical';
import type { WireEnd } from './map-stop-reason';
import { encodeUsage } from './map-usage';
import { noteOf, type RequestNote } from './wire';

/** What an object says that has no end yet. */
export const IN_PROGRESS = { status: 'in_progress', error: null, incomplete_details: null } as const;

/** A client takes an answer without usage for a broken one; an upstream that tells none is met all the same. */
const UNKNOWN_USAGE: Usage = { inputTokens: 0, outputTokens: 0 };

/** Settings as the client wrote them, and OpenAI's own defaults for the others. */
function settingsOf(context: ReplyContext): JsonObject {
  const { echo = {} } = noteOf(context.request.metadata) as RequestNote;
  const reasoning = isObject(echo.reasoning) ? echo.reasoning : {};
  const text = isObject(echo.text) ? echo.text : {};
  return {
    background: false,
    instructions: null,
    max_output_tokens: null,
    max_tool_calls: null,
    parallel_tool_calls: true,
    previous_response_id: null,
    prompt_cache_key: null,
    safety_identifier: null,
    service_tier: 'default',
    store: true,
    temperature: 1,
    tool_choice: 'auto',
    tools: [],
    top_logprobs: 0,
    top_p: 1,
    presence_penalty: 0,
    frequency_penalty: 0,
    truncation: 'disabled',
    user: null,
    metadata: {},
    ...echo,
    reasoning: { effort: null, summary: null, ...reasoning },
    text: { format: { type: 'text' }, ...text },
  };
}

/** What changes in the object while the answer is made. */
type State = (WireEnd | typeof IN_PROGRESS) & { usage?: Usage | undefined };

/** One answer's `response` object in its states. Settings, often tens of kilobytes of tools, are written out once. */
export class ResponseObject {
  readonly id: string;
  private readonly created: number;
  private readonly settings: JsonObject;
  private settingsText = '';

  /** `id` and `created` as the upstream gave them; ids of other APIs are replaced. */
  constructor(
    private readonly context: ReplyContext,
    id: string | undefined,
    created: number | undefined,
  ) {
    this.id = id?.startsWith('resp_') ? id : context.newId('resp_');
    this.created = created ?? context.now;
    this.settings = settingsOf(context);
  }

  /** The object in this state. */
  build(state: State, output: JsonObject[]): JsonObject {
    return { ...this.head(state), output, ...this.settings };
  }

  /**
   * The JSON text of {@link build}.
   * @param output the items' JSON texts
   */
  write(state: State, output: string[]): string {
    if (this.settingsText === '') this.settingsText = JSON.stringify(this.settings).slice(1);
    const head = JSON.stringify(this.head(state)).slice(0, -1);
    return `${head},"output":[${output.join(',')}],${this.settingsText}`;
  }

  private head({ status, error, incomplete_details, usage }: State): JsonObject {
    const ended = status === 'completed' || status === 'incomplete';
    return {
      id: this.id,
      object: 'response',
      created_at: this.created,
      status,
      completed_at: status === 'completed' ? Math.max(this.created, this.context.now) : null,
      error: error && { ...error },
      incomplete_details: incomplete_details && { ...incomplete_details },
      model: this.context.model,
      usage: ended || usage ? encodeUsage(usage ?? UNKNOWN_USAGE) : null,
    };
  }
}
