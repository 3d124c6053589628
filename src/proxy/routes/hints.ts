import { NotFoundError } from '../errors';
import type { Exchange } from '../exchange/exchange';

/** Telemetry of agents that is taken and thrown away (SPEC 3.7). */
export const TELEMETRY =
  /^\/(anthropic\/)?(v1\/)?api\/(event_logging|claude_code|telemetry|metrics|statsig)(\/|$)|^\/(v1\/)?(statsig|telemetry|event_logging)(\/|$)/;

/** The error for a path that is not served: it names the right base URL for each SDK (SPEC 3.6). */
export function unknownPath(exchange: Exchange): NotFoundError {
  const host = exchange.incoming.headers.host ?? '127.0.0.1';
  const path = (exchange.incoming.url ?? '').split('?', 1)[0] ?? '';
  return new NotFoundError(
    `There is nothing at ${path.slice(0, 200)}. Base URLs of Portside: OpenAI SDKs http://${host}/v1, ` +
      `Anthropic SDKs http://${host}, Gemini SDKs http://${host}.`,
  );
}
