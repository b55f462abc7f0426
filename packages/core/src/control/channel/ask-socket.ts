/** Sends one command to a UNIX socket, of ours or of Kea's, and hands over what comes back. */
import { connect } from "node:net";
import type { Milliseconds } from "../../base/clock.ts";

/**
 * The answer, of any length, in pieces; it is read no faster than they are taken, and ends when the other end closes.
 * @param patience for the other end to say something
 * @param signal when nobody wants the answer any more
 * @throws Error that says what is the matter with the socket
 */
export async function* askSocket(
  path: string,
  text: string | Buffer,
  patience: Milliseconds,
  signal?: AbortSignal,
): AsyncGenerator<Buffer> {
  // Not half-closed: Kea takes that for the end of the connection.
  const socket = connect({ path, allowHalfOpen: true, ...(signal && { signal }) });
  socket.setTimeout(patience, () => {
    socket.destroy(new Error(`no answer within ${patience / 1000} s`));
  });
  socket.write(text);
  try {
    yield* socket as AsyncIterable<Buffer>;
  } catch (error) {
    throw new Error(`${path}: ${explain(error as NodeJS.ErrnoException)}`, { cause: error });
  } finally {
    socket.destroy();
  }
}

function explain({ code, message }: NodeJS.ErrnoException): string {
  switch (code) {
    case "ENOENT":
      return "there is no such socket; does the daemon run, and with this configuration?";
    case "ECONNREFUSED":
      return "nobody listens there; does the daemon run?";
    case "EACCES":
      return "you may not use this socket; try as root, or as a member of its group";
    default:
      return message;
  }
}
