/**
 * Programs named like agents that do not do with variables alone: they stand ahead of the agent on a terminal's PATH, and
 * start it with what it needs. They hold no address and no key: those are in the terminal's environment.
 *
 * Codex takes its server's address from its configuration or its command line, and from nowhere else
 * (https://github.com/openai/codex/pull/16720).
 *
 * Gemini CLI asks once how to sign in and keeps the answer. Without one, and without a terminal to ask in, an address in
 * the environment makes it choose a way that it then calls invalid; it takes the variables of Vertex AI instead, of which
 * it asks the same things. Who has chosen before is left alone.
 * (https://github.com/google-gemini/gemini-cli, getAuthTypeFromEnv and validateAuthMethod)
 */

/** A file to be written. */
export interface Launcher {
  name: string;
  text: string;
}

/** Lies beside launchers for cmd.exe. */
const MARK = 'portside-launchers.txt';

/** Values are not quoted for TOML: what is no TOML is taken as it is. */
const CODEX_PROVIDER = (url: string): string[] => [
  '-c model_provider=portside',
  '-c model_providers.portside.name=Portside',
  `-c "model_providers.portside.base_url=${url}"`,
  '-c model_providers.portside.env_key=OPENAI_API_KEY',
  '-c model_providers.portside.wire_api=responses',
];

/**
 * The launchers for one platform.
 * @returns scripts of the POSIX shell, and for Windows those of cmd.exe beside them (Git Bash uses the first)
 */
export function agentLaunchers(platform: NodeJS.Platform): Launcher[] {
  const scripts = [
    { name: 'codex', text: forShell('codex', CODEX_IN_SHELL) },
    { name: 'gemini', text: forShell('gemini', GEMINI_IN_SHELL) },
  ];
  if (platform !== 'win32') return scripts;
  return [
    ...scripts,
    { name: MARK, text: 'Launchers of Portside: they pass over each other.\r\n' },
    { name: 'codex.cmd', text: forCmd('codex', CODEX_IN_CMD) },
    { name: 'gemini.cmd', text: forCmd('gemini', GEMINI_IN_CMD) },
  ];
}

const CODEX_IN_SHELL = `if [ -n "\${OPENAI_BASE_URL:-}" ]; then
  set -- ${CODEX_PROVIDER('$OPENAI_BASE_URL').join(' \\\n    ')} "$@"
fi`;

const GEMINI_IN_SHELL = `if [ -n "\${GOOGLE_GEMINI_BASE_URL:-}" ] &&
  ! grep -qs '"selectedType"' "\${GEMINI_CLI_HOME:-$HOME}/.gemini/settings.json"; then
  export GOOGLE_GENAI_USE_VERTEXAI=true GOOGLE_VERTEX_BASE_URL="$GOOGLE_GEMINI_BASE_URL"
  export GOOGLE_API_KEY="\${GEMINI_API_KEY:-}"
fi`;

const CODEX_IN_CMD = `if defined OPENAI_BASE_URL set PORTSIDE_ARGUMENTS=${CODEX_PROVIDER('%OPENAI_BASE_URL%').join(' ')}`;

const GEMINI_IN_CMD = `if not defined GOOGLE_GEMINI_BASE_URL goto start
set "PORTSIDE_HOME=%USERPROFILE%"
if defined GEMINI_CLI_HOME set "PORTSIDE_HOME=%GEMINI_CLI_HOME%"
findstr /c:"selectedType" "%PORTSIDE_HOME%\\.gemini\\settings.json" >nul 2>nul && goto start
set GOOGLE_GENAI_USE_VERTEXAI=true
set GOOGLE_VERTEX_BASE_URL=%GOOGLE_GEMINI_BASE_URL%
set GOOGLE_API_KEY=%GEMINI_API_KEY%`;

/**
 * Takes its own folder off the PATH before it looks for the program: neither this script nor one of another editor's, which
 * may have started this one, is found again.
 */
const forShell = (program: string, prepare: string): string => `#!/bin/sh
# Written by Portside (setting "portside.terminalEnvironment"): starts ${program} with Portside as its server.
here=$(CDPATH= cd -- "$(dirname -- "$0")" && pwd -P)
path=
set -f
IFS=:
for folder in $PATH; do
  [ -n "$folder" ] || continue
  [ "$(CDPATH= cd -- "$folder" 2>/dev/null && pwd -P)" = "$here" ] || path="$path\${path:+:}$folder"
done
unset IFS
set +f
PATH=$path
export PATH
if ! command -v ${program} >/dev/null 2>&1; then
  echo "${program}: command not found" >&2
  exit 127
fi
${prepare}
exec ${program} "$@"
`;

/**
 * Passes over all folders of launchers: this one, and one of another editor's that may have started this one. Without `call`,
 * which would read the arguments once more: the last command's exit code is the script's.
 */
const forCmd = (program: string, prepare: string): string =>
  [
    '@echo off',
    `rem Written by Portside (setting "portside.terminalEnvironment"): starts ${program} with Portside as its server.`,
    'setlocal',
    'set PORTSIDE_ARGUMENTS=',
    ...prepare.split('\n'),
    ':start',
    'set PORTSIDE_PROGRAM=',
    `for /f "delims=" %%P in ('where ${program}.exe ${program}.cmd 2^>nul') do (`,
    `  if not defined PORTSIDE_PROGRAM if not exist "%%~dpP${MARK}" set "PORTSIDE_PROGRAM=%%P"`,
    ')',
    'if defined PORTSIDE_PROGRAM goto run',
    `echo ${program}: command not found 1>&2`,
    'exit /b 127',
    ':run',
    '"%PORTSIDE_PROGRAM%" %PORTSIDE_ARGUMENTS% %*',
    '',
  ].join('\r\n');
