/** The Python SDKs, where this machine's Python has them. */
import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { startScriptedUpstream } from '../support/upstream/scripted-upstream';
import type { ScriptedUpstream } from '../support/upstream/scripted-upstream';
import { skipBecause } from '../support/skip-because';
import { accountAt, startPortside } from '../support/start-portside';
import type { StartedPortside } from '../support/start-portside';

/** Each prints the answer's text: whole, then streamed. `B` is the base URL. */
const PROGRAMS: { name: string; imports: string; program: string }[] = [
  {
    name: 'openai',
    imports: 'from openai import OpenAI',
    program: `
from openai import OpenAI
c = OpenAI(base_url=B + "/v1", api_key="sk-any", max_retries=0)
m = [{"role": "user", "content": "Hi"}]
print(c.chat.completions.create(model="m", messages=m).choices[0].message.content)
print("".join(x.choices[0].delta.content or "" for x in c.chat.completions.create(model="m", messages=m, stream=True) if x.choices))
`,
  },
  {
    name: 'openai, Responses',
    imports: 'from openai import OpenAI',
    program: `
from openai import OpenAI
c = OpenAI(base_url=B + "/v1", api_key="sk-any", max_retries=0)
print(c.responses.create(model="m", input="Hi").output_text)
with c.responses.stream(model="m", input="Hi") as s:
    print("".join(e.delta for e in s if e.type == "response.output_text.delta"))
`,
  },
  {
    name: 'anthropic',
    imports: 'from anthropic import Anthropic',
    program: `
from anthropic import Anthropic
c = Anthropic(base_url=B, api_key="sk-any", max_retries=0)
m = [{"role": "user", "content": "Hi"}]
print(c.messages.create(model="m", max_tokens=99, messages=m).content[0].text)
with c.messages.stream(model="m", max_tokens=99, messages=m) as s:
    print("".join(s.text_stream))
`,
  },
  {
    name: 'google-genai',
    imports: 'from google import genai',
    program: `
from google import genai
from google.genai import types
c = genai.Client(api_key="sk-any", http_options=types.HttpOptions(base_url=B))
print(c.models.generate_content(model="m", contents="Hi").text)
print("".join(x.text or "" for x in c.models.generate_content_stream(model="m", contents="Hi")))
`,
  },
];

function missing(imports: string): string | undefined {
  const found = spawnSync('python3', ['-c', imports], { encoding: 'utf8', cwd: tmpdir() });
  if (found.error) return 'there is no python3';
  return found.status === 0 ? undefined : (found.stderr.trim().split('\n').at(-1) ?? 'the import failed');
}

describe('Python SDKs', () => {
  let upstream: ScriptedUpstream;
  let portside: StartedPortside | undefined;
  before(async () => {
    upstream = await startScriptedUpstream();
  });
  afterEach(() => portside?.stop());
  after(() => upstream.close());

  for (const { name, imports, program } of PROGRAMS) {
    const why = missing(imports);
    for (const account of ['openai-chat', 'openai-responses', 'anthropic', 'gemini'] as const) {
      it(`${name} → ${account} account`, async function () {
        if (why) skipBecause(this, why);
        portside = await startPortside({ accounts: [accountAt(upstream, account)] });
        const child = spawn('python3', ['-c', `B = "${portside.url}"\n${program}`], { cwd: tmpdir() });
        let out = '';
        let err = '';
        child.stdout.on('data', (chunk: Buffer) => (out += chunk.toString()));
        child.stderr.on('data', (chunk: Buffer) => (err += chunk.toString()));
        await once(child, 'close');
        assert.equal(out.trim(), 'Hello from upstream\nHello from upstream', err);
      }).timeout(60_000);
    }
  }
});
