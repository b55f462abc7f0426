/** `control-sockets`: each has a path that can be one, and none has another's. */
import type { Dhcp4Config } from "../dhcp4-config.ts";
import type { Pointer } from "../fault.ts";
import type { Report } from "./report.ts";

/** Bytes: `sun_path` of unix(7) has 108, one of which ends it. */
export const LONGEST_SOCKET_PATH = 107;

export function checkControlSockets(config: Pick<Dhcp4Config, "control-sockets">, root: Pointer, report: Report): void {
  const names = new Set<string>();
  config["control-sockets"].forEach((socket, i) => {
    if (socket["socket-type"] !== "unix") return;
    const name = socket["socket-name"];
    const pointer = [...root, "control-sockets", i, "socket-name"];
    const fault = { pointer, value: name, severity: "error" } as const;
    if (name === undefined || name === "") {
      report({ ...fault, message: "is missing", fix: 'write "socket-name": "kea4-ctrl-socket"' });
    } else if (Buffer.byteLength(name) > LONGEST_SOCKET_PATH || name.includes("\0")) {
      report({
        ...fault,
        message: "cannot be the path of a socket",
        fix: `give it at most ${LONGEST_SOCKET_PATH} characters`,
      });
    } else if (names.has(name)) {
      report({ ...fault, message: "is the path of another socket too", fix: "remove one of them" });
    } else names.add(name);
  });
}
