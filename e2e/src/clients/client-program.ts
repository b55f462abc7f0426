/** A real DHCP client of either family: started on a host's interface, with the reports of its hook. */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Host, Lab } from "../lab/lab.ts";
import type { Program } from "../lab/program.ts";
import { top } from "../top.ts";
import { Events } from "./events.ts";

/** What every client runs on its events. */
export const HOOK = join(top, "e2e/src/clients/hook.sh");

export class ClientProgram implements AsyncDisposable {
  readonly host: Host;
  readonly device: string;
  /** Its files. */
  readonly folder: string;
  readonly command: readonly string[];
  program: Program;
  readonly events: Events;

  /** @param command from its private folder and the folder for events */
  constructor(lab: Lab, host: Host, device: string, command: (folder: string, events: string) => readonly string[]) {
    this.host = host;
    this.device = device;
    this.folder = mkdtempSync(join(lab.folder, "client-"));
    this.events = new Events(join(this.folder, "events"));
    this.command = command(this.folder, this.events.folder);
    this.program = this.run();
  }

  /** Starts the same program with the same files again. @param flags more of them, before the others */
  run(...flags: readonly string[]): Program {
    const [name, ...rest] = this.command;
    return this.host.start([name!, ...flags, ...rest], { env: { EVENTS: this.events.folder } });
  }

  /** The host lost its power and is back: the client finds its files and nothing else. */
  async restart(): Promise<void> {
    await this.program.stop("SIGKILL");
    this.host.ip("-6", "address", "flush", "dev", this.device, "scope", "global");
    this.program = this.run();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop("SIGKILL");
    this.events[Symbol.dispose]();
  }
}
