/** The shape of errors in each protocol (SPEC 2.5, 3.9). */
import assert from 'node:assert/strict';
import type { Dialect } from '../../../proxy/dialects/canonical';
import { isObject } from '../../../shared/json';
import type { JsonObject } from '../../../shared/json';
import { member, textMember } from '../stream-reading';

/** Asserts that a body is an error of that protocol with a message; returns its inner object. */
export function assertErrorBody(
  dialect: Dialect,
  status: number,
  body: unknown,
): JsonObject & { message: string } {
  assert.ok(isObject(body), `the error body is no object: ${JSON.stringify(body)}`);
  const error = member(body, 'error');
  const message = textMember(error, 'message');
  assert.ok(message, `the error has no message: ${JSON.stringify(body)}`);
  switch (dialect) {
    case 'anthropic':
      assert.equal(body.type, 'error');
      assert.match(textMember(error, 'type'), /^[a-z_]+$/);
      break;
    case 'gemini':
      assert.equal(error.code, status);
      assert.match(textMember(error, 'status'), /^[A-Z_]+$/);
      break;
    case 'openai-chat':
    case 'openai-responses':
      assert.match(textMember(error, 'type'), /^[a-z_]+$/);
      assert.ok('code' in error && 'param' in error, 'an OpenAI error has code and param');
      break;
  }
  return { ...error, message };
}

/** The same for a response: reads it, asserts status, content type and shape. */
export async function assertErrorResponse(
  dialect: Dialect,
  status: number,
  response: Response,
): Promise<JsonObject & { message: string }> {
  const text = await response.text();
  assert.equal(response.status, status, text.slice(0, 300));
  assert.match(response.headers.get('content-type') ?? '', /^application\/json/);
  assert.ok(response.headers.get('x-request-id'), 'an error has a request id');
  return assertErrorBody(dialect, status, JSON.parse(text));
}
