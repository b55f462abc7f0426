/** `control-sockets`: each can be what it is to be, and none is where another one is. */
import type { Dhcp4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import { HTTP_PORT } from "../schema/control-sockets.ts";
import { checkHttpSocket, type SocketConfig } from "./check-http-socket.ts";
import type { Report } from "./report.ts";

/** Bytes: `sun_path` of unix(7) has 108, one of which ends it. */
export const LONGEST_SOCKET_PATH = 107;

export function checkControlSockets(config: Pick<Dhcp4Config, "control-sockets">, root: Pointer, report: Report): void {
  const endpoints = new Set<string>();
  config["control-sockets"].forEach((socket, i) => {
    const pointer = [...root, "control-sockets", i];
    if (socket["socket-type"] === "unix") checkPath(socket["socket-name"], [...pointer, "socket-name"], report);
    else checkHttpSocket(socket, pointer, report);
    const { key, endpoint } = endpointOf(socket);
    if (endpoint === undefined) return;
    if (endpoints.has(endpoint)) {
      const value = socket[key];
      const message =
        key === "socket-name" ? "is the path of another socket too" : "is where another socket listens, too";
      report({ pointer: [...pointer, key], value, message, fix: "remove one of them", severity: "error" });
    }
    endpoints.add(endpoint);
  });
}

function checkPath(name: string | undefined, pointer: Pointer, report: Report): void {
  const fault = { pointer, value: name, severity: "error" } as const;
  if (name === undefined || name === "") {
    report({ ...fault, message: "is missing", fix: 'write "socket-name": "kea4-ctrl-socket"' });
  } else if (Buffer.byteLength(name) > LONGEST_SOCKET_PATH || name.includes("\0")) {
    const fix = `give it at most ${LONGEST_SOCKET_PATH} characters`;
    report({ ...fault, message: "cannot be the path of a socket", fix });
  }
}

/** What no other may have, and the key that says it. Of port 0 the kernel chooses. */
function endpointOf(socket: SocketConfig): { key: "socket-name" | "socket-port"; endpoint: string | undefined } {
  if (socket["socket-type"] === "unix") return { key: "socket-name", endpoint: socket["socket-name"] || undefined };
  const { "socket-address": address = "", "socket-port": port = HTTP_PORT } = socket;
  return { key: "socket-port", endpoint: port === 0 ? undefined : `${address} ${port}` };
}
