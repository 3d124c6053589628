/** Holds a request for the Converse API against its rules, in the words of the API's own refusals where they are known. */
import { isObject, type Json, type JsonObject } from '../../../shared/json';

const objects = (value: Json | undefined): JsonObject[] =>
  Array.isArray(value) ? value.filter(isObject) : [];
const KNOWN = new Set([
  'messages',
  'system',
  'toolConfig',
  'inferenceConfig',
  'additionalModelRequestFields',
  'additionalModelResponseFieldPaths',
  'outputConfig',
]);
const MEMBERS = new Set([
  'text',
  'image',
  'document',
  'toolUse',
  'toolResult',
  'reasoningContent',
  'cachePoint',
]);

function* idsOf(blocks: JsonObject[], member: 'toolUse' | 'toolResult'): Generator<string> {
  for (const block of blocks) {
    const inner = block[member];
    if (isObject(inner)) yield String(inner['toolUseId']);
  }
}

/** What the API would refuse. */
export function problemsOfConverse(body: JsonObject): string[] {
  const problems: string[] = [];
  const complain = (text: string) => problems.push(text);
  for (const name of Object.keys(body)) if (!KNOWN.has(name)) complain(`unknown field ${name}`);
  const messages = objects(body['messages']);
  if (messages.length === 0) complain('messages are missing');
  if (messages[0]?.['role'] !== 'user') complain('A conversation must start with a user message.');
  const tools = objects(isObject(body['toolConfig']) ? body['toolConfig']['tools'] : undefined);
  const taken = new Set<string>();
  let points = 0;
  let waiting: string[] = [];
  messages.forEach((message, index) => {
    const content = objects(message['content']);
    const role = message['role'];
    if (content.length === 0) complain(`messages.${index}: the content is empty`);
    if (index > 0 && role === messages[index - 1]?.['role'])
      complain(`messages.${index}: roles must alternate`);
    for (const block of content) {
      const names = Object.keys(block);
      if (names.length !== 1 || !MEMBERS.has(names[0] ?? ''))
        complain(`messages.${index}: bad block ${names.join()}`);
      if (typeof block['text'] === 'string' && block['text'].trim() === '')
        complain(`messages.${index}: The text field in the ContentBlock object is blank.`);
      if (block['reasoningContent'] !== undefined && role === 'user')
        complain('User messages cannot contain reasoning content.');
      if ((block['toolUse'] ?? block['toolResult']) !== undefined && tools.length === 0)
        complain('The toolConfig field must be defined when using toolUse and toolResult content blocks.');
      const result = block['toolResult'];
      if (isObject(result) && objects(result['content']).length === 0) complain('a tool result is empty');
    }
    const answered = [...idsOf(content, 'toolResult')];
    if (waiting.length > 0 && waiting.join() !== answered.join())
      complain(`messages.${index}: Expected toolResult blocks for the following Ids: ${waiting.join()}`);
    if (waiting.length === 0 && answered.length > 0)
      complain(`messages.${index}: results that no call asked for`);
    waiting = [...idsOf(content, 'toolUse')];
    for (const id of waiting) {
      if (!/^[a-zA-Z0-9_-]{1,64}$/.test(id)) complain(`bad toolUseId ${id}`);
      if (taken.has(id)) complain(`toolUseId ${id} is there twice`);
      taken.add(id);
    }
    const hasDocument = content.some((block) => 'document' in block);
    if (hasDocument && !content.some((block) => 'text' in block))
      complain('A text block is required in the message when a document is included.');
  });
  if (waiting.length > 0) complain('the last calls have no results');
  for (const tool of tools) {
    const spec = tool['toolSpec'];
    if (!isObject(spec)) continue;
    if (!/^[a-zA-Z0-9_-]{1,64}$/.test(String(spec['name'])))
      complain(`bad tool name ${String(spec['name'])}`);
    const schema = isObject(spec['inputSchema']) ? spec['inputSchema']['json'] : undefined;
    if (!isObject(schema) || schema['type'] !== 'object')
      complain(`the schema of ${String(spec['name'])} is no object`);
  }
  for (const list of [tools, objects(body['system']), ...messages.map(({ content }) => objects(content))])
    points += list.filter((block) => 'cachePoint' in block).length;
  if (points > 4) complain('You can have up to 4 cache checkpoints.');
  return problems;
}
