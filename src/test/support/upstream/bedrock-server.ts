/**
 * Amazon Bedrock on 127.0.0.1: a real HTTP server that checks signatures and requests, answers with real frames cut anywhere,
 * wants its own reasoning back unchanged, and misbehaves on command.
 */
import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type JsonObject } from '../../../shared/json';
import { eventFrame, signatureProblem } from './aws-frames';
import type { ScriptedAnswer } from './scripted-answer';
import { speakBedrock } from '../speak/speak-bedrock';
import { splitSeeded } from '../split-bytes';
import { problemsOfConverse } from '../validate/validate-converse';

export const ACCESS_KEY = 'AKIAIOSFODNN7EXAMPLE';
export const SECRET_KEY = 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY';
export const API_KEY = 'ABSKQmVkcm9ja0FQSUtleS1zY3JpcHRlZA==';

/** What the server does with a request for an answer. */
export type BedrockStep =
  | { answer: ScriptedAnswer | ((request: JsonObject) => ScriptedAnswer) }
  | { status: number; body: JsonObject; type?: string }
  /** Bytes of a stream, as they are. */
  | { bytes: Buffer };

export interface BedrockRequest {
  method: string;
  target: string;
  headers: IncomingHttpHeaders;
  json: JsonObject;
}

export interface BedrockServer {
  url: string;
  /** Requests for an answer that were let in. */
  requests: BedrockRequest[];
  /** What was wrong with requests: signatures, bodies. */
  problems: string[];
  /** Does this next, once. Without any it says "Hello". */
  next(...steps: BedrockStep[]): void;
  close(): Promise<void>;
}

const objects = (value: unknown): JsonObject[] => (Array.isArray(value) ? value.filter(isObject) : []);

/** Signatures of reasoning in a request. */
export function signaturesIn({ messages }: JsonObject): string[] {
  return objects(messages)
    .flatMap(({ content }) => objects(content))
    .flatMap(({ reasoningContent: content }) => {
      if (!isObject(content)) return [];
      const text = content['reasoningText'];
      return [isObject(text) ? String(text['signature']) : String(content['redactedContent'])];
    });
}

function send(response: ServerResponse, status: number, body: JsonObject, type?: string): void {
  response
    .writeHead(status, {
      'content-type': 'application/json',
      'x-amzn-requestid': 'scripted',
      ...(type !== undefined && { 'x-amzn-errortype': `${type}:http://internal.amazon.com/coral/` }),
    })
    .end(JSON.stringify(body));
}

/** Starts the server on a free port. It is stopped after the tests. */
export async function startBedrockServer(region = 'us-east-1'): Promise<BedrockServer> {
  const requests: BedrockRequest[] = [];
  const problems: string[] = [];
  const steps: BedrockStep[] = [];
  const issued = new Set<string>();
  let seed = 1;

  function admits(request: BedrockRequest, body: Buffer): boolean {
    const { authorization } = request.headers;
    if (authorization === `Bearer ${API_KEY}`) return true;
    const problem = signatureProblem(
      { ...request, body },
      { [ACCESS_KEY]: SECRET_KEY },
      { region, service: 'bedrock' },
    );
    if (problem === undefined) return true;
    problems.push(problem);
    return false;
  }

  const server = createServer((incoming, response) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const body = Buffer.concat(chunks);
      const request: BedrockRequest = {
        method: incoming.method ?? '',
        target: incoming.url ?? '',
        headers: incoming.headers,
        json: body.length > 0 ? (JSON.parse(body.toString('utf8')) as JsonObject) : {},
      };
      if (!admits(request, body))
        send(
          response,
          403,
          {
            message:
              'The request signature we calculated does not match the signature you provided.\n\nThe Canonical String for this request should have been\nx-amz-security-token:secret-token',
          },
          'InvalidSignatureException',
        );
      else void answer(request, response);
    });
  });

  async function answer(request: BedrockRequest, response: ServerResponse): Promise<void> {
    const [path = ''] = request.target.split('?');
    if (path === '/foundation-models') {
      const model = (modelId: string, inferenceTypesSupported: string[], outputModalities = ['TEXT']) => ({
        modelId,
        inferenceTypesSupported,
        outputModalities,
      });
      const modelSummaries = [
        model('amazon.nova-lite-v1:0', ['ON_DEMAND']),
        model('anthropic.claude-sonnet-4-5-20250929-v1:0', ['INFERENCE_PROFILE']),
        model('stability.image-v1:0', ['ON_DEMAND'], ['IMAGE']),
      ];
      send(response, 200, { modelSummaries });
      return;
    }
    if (path === '/inference-profiles') {
      send(response, 200, {
        inferenceProfileSummaries: [{ inferenceProfileId: 'us.anthropic.claude-sonnet-4-5-20250929-v1:0' }],
      });
      return;
    }
    if (path.endsWith('/count-tokens')) {
      send(response, 200, { inputTokens: 4321 });
      return;
    }
    requests.push(request);
    const found = problemsOfConverse(request.json);
    problems.push(...found);
    const foreign = signaturesIn(request.json).find((signature) => !issued.has(signature));
    if (foreign !== undefined) found.push('messages.1.content.0: Invalid `signature` in `thinking` block');
    if (found.length > 0) {
      send(response, 400, { message: found.join('; ') }, 'ValidationException');
      return;
    }
    const step = steps.shift() ?? { answer: { text: 'Hello from Bedrock' } };
    if ('status' in step) {
      send(response, step.status, step.body, step.type);
      return;
    }
    const spoken = 'answer' in step ? speak(step.answer, request.json) : undefined;
    if (spoken && !path.endsWith('/converse-stream')) {
      send(response, 200, spoken.body);
      return;
    }
    const bytes =
      'bytes' in step
        ? step.bytes
        : Buffer.concat((spoken?.events ?? []).map(([name, payload]) => eventFrame(name, payload)));
    response.writeHead(200, { 'content-type': 'application/vnd.amazon.eventstream' });
    for (const piece of splitSeeded(bytes, seed++, 90)) {
      response.write(piece);
      await new Promise((resolve) => setImmediate(resolve));
    }
    response.end();
  }

  /** Says it, and knows its reasoning from then on. */
  function speak(script: ScriptedAnswer | ((request: JsonObject) => ScriptedAnswer), json: JsonObject) {
    const answer = typeof script === 'function' ? script(json) : script;
    for (const proof of [answer.signature, answer.redacted]) if (proof !== undefined) issued.add(proof);
    return speakBedrock(answer);
  }

  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    requests,
    problems,
    next(...more) {
      steps.push(...more);
    },
    async close() {
      server.closeAllConnections();
      server.close();
      if (server.listening) await once(server, 'close');
    },
  };
}
