/** Commands by HTTP, as tools send them: the socket, and a call to it. */
import { execFile } from "node:child_process";
import { promisify } from "node:util";
import type { Host } from "../../lab/lab.ts";
import type { Family } from "../../subject/server.ts";

const LOGIN = { user: "stork", password: "secret" };
const PORT = 8000;

/** What stands under `control-sockets`. */
export const httpSockets: Readonly<Record<Family, readonly object[]>> = { 4: httpAt("127.0.0.1"), 6: httpAt("::1") };

function httpAt(address: string): object[] {
  const authentication = { type: "basic", clients: [LOGIN] };
  return [{ "socket-type": "http", "socket-address": address, "socket-port": PORT, authentication }];
}

/** @returns the answer without the list that it comes in, of nothing else */
export async function sendByHttp(host: Host, family: Family, command: string, args: unknown): Promise<string> {
  const body = { command, service: [`dhcp${family}`], ...(args === undefined ? {} : { arguments: args }) };
  const login = ["-u", `${LOGIN.user}:${LOGIN.password}`];
  const json = ["-H", "Content-Type: application/json", "-d", JSON.stringify(body)];
  const url = `http://${family === 4 ? "127.0.0.1" : "[::1]"}:${PORT}/`;
  // Not with the test waiting for it: Kea stops until somebody reads its log.
  const curl = ["curl", "--silent", "--show-error", "--fail", ...login, ...json, url];
  const { stdout } = await promisify(execFile)("ip", ["netns", "exec", host.name, ...curl]);
  const [, answer] = /^\[(.*)\]$/s.exec(stdout.trim()) ?? [];
  if (answer === undefined) throw new Error(`${command}: no list in ${stdout}`);
  return answer;
}
