/** The Hono app: the order of checks and the table of routes, nothing else. */
import type { HttpBindings } from '@hono/node-server';
import { RESPONSE_ALREADY_SENT } from '@hono/node-server/utils/response';
import { Hono, type Context } from 'hono';
import { MethodNotAllowedError, UnauthorizedError } from './errors';
import type { Guard } from './access/guard';
import type { Core } from './exchange/core';
import { serveCompletions } from './routes/completions';
import { serveCountTokens } from './routes/count-tokens';
import { serveEmbeddings } from './routes/embeddings';
import type { Exchange } from './exchange/exchange';
import { TELEMETRY, unknownPath } from './routes/hints';
import { serveImages } from './routes/images';
import { serveMetrics } from './routes/metrics';
import { serveModelCall } from './routes/model-call';
import { serveCompact } from './routes/compact';
import { serveModel, serveModelList, servePoolModels } from './routes/models';
import { serveMonitorApi } from './routes/monitor/api';
import { serveMonitorEvents } from './routes/monitor/events';
import { serveMonitorExport } from './routes/monitor/export';
import { answerLoginPage, serveMonitorLogin, wantsLoginPage } from './routes/monitor/login';
import { serveMonitorPage, serveMonitorScript } from './routes/monitor/page';
import { serveStoredResponse } from './routes/stored-responses';
import { serveTranscriptions } from './routes/transcriptions';

export interface AppBindings {
  Bindings: HttpBindings & { exchange: Exchange };
}

type AppContext = Context<AppBindings>;
type Serve = (exchange: Exchange) => Promise<void> | void;

/** Serves and never throws: whatever goes wrong is the exchange's answer. */
function run(exchange: Exchange, serve: Serve): void | Promise<void> {
  const fail = (error: unknown) => {
    exchange.fail(error);
    if (!exchange.outgoing.writableEnded && !exchange.outgoing.headersSent) exchange.outgoing.destroy();
  };
  try {
    return serve(exchange)?.catch(fail);
  } catch (error) {
    fail(error);
  }
}

/**
 * Answers are written to the raw Node response: a Web Response on the hot path would cost several times what the
 * rest of the way costs. Hono is told that the answer is out.
 */
const served = (serve: Serve) => async (c: AppContext) => {
  await run(c.env.exchange, serve);
  return RESPONSE_ALREADY_SENT;
};

const text =
  (body: string): Serve =>
  (exchange) => {
    exchange.json(200, body);
  };

export interface App {
  /** Serves a call of a model without Hono's Request and Response, which cost a tenth of such a call. */
  serveHot(exchange: Exchange): boolean;
  /** Asks the guard. @returns false when the exchange is answered already */
  admit(exchange: Exchange): boolean;
  /** Hono's fetch, for everything else; takes the exchange in its bindings. */
  fetch(request: Request, env: AppBindings['Bindings']): Response | Promise<Response>;
}

/** Makes the app over a core. */
export function createApp(core: Core, guard: Guard): App {
  const app = new Hono<AppBindings>({
    getPath: (_request, options) => options?.env?.exchange.path.route ?? '/',
  });

  const hot = new Map<string, Serve>();

  /** Registers a route; other methods on it answer 405. */
  const route = (methods: string[], path: string, serve: Serve) => {
    app.on(methods, path, served(serve));
    const allow = [...methods.flatMap((each) => (each === 'GET' ? ['GET', 'HEAD'] : [each])), 'OPTIONS'].join(
      ', ',
    );
    app.all(
      path,
      served((exchange) => {
        // `POST /v1beta/models/{m}:verb` with a verb that nobody has is a wrong path, not a wrong method.
        if (exchange.path.id?.includes(':') && exchange.incoming.method === 'POST')
          throw unknownPath(exchange);
        const asked = (exchange.incoming.url ?? '').split('?', 1)[0] ?? '';
        throw new MethodNotAllowedError(exchange.incoming.method ?? '', asked.slice(0, 200), allow);
      }),
    );
  };
  /** Registers a call of a model, among the hot routes too. */
  const call = (path: string) => {
    const serve: Serve = (exchange) => serveModelCall(core, exchange);
    hot.set(path, serve);
    route(['POST'], path, serve);
  };

  call('/v1/chat/completions');
  call('/v1/messages');
  call('/v1beta/streamGenerateContent');
  call('/v1beta/generateContent');
  call('/v1/responses');
  route(['POST'], '/v1/messages/count_tokens', (exchange) => serveCountTokens(core, exchange));
  route(['POST'], '/v1beta/countTokens', (exchange) => serveCountTokens(core, exchange));
  route(['POST'], '/v1/responses/input_tokens', (exchange) => serveCountTokens(core, exchange));
  route(['GET'], '/healthz', text('{"status":"ok"}'));
  route(['GET'], '/v1/models', (exchange) => serveModelList(core, exchange));
  route(['GET'], '/v1/models/one', (exchange) => serveModel(core, exchange));

  route(['POST'], '/v1/completions', (exchange) => serveCompletions(core, exchange));
  for (const path of ['/v1/embeddings', '/v1beta/embedContent', '/v1beta/batchEmbedContents'])
    route(['POST'], path, (exchange) => serveEmbeddings(core, exchange));
  for (const path of ['/v1/images/generations', '/v1/images/edits'])
    route(['POST'], path, (exchange) => serveImages(core, exchange));
  route(['POST'], '/v1/audio/transcriptions', (exchange) => serveTranscriptions(core, exchange));
  const stored = (exchange: Exchange) => serveStoredResponse(core, exchange);
  route(['POST'], '/v1/responses/compact', (exchange) => serveCompact(core, exchange));
  route(['GET', 'DELETE'], '/v1/responses/one', stored);
  route(['GET'], '/v1/responses/one/input_items', stored);
  route(['POST'], '/v1/responses/one/cancel', stored);

  route(['GET'], '/monitor', serveMonitorPage);
  route(['GET'], '/monitor/monitor.js', (exchange) => serveMonitorScript(exchange));
  route(['POST'], '/monitor/login', (exchange) => serveMonitorLogin(guard, exchange));
  route(['POST'], '/monitor/api', (exchange) => serveMonitorApi(core, exchange));
  route(['GET'], '/monitor/events', (exchange) => {
    serveMonitorEvents(core, exchange, () => stillAdmitted(exchange));
  });
  route(['GET'], '/monitor/models', (exchange) => servePoolModels(core, exchange));
  route(['GET'], '/monitor/export', (exchange) => serveMonitorExport(core, exchange));
  route(['GET'], '/metrics', (exchange) => {
    serveMetrics(core, exchange);
  });

  route(['GET'], '/', text('{"name":"portside","status":"ok"}'));
  route(['GET'], '/api/hello', text('{"status":"ok"}'));
  app.notFound(
    served((exchange) => {
      if (TELEMETRY.test(exchange.path.route) && exchange.incoming.method === 'POST') {
        exchange.incoming.resume();
        exchange.silent = true;
        exchange.json(200, '{}');
        return;
      }
      throw unknownPath(exchange);
    }),
  );

  const admitted = (exchange: Exchange): boolean => {
    try {
      return !guard.admit(exchange);
    } catch (error) {
      if (error instanceof UnauthorizedError && wantsLoginPage(exchange)) answerLoginPage(exchange);
      else exchange.fail(error);
      return false;
    }
  };
  const stillAdmitted = (exchange: Exchange): boolean => {
    try {
      guard.admit(exchange);
      return true;
    } catch {
      return false;
    }
  };

  return {
    admit: admitted,
    serveHot(exchange) {
      if (exchange.incoming.method !== 'POST') return false;
      const serve = hot.get(exchange.path.route);
      if (!serve) return false;
      if (admitted(exchange)) void run(exchange, serve);
      return true;
    },
    fetch: (request, env) => (admitted(env.exchange) ? app.fetch(request, env) : RESPONSE_ALREADY_SENT),
  };
}
