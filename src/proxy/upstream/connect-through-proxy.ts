/**
 * Connections through a forward proxy, for undici's pools: the pool and its hot path stay the same, only how it connects
 * differs. Plain sockets rather than node:http, which other extensions of the host may have patched.
 * https://www.rfc-editor.org/rfc/rfc9110#name-connect
 */
import * as net from 'node:net';
import * as tls from 'node:tls';
import type { buildConnector as Undici } from 'undici';
import buildConnector from 'undici/lib/core/connect.js';
import { HopError, proxyRefused, proxyUnreachable } from './hop-error';
import type { ForwardProxy, TlsOptions } from './network';

/** Largest head of a proxy's answer, in bytes. */
const HEAD_LIMIT = 16_384;

type Connected = (error: Error | null, socket?: net.Socket) => void;

/** Opens a connection to the proxy itself. @returns the socket, to be destroyed when time is up */
function openToProxy(proxy: ForwardProxy, options: TlsOptions, done: Connected): net.Socket {
  const { host, port, secure } = proxy;
  const socket = secure
    ? tls.connect({
        ...options,
        host,
        port,
        ALPNProtocols: ['http/1.1'],
        ...(net.isIP(host) === 0 && { servername: host }),
      })
    : net.connect({ host, port });
  socket.setNoDelay(true).setKeepAlive(true, 60_000);
  // Stays for the socket's life: an error after this is told by whoever uses the connection.
  socket.on('error', (error) => {
    done(proxyUnreachable(proxy.label, error));
  });
  socket.once(secure ? 'secureConnect' : 'connect', () => {
    done(null, socket);
  });
  return socket;
}

/** Asks for a tunnel. The socket is paused and at the tunnel's first byte when `done` hears of it. */
function askForTunnel(socket: net.Socket, proxy: ForwardProxy, target: string, done: Connected): void {
  let head = Buffer.alloc(0);
  const over = (error: HopError | null, rest?: Buffer) => {
    socket.off('data', onData).off('end', onEnd).off('close', onEnd).pause();
    if (rest?.length) socket.unshift(rest);
    done(error, socket);
  };
  const onEnd = () => {
    over(new HopError(proxy.label, 'PROXY_CLOSED', 'the proxy closed the connection without an answer'));
  };
  const onData = (bytes: Buffer) => {
    head = Buffer.concat([head, bytes]);
    const end = head.indexOf('\r\n\r\n');
    const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(head.toString('latin1', 0, 32))?.[1] ?? 0);
    const http = head.length < 12 ? 'HTTP/1.'.startsWith(head.toString('latin1', 0, 7)) : status >= 100;
    if (!http || (end < 0 && head.length > HEAD_LIMIT)) {
      over(new HopError(proxy.label, 'PROXY_BAD_ANSWER', 'the proxy did not answer in HTTP'));
      return;
    }
    if (end < 0) return;
    if (status < 200 || status > 299) {
      over(proxyRefused(proxy.label, status, target));
      return;
    }
    over(null, head.subarray(end + 4));
  };
  socket.on('data', onData).on('end', onEnd).on('close', onEnd);
  const lines = [`CONNECT ${target} HTTP/1.1`, `Host: ${target}`, 'Proxy-Connection: keep-alive'];
  if (proxy.authorization !== undefined) lines.push(`Proxy-Authorization: ${proxy.authorization}`);
  socket.write(`${lines.join('\r\n')}\r\n\r\n`);
}

/** Calls back once, within the time limit, and destroys what was opened when it fails. */
function once(proxy: ForwardProxy, limitMs: number, callback: Undici.Callback) {
  let opened: net.Socket | undefined;
  let over = false;
  const done: Connected = (error, socket) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (error ?? !socket) {
      opened?.destroy();
      callback(error ?? new Error('no socket'), null);
    } else callback(null, socket);
  };
  const timer = setTimeout(() => {
    done(proxyUnreachable(proxy.label, Object.assign(new Error(), { code: 'UND_ERR_CONNECT_TIMEOUT' })));
  }, limitMs);
  return {
    done,
    /** Takes what is to be destroyed on failure. */
    owns(socket: net.Socket) {
      opened = socket;
      if (over) socket.destroy();
    },
  };
}

/**
 * Connects to the proxy alone, for requests in absolute form.
 * @param limitMs for all of it, in milliseconds
 */
export function connectToProxy(proxy: ForwardProxy, options: TlsOptions, limitMs: number): Undici.connector {
  return (_asked, callback) => {
    const { done, owns } = once(proxy, limitMs, callback);
    owns(openToProxy(proxy, options, done));
  };
}

/**
 * Connects to an https origin through a tunnel, which the proxy makes.
 * @param target `api.example:443`
 * @param limitMs for proxy, tunnel and both handshakes together, in milliseconds
 */
export function connectThroughProxy(
  proxy: ForwardProxy,
  target: string,
  options: TlsOptions,
  limitMs: number,
): Undici.connector {
  // Keeps TLS sessions, so that later connections resume the first one's. Without a limit of its own.
  const overTunnel = buildConnector({ ...options, timeout: 0 });
  return (asked, callback) => {
    const { done, owns } = once(proxy, limitMs, callback);
    const inTunnel: Connected = (error, socket) => {
      if (error ?? !socket) done(error);
      else
        overTunnel({ ...asked, httpSocket: socket }, (...[failure, secured]) => {
          if (failure)
            done(
              new HopError(
                proxy.label,
                (failure as { code?: string }).code ?? 'TLS_FAILED',
                undefined,
                failure,
              ),
            );
          else done(null, secured);
        });
    };
    const atProxy: Connected = (error, socket) => {
      if (error ?? !socket) done(error);
      else askForTunnel(socket, proxy, target, inTunnel);
    };
    owns(openToProxy(proxy, options, atProxy));
  };
}
