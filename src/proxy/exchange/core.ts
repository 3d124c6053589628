import type { Account, ProxySettings } from '../../shared/settings';
import type { SignatureStore } from '../dialects/signatures/signature-store';
import type { Log } from '../host';
import type { Monitor } from '../monitor/monitor';
import type { Pool } from '../pool/pool';
import type { Chosen } from './attempts/candidates';
import type { ResponseStore } from '../responses/response-store';
import type { ModelCatalog } from '../routing/model-catalog';
import type { Ticker } from '../stream/ticker';
import type { Dispatchers } from '../upstream/dispatcher';

/** What every route needs: one per proxy. `settings` is replaced as a whole when they change. */
export interface Core {
  settings: ProxySettings;
  /** The account behind z.ai dispatch, when that is on. */
  zaiDispatch: Account | undefined;
  readonly pool: Pool;
  /** Answers of `chooseAccounts`. Emptied with every change of what they were made of. */
  readonly choices: Map<string, Map<string, Chosen>>;
  readonly catalog: ModelCatalog;
  readonly dispatchers: Dispatchers;
  readonly ticker: Ticker;
  readonly signatures: SignatureStore;
  readonly responses: ResponseStore;
  /** Account and model (`id\\nmodel`) that OpenAI serves over Responses only, as it said itself. */
  readonly responsesOnly: Set<string>;
  /** The same for models that refuse to be asked for encrypted reasoning: they do not reason. */
  readonly unencrypted: Set<string>;
  /** The same for models that refuse to be told how much to reason. */
  readonly effortless: Set<string>;
  /** The most output tokens of models that refused more, as their accounts said, by the same keys. */
  readonly outputLimits: Map<string, number>;
  readonly monitor: Monitor;
  readonly log: Log;
  readonly now: () => number;
  /** Whether anybody wants records or counts of tokens: without it usage is not even looked for. */
  recording: boolean;
}
