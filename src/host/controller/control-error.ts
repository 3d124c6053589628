import type { ProxyStatus } from '../../shared/status';

/** A start or a change that cannot be, with a code that the commands know a remedy for. */
export class ControlError extends Error {
  override name = 'ControlError';
  constructor(
    readonly code: 'INVALID_SETTINGS' | 'CANCELLED',
    message: string,
  ) {
    super(message);
  }
}

/** An error of the core or of this side, as the status tells it. */
export function asFailure(error: unknown): NonNullable<ProxyStatus['failure']> {
  const { message, code, host, port } = error as {
    message?: string;
    code?: string;
    host?: string;
    port?: number;
  };
  return {
    message: message ?? String(error),
    code: code ?? 'UNKNOWN',
    ...(host !== undefined && { host }),
    ...(port !== undefined && { port }),
  };
}
