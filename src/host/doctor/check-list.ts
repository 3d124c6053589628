import type { Check } from './check';
import { checkAccounts } from './checks/accounts';
import { checkAgents } from './checks/agents';
import { checkBaseUrls } from './checks/base-urls';
import { checkCertificates } from './checks/certificates';
import { checkForwardProxy } from './checks/forward-proxy';
import { checkHealth } from './checks/health';
import { checkKey } from './checks/key';
import { checkLan } from './checks/lan';
import { checkMonitor } from './checks/monitor';
import { checkNetwork } from './checks/network';
import { checkPort } from './checks/port';
import { checkProviders } from './checks/providers';
import { checkRemote } from './checks/remote';
import { checkRoutes } from './checks/routes';
import { checkStorage } from './checks/storage';
import { checkTerminals } from './checks/terminals';
import { checkVariables } from './checks/variables';
import { checkVersions } from './checks/versions';
import { checkWorkspace } from './checks/workspace';

/** Every check, in the order in which they are shown: along the way of a request, then what surrounds it. */
export const CHECKS: readonly Check[] = [
  checkPort,
  checkHealth,
  checkKey,
  checkBaseUrls,
  checkAccounts,
  checkProviders,
  checkRoutes,
  checkAgents,
  checkTerminals,
  checkVariables,
  checkForwardProxy,
  checkCertificates,
  checkNetwork,
  checkLan,
  checkStorage,
  checkMonitor,
  checkRemote,
  checkWorkspace,
  checkVersions,
];
