/** The next datagram that a socket gets. */
import type { Socket } from "node:dgram";
import { once } from "node:events";

/** Milliseconds: much longer than a busy machine takes. */
const PATIENCE = 30_000;

/** @throws Error when none comes, with what `tell` says: why a server is silent stands in its log */
export async function nextMessage(socket: Socket, tell: () => string): Promise<Buffer> {
  try {
    const [payload] = await once(socket, "message", { signal: AbortSignal.timeout(PATIENCE) });
    return payload;
  } catch {
    throw new Error(`no answer within ${PATIENCE} ms; ${tell()}`);
  }
}
