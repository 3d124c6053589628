/**
 * A model server (chat completions) that does what an agent is asked for in {@link READING_PROMPT}: it calls whatever tool the
 * agent has for reading files or running commands, and takes the secret word out of the result. A final answer with the word
 * proves that the agent's tools, its call and the result came through.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { isObject, type Json, type JsonObject } from '../../../shared/json';

/** What to ask an agent for; the file holds a line `SECRET_WORD=…`. */
export const readingPrompt = (file: string): string =>
  `Read the file ${file} with your tool. Then reply with one line: FINAL-ANSWER: followed by the secret word written in it.`;

export interface FileReadingModel {
  /** The base URL for an account. */
  url: string;
  /** The bodies that arrived. */
  requests: JsonObject[];
  close(): void;
}

export async function startFileReadingModel(): Promise<FileReadingModel> {
  const requests: JsonObject[] = [];
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (request.method === 'GET') {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ object: 'list', data: [{ id: 'reader', object: 'model' }] }));
        return;
      }
      const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as JsonObject;
      requests.push(body);
      const message = answerTo(body);
      const calls = 'tool_calls' in message;
      const common = { id: 'chatcmpl-1', created: 1, model: 'reader' };
      const choice = { index: 0, finish_reason: calls ? 'tool_calls' : 'stop' };
      if (body['stream'] === true) {
        response.setHeader('content-type', 'text/event-stream');
        const event = (data: JsonObject) => `data: ${JSON.stringify(data)}\n\n`;
        const object = 'chat.completion.chunk';
        response.write(
          event({ ...common, object, choices: [{ index: 0, delta: message, finish_reason: null }] }),
        );
        response.write(event({ ...common, object, choices: [{ ...choice, delta: {} }] }));
        response.end('data: [DONE]\n\n');
      } else {
        response.setHeader('content-type', 'application/json');
        response.end(
          JSON.stringify({ ...common, object: 'chat.completion', choices: [{ ...choice, message }] }),
        );
      }
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
    requests,
    close() {
      server.close();
      server.closeAllConnections();
    },
  };
}

function answerTo({ messages, tools, response_format: format }: JsonObject): JsonObject {
  const all = (Array.isArray(messages) ? messages : []).filter(isObject);
  const results = all.filter(({ role }) => role === 'tool').map(({ content }) => JSON.stringify(content));
  const [, word] = /SECRET_WORD=(\w+)/.exec(results.join('\n')) ?? [];
  const role = 'assistant';
  if (word !== undefined) return { role, content: `FINAL-ANSWER: ${word}` };
  if (isObject(format) && isObject(format['json_schema']))
    return { role, content: JSON.stringify(fill(format['json_schema']['schema'], '', '')) };
  // An agent that cannot be helped shall end.
  if (results.length > 5) return { role, content: 'The tool does not read the file.' };
  const file = /Read the file (\S+) with your tool/.exec(
    all.map((one) => JSON.stringify(one)).join('\n'),
  )?.[1];
  const offered = (Array.isArray(tools) ? tools : [])
    .filter(isObject)
    .flatMap((tool) => (isObject(tool['function']) ? [tool['function']] : []));
  const named = (pattern: RegExp) => offered.find(({ name }) => pattern.test(String(name)));
  const tool = named(/^read(_file)?$/i) ?? named(/^(bash|shell|exec|exec_command|shell_command)$/i);
  if (file === undefined || !tool) return { role, content: 'Nothing to read.' };
  // Codex's newest models are given one tool that runs scripts, in which the others are functions.
  const scripted = String(tool['description']).includes('tools.exec_command');
  const script = `text((await tools.exec_command({ cmd: ${JSON.stringify(`cat ${file}`)} })).output);`;
  const input = scripted ? { input: script } : fill(tool['parameters'], '', file);
  const call = { name: String(tool['name']), arguments: JSON.stringify(input) };
  return { role, content: null, tool_calls: [{ index: 0, id: 'call_1', type: 'function', function: call }] };
}

/** The least that a schema asks for, with the file wherever a path or a command stands. */
function fill(schema: Json | undefined, name: string, file: string): Json {
  if (!isObject(schema)) return file;
  if (Array.isArray(schema['enum'])) return schema['enum'][0] ?? '';
  switch (schema['type']) {
    case 'object':
    case undefined: {
      const properties = isObject(schema['properties']) ? schema['properties'] : {};
      const required = Array.isArray(schema['required']) ? schema['required'] : [];
      const wanted = Object.entries(properties).filter(
        ([key]) => required.includes(key) || /^(cmd|command|(file_|absolute_)?path)$/.test(key),
      );
      return Object.fromEntries(wanted.map(([key, each]) => [key, fill(each, key, file)]));
    }
    case 'array':
      return /^(cmd|command)$/.test(name) ? ['cat', file] : [];
    case 'number':
    case 'integer':
      return 1;
    case 'boolean':
      return false;
    default:
      if (/^(cmd|command|input)$/.test(name)) return `cat ${file}`;
      return /path/i.test(name) ? file : 'reading';
  }
}
