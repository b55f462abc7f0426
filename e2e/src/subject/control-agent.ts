/** Debian's kea-ctrl-agent, which takes commands over HTTP for daemons that have UNIX sockets only. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Host } from "../lab/lab.ts";
import { findProgram, type Program } from "../lab/program.ts";
import { privateFolders } from "./server.ts";

export const CONTROL_AGENT = "kea-ctrl-agent";

export function hasControlAgent(): boolean {
  return findProgram(CONTROL_AGENT) !== undefined;
}

export interface AgentOptions {
  /** Where it listens. */
  readonly address: string;
  readonly port: number;
  /** Of the daemons, by Kea's names of them. */
  readonly sockets: Readonly<Record<string, string>>;
  readonly folder: string;
}

/** Returns once it takes commands. */
export async function startAgent(host: Host, { address, port, sockets, folder }: AgentOptions): Promise<Program> {
  const agent = {
    "http-host": address,
    "http-port": port,
    "control-sockets": Object.fromEntries(
      Object.entries(sockets).map(([name, path]) => [name, { "socket-type": "unix", "socket-name": path }]),
    ),
    loggers: [{ name: CONTROL_AGENT, severity: "INFO", output_options: [{ output: "stdout" }] }],
  };
  const file = join(folder, "agent.json");
  writeFileSync(file, JSON.stringify({ "Control-agent": agent }));
  const program = host.start([CONTROL_AGENT, "-c", file], { env: privateFolders(folder), cwd: folder });
  await program.waitFor(/CTRL_AGENT_(HTTP_SERVICE_)?STARTED/);
  return program;
}
