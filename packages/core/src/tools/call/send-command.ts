/** Sends one command to a socket, of ours or of Kea's, and hands over what comes back. */
import { connect } from "node:net";
import type { Milliseconds } from "../../base/clock.ts";

/**
 * Resolves when the other end has answered and closed. The answer may be of any length: `take` has it in pieces.
 * @param patience for the other end to say something
 * @throws Error that says what is the matter with the socket
 */
export function sendCommand(
  path: string,
  text: string,
  patience: Milliseconds,
  take: (piece: Buffer) => void,
): Promise<void> {
  return new Promise((resolve, reject) => {
    // Not half-closed: Kea takes that for the end of the connection.
    const socket = connect({ path, allowHalfOpen: true });
    socket.setTimeout(patience, () => {
      socket.destroy(new Error(`no answer within ${patience / 1000} s`));
    });
    socket.on("connect", () => socket.write(text));
    socket.on("data", take);
    socket.on("end", () => {
      socket.destroy();
      resolve();
    });
    socket.on("error", (error) => reject(new Error(`${path}: ${explain(error)}`)));
  });
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
