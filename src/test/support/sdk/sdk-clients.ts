/**
 * The official SDKs behind one face: ask a question, run the tools the model asks for, tell what came out.
 * Each client does it exactly as its documentation shows, so that what it trips over is what users trip over.
 */
import type { Dialect } from '../../../proxy/dialects/canonical';
import type { JsonObject } from '../../../shared/json';
import { askAnthropic } from './sdk-anthropic';
import { askGenerativeAi } from './sdk-generative-ai';
import { askGoogleGenai } from './sdk-google-genai';
import { askOpenai } from './sdk-openai';
import { askOpenaiResponses } from './sdk-openai-responses';

export interface Tool {
  name: string;
  description: string;
  parameters: JsonObject;
  /** What the tool answers. */
  run(input: JsonObject): string;
}

export interface Question {
  /** Root of the proxy: `http://127.0.0.1:8045`. */
  baseUrl: string;
  /** Local key; a made-up one when absent. */
  key?: string;
  model: string;
  prompt: string;
  stream: boolean;
  system?: string;
  /** A PNG, base64. */
  image?: string;
  tools?: Tool[];
  signal?: AbortSignal;
}

export interface Told {
  /** Text of the last turn. */
  text: string;
  /** All calls of all turns, in order. */
  calls: { id: string; name: string; input: JsonObject }[];
  /** The last turn's stop reason, in the SDK's word. */
  stop: string;
  usage: { input: number; output: number };
  /** The model as the last answer named it; '' where the SDK does not tell. */
  model: string;
}

export interface SdkClient {
  /** Name of the package. */
  name: string;
  dialect: Dialect;
  ask(question: Question): Promise<Told>;
}

export const SDK_CLIENTS: SdkClient[] = [
  { name: 'openai', dialect: 'openai-chat', ask: askOpenai },
  { name: 'openai, responses', dialect: 'openai-responses', ask: askOpenaiResponses },
  { name: '@anthropic-ai/sdk', dialect: 'anthropic', ask: askAnthropic },
  { name: '@google/genai', dialect: 'gemini', ask: askGoogleGenai },
  { name: '@google/generative-ai', dialect: 'gemini', ask: askGenerativeAi },
];

/** Made-up key of clients that were given none. */
export const ANY_KEY = 'sk-any-client-key';

/** Runs the tool of that name. Throws when the model asks for one that was not offered. */
export function runTool(tools: Tool[] | undefined, name: string, input: JsonObject): string {
  const tool = tools?.find((one) => one.name === name);
  if (!tool) throw new Error(`the model called ${name}, which was not offered`);
  return tool.run(input);
}
