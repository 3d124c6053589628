/** Every error that can reach a client. They leave in the client's dialect (SPEC 3.9). */
import type { ErrorInfo, ErrorKind } from './dialects/canonical';

interface Details {
  code?: string;
  param?: string;
  retryAfterSeconds?: number;
  headers?: Record<string, string>;
  cause?: unknown;
}

/** Base of the family: a status, a kind, and what the client may be told. The message holds no secret. */
export class ProxyError extends Error {
  override name = 'ProxyError';
  readonly code: string | undefined;
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;
  /** Response headers that go with it (`Allow`, `WWW-Authenticate`). */
  readonly headers: Record<string, string>;

  constructor(
    readonly status: number,
    readonly kind: ErrorKind,
    message: string,
    details: Details = {},
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause });
    this.code = details.code;
    this.param = details.param;
    this.retryAfterSeconds = details.retryAfterSeconds;
    this.headers = details.headers ?? {};
  }

  /** The plain description that a dialect's `encodeError` takes. */
  info(requestId?: string): ErrorInfo {
    return {
      status: this.status,
      kind: this.kind,
      message: this.message,
      ...(this.code !== undefined && { code: this.code }),
      ...(this.param !== undefined && { param: this.param }),
      ...(this.retryAfterSeconds !== undefined && { retryAfterSeconds: this.retryAfterSeconds }),
      ...(requestId !== undefined && { requestId }),
    };
  }
}

/** 400: the request cannot be understood; `param` is the path of the field. */
export class InvalidRequestError extends ProxyError {
  override name = 'InvalidRequestError';
  constructor(message: string, param?: string, code?: string) {
    super(400, 'invalid_request', message, {
      ...(param !== undefined && { param }),
      ...(code !== undefined && { code }),
    });
  }
}

/** 400: understood, but this version or this account cannot do it. */
export class NotSupportedError extends ProxyError {
  override name = 'NotSupportedError';
  constructor(message: string, param?: string) {
    super(400, 'not_supported', message, param === undefined ? {} : { param });
  }
}

/** 401: no right key among those sent (SPEC 2.5). */
export class UnauthorizedError extends ProxyError {
  override name = 'UnauthorizedError';
  constructor(message: string) {
    super(401, 'authentication', message, {
      code: 'invalid_api_key',
      headers: { 'www-authenticate': 'Bearer' },
    });
  }
}

/** 403: this address, host or origin may not ask. */
export class ForbiddenError extends ProxyError {
  override name = 'ForbiddenError';
  constructor(message: string) {
    super(403, 'permission', message);
  }
}

/** 404 with a hint where to go. */
export class NotFoundError extends ProxyError {
  override name = 'NotFoundError';
  constructor(message: string, code?: string) {
    super(404, 'not_found', message, code === undefined ? {} : { code });
  }
}

/** 405 with `Allow`. */
export class MethodNotAllowedError extends ProxyError {
  override name = 'MethodNotAllowedError';
  constructor(method: string, path: string, allow: string) {
    super(405, 'method_not_allowed', `${method} is not allowed on ${path}. Allowed: ${allow}.`, {
      headers: { allow },
    });
  }
}

/** 413: body above the limit, as sent or decoded. */
export class PayloadTooLargeError extends ProxyError {
  override name = 'PayloadTooLargeError';
  constructor(limitBytes: number) {
    super(413, 'request_too_large', `The request body is larger than the limit of ${limitBytes} bytes.`);
  }
}

/** 415: content type or encoding that is not served. */
export class UnsupportedMediaTypeError extends ProxyError {
  override name = 'UnsupportedMediaTypeError';
  constructor(message: string) {
    super(415, 'unsupported_media_type', message);
  }
}

/** 502: an upstream answered badly or not at all; 503/504 where that is truer. */
export class UpstreamError extends ProxyError {
  override name = 'UpstreamError';
  constructor(message: string, details: Details & { status?: number; kind?: ErrorKind } = {}) {
    super(details.status ?? 502, details.kind ?? 'upstream', message, details);
  }
}

/** 503: nothing in the pool can serve this request. */
export class NoAccountError extends ProxyError {
  override name = 'NoAccountError';
  constructor(message: string, retryAfterSeconds?: number) {
    super(503, 'unavailable', message, retryAfterSeconds === undefined ? {} : { retryAfterSeconds });
  }
}

/** A start that cannot be: no accounts (SPEC 1.4). */
export class NoAccountsError extends Error {
  override name = 'NoAccountsError';
  readonly code = 'NO_ACCOUNTS';
  constructor() {
    super('no available accounts, please add an account first');
  }
}

/** A start that cannot be: the address cannot be bound (SPEC 1.5). */
export class BindError extends Error {
  override name = 'BindError';
  constructor(
    readonly host: string,
    readonly port: number,
    /** `EADDRINUSE`, `EACCES`, … */
    readonly code: string,
    reason: string,
  ) {
    super(`failed to start server: failed to bind address ${host}:${port}: ${reason}`);
  }
}
