import type { ExchangeRecord } from '../../../../../shared/exchange';

/** An exchange that one account served. */
export const exchange = (
  provider: string,
  model: string,
  usage: ExchangeRecord['usage'],
  more: Partial<ExchangeRecord> = {},
): ExchangeRecord => ({
  seq: 1,
  id: 'id',
  time: Date.UTC(2026, 10, 1, 12),
  method: 'POST',
  path: '/v1/chat/completions',
  attempts: [{ account: 'work', model, provider }],
  status: 200,
  outcome: 'completed',
  durationMs: 1,
  warnings: [],
  ...(usage && { usage }),
  ...more,
});
