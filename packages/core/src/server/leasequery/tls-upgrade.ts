/** TLS on a connection that has begun without it. */
import type { Socket } from "node:net";
import { createServer } from "node:tls";
import type { Milliseconds } from "../../base/clock.ts";
import { readTlsFiles, type TlsFiles } from "../../base/tls-files.ts";

const PATIENCE: Milliseconds = 10_000;

export interface QueryTls extends TlsFiles {
  readonly isCertRequired: boolean;
}

/**
 * The files are read now: changed ones count for new connections.
 * @param onFault told why it does not come about; the connection is closed then
 */
export function upgradeToTls(
  socket: Socket,
  { isCertRequired, ...files }: QueryTls,
  onSecure: (secured: Socket) => void,
  onFault: (why: string) => void,
): void {
  const fail = (error: Error) => {
    onFault(`TLS: ${error.message}`);
    socket.destroy();
  };
  try {
    // It listens nowhere: it is given the one connection.
    const server = createServer({
      ...readTlsFiles(files),
      requestCert: isCertRequired,
      rejectUnauthorized: isCertRequired,
      handshakeTimeout: PATIENCE,
    });
    server.on("secureConnection", (secured) => {
      // RFC 7724 §5.1: a message is a record. Without this method what waits is written piece by piece, and not as one.
      Object.defineProperty(secured, "_writev", { value: undefined });
      onSecure(secured);
    });
    server.on("tlsClientError", fail);
    server.emit("connection", socket);
  } catch (error) {
    fail(error as Error);
  }
}
