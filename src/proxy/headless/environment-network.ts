import { readFileSync } from 'node:fs';
import type { NetworkSettings } from '../../shared/settings';

type Environment = Record<string, string | undefined>;

/** What the environment says of the network, as curl and Node read it; an empty variable counts as absent. */
export interface EnvironmentNetwork {
  network: NetworkSettings;
  /** For a person: files that could not be read. */
  notes: string[];
}

/** Files of certificates that Node and OpenSSL take from the environment. */
const CERTIFICATE_FILES = ['SSL_CERT_FILE', 'NODE_EXTRA_CA_CERTS'];

/** A variable in small letters, which win as with curl, or in capitals. */
function variable(environment: Environment, name: string): string | undefined {
  return [environment[name.toLowerCase()], environment[name]].map((each) => each?.trim()).find(Boolean);
}

/**
 * Network settings for a command whose configuration has none (SPEC §9): `HTTPS_PROXY`, else `HTTP_PROXY`; `NO_PROXY`;
 * `SSL_CERT_FILE` and `NODE_EXTRA_CA_CERTS`. https://curl.se/docs/manpage.html#ENVIRONMENT
 * @param read reads a file as text
 */
export function environmentNetwork(
  environment: Environment,
  read: (file: string) => string = (file) => readFileSync(file, 'utf8'),
): EnvironmentNetwork {
  const notes: string[] = [];
  const certificates = CERTIFICATE_FILES.flatMap((name) => {
    const file = environment[name]?.trim();
    if (!file) return [];
    try {
      return [read(file)];
    } catch (error) {
      notes.push(`${name}: cannot read ${file}: ${(error as NodeJS.ErrnoException).code ?? 'unknown error'}`);
      return [];
    }
  });
  const network = {
    proxy: variable(environment, 'HTTPS_PROXY') ?? variable(environment, 'HTTP_PROXY') ?? '',
    noProxy: (variable(environment, 'NO_PROXY') ?? '').split(/[\s,]+/).filter(Boolean),
    // Node itself acts on NODE_TLS_REJECT_UNAUTHORIZED.
    strictSsl: true,
    certificates: [...new Set(certificates)],
  };
  return { network, notes };
}
