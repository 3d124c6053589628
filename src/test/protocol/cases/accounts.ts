/** Accounts of every dialect at an upstream that refuses what its provider would refuse, with models of every kind. */
import type { Dialect } from '../../../proxy/dialects/canonical';
import { DIALECT_NAMES } from '../../support/dialect-requests';
import { startScriptedUpstream } from '../../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../../support/upstream/scripted-upstream';
import { accountAt, startPortside } from '../../support/start-portside';
import type { StartedPortside } from '../../support/start-portside';

const OPENAI = 'openai-itself';
const OPENAI_KEY = 'sk-openai-itself';

export interface Target {
  /** Of the account. */
  id: string;
  dialect: Dialect;
  /** As the provider names it. */
  model: string;
}

/** Every dialect with models of each age that differs in what it takes. */
export const TARGETS: Target[] = [
  { id: 'openai-chat', dialect: 'openai-chat', model: 'qwen3-coder' },
  { id: OPENAI, dialect: 'openai-chat', model: 'gpt-5' },
  { id: 'openai-responses', dialect: 'openai-responses', model: 'gpt-5' },
  { id: 'anthropic', dialect: 'anthropic', model: 'claude-opus-4-6' },
  { id: 'anthropic', dialect: 'anthropic', model: 'claude-sonnet-4-20250514' },
  { id: 'anthropic', dialect: 'anthropic', model: 'glm-5' },
  { id: 'gemini', dialect: 'gemini', model: 'gemini-3-flash' },
  { id: 'gemini', dialect: 'gemini', model: 'gemini-2.5-pro' },
];

/** The name by which a client asks for that model of that account. */
export const askedModel = ({ id, model }: Target) => `${id}-${model}`;

/** An upstream that validates and a proxy with accounts there; both for the surrounding `describe`. */
export function useStrictAccounts(): {
  readonly upstream: ScriptedUpstream;
  readonly portside: StartedPortside;
} {
  const made: { upstream?: ScriptedUpstream; portside?: StartedPortside } = {};
  before(async () => {
    const upstream = await startScriptedUpstream({ validate: true, openaiKey: OPENAI_KEY });
    made.upstream = upstream;
    made.portside = await startPortside({
      accounts: [
        ...DIALECT_NAMES.map((dialect) => accountAt(upstream, dialect)),
        {
          id: OPENAI,
          provider: 'openai',
          dialect: 'openai-chat',
          baseUrl: upstream.openaiUrl,
          key: OPENAI_KEY,
        },
      ],
      routes: Object.fromEntries(
        TARGETS.map((target) => [askedModel(target), `${target.id}/${target.model}`]),
      ),
    });
  });
  beforeEach(() => made.upstream!.reset());
  after(async () => {
    await made.portside?.stop();
    await made.upstream?.close();
  });
  return made as { upstream: ScriptedUpstream; portside: StartedPortside };
}
