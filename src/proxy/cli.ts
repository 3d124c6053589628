/** The command line: `node dist/cli.js serve [--config file.json] [--port n] [--json]`, `… route <model>`. */
import { parseArgs } from 'node:util';
import { DIALECTS, portSchema } from '../shared/settings';
import { route } from './headless/route';
import { serve } from './headless/serve';

const HELP = `Portside: one local base URL for every coding agent.

Usage: portside serve [--config file.json] [--port n] [--json] [--verbose]
       portside route <model> [--protocol p] [--config file.json] [--json]

  --config file   settings and accounts as JSON; a value may be \${env:NAME}
  --port n        the port to listen on; 0 picks a free one (default 8045)
  --json          say "listening" and "error", or the route, as one line of JSON each
  --verbose       tell of every request which account was chosen, and why
  --protocol p    the client's: ${DIALECTS.join(', ')} (default openai-chat)
  --help          this text

Without --config, keys in the environment become accounts (GEMINI_API_KEY, ANTHROPIC_API_KEY, OPENAI_API_KEY,
ZAI_API_KEY, OPENROUTER_API_KEY, DEEPSEEK_API_KEY, GROQ_API_KEY, MISTRAL_API_KEY, XAI_API_KEY, MOONSHOT_API_KEY,
AZURE_OPENAI_API_KEY with AZURE_OPENAI_ENDPOINT, Google Cloud's and AWS's variables); with none, the built-in demo account
answers.
PORTSIDE_STATE names the folder for what must survive a restart: models' reasoning and its signatures, never keys.
`;

function fail(message: string, json: boolean): void {
  process.stdout.write(json ? `${JSON.stringify({ event: 'error', message })}\n` : `${message}\n`);
  process.exitCode = 1;
}

async function main(args: string[]): Promise<void> {
  const json = args.includes('--json');
  let parsed;
  try {
    parsed = parseArgs({
      args,
      allowPositionals: true,
      options: {
        config: { type: 'string' },
        port: { type: 'string' },
        protocol: { type: 'string' },
        json: { type: 'boolean', default: false },
        verbose: { type: 'boolean', default: false },
        help: { type: 'boolean', default: false },
      },
    });
  } catch (error) {
    fail((error as Error).message, json);
    return;
  }
  const { values, positionals } = parsed;
  if (values.help || positionals.length === 0) {
    process.stdout.write(HELP);
    return;
  }
  const [command, model] = positionals;
  const { config } = values;
  if (command === 'route' && positionals.length === 2 && model) {
    const protocol = DIALECTS.find((each) => each === (values.protocol ?? 'openai-chat'));
    if (!protocol) {
      fail(`--protocol must be one of ${DIALECTS.join(', ')}`, json);
      return;
    }
    try {
      await route({ model, protocol, json, ...(config !== undefined && { config }) });
    } catch (error) {
      // The file is not as it should be: the message says where.
      fail((error as Error).message, json);
    }
    return;
  }
  if (positionals.length > 1 || command !== 'serve') {
    fail(`unknown command "${positionals.join(' ')}". Try: portside serve, or portside route <model>`, json);
    return;
  }
  const port = values.port === undefined ? undefined : Number(values.port);
  if (port !== undefined && port !== 0 && !portSchema.safeParse(port).success) {
    fail(`--port must be 0 to 65535, not "${values.port}"`, json);
    return;
  }
  await serve({
    json: values.json,
    verbose: values.verbose,
    ...(config !== undefined && { config }),
    ...(port !== undefined && { port }),
  });
}

main(process.argv.slice(2)).catch((error: unknown) => {
  fail(`internal error: ${(error as Error).message}`, process.argv.includes('--json'));
});
