/** Real DHCP clients behind one face: started on a host's interface, their reports in one vocabulary. */
import { mkdtempSync } from "node:fs";
import { join } from "node:path";
import type { Host, Lab } from "../lab/lab.ts";
import type { Program } from "../lab/program.ts";
import { top } from "../top.ts";
import { type ClientEvent, Events } from "./events.ts";

/** What a client says it was given; addresses of one option with spaces between. */
export interface Bound {
  readonly address: string;
  readonly server: string;
  /** Seconds. */
  readonly lifetime: number;
  readonly mask: string;
  readonly routers: string;
  readonly nameServers: string;
  readonly domain: string;
  readonly ntpServers: string;
  readonly mtu: string;
  readonly search: string;
  readonly hostname: string;
}

/** How one client is driven. */
export interface Driver {
  /** Debian's package. */
  readonly package: string;
  /** @param folder a private folder for its files */
  command(device: string, folder: string, events: string): readonly string[];
  /** Names of its variables. */
  read(variables: ClientEvent["variables"]): Bound;
  /** Its words for: it has an address; its lease was extended (dhclient says RENEW when it rebinds, too). */
  readonly bound: readonly string[];
  readonly extended: readonly string[];
  /** Makes it renew now; without one it waits for T1. */
  readonly renewSignal?: NodeJS.Signals;
  /** Gives the lease back and ends. */
  release(client: Client): Promise<void>;
}

/** What every client runs on its events. */
export const HOOK = join(top, "e2e/src/clients/hook.sh");

export class Client implements AsyncDisposable {
  readonly host: Host;
  readonly device: string;
  readonly folder: string;
  readonly program: Program;
  readonly events: Events;
  readonly driver: Driver;

  constructor(driver: Driver, lab: Lab, host: Host, device: string) {
    this.driver = driver;
    this.host = host;
    this.device = device;
    this.folder = mkdtempSync(join(lab.folder, "client-"));
    this.events = new Events(join(this.folder, "events"));
    this.program = host.start(driver.command(device, this.folder, this.events.folder), {
      env: { EVENTS: this.events.folder },
    });
  }

  async #next(reasons: readonly string[], timeout: number): Promise<Bound> {
    try {
      return this.driver.read((await this.events.next(reasons, timeout)).variables);
    } catch (error) {
      throw new Error(`${error}\n${this.program.lines.slice(-30).join("\n")}`, { cause: error });
    }
  }

  bound(timeout = 30_000): Promise<Bound> {
    return this.#next(this.driver.bound, timeout);
  }

  /** The next extension of its lease; brought about at once where the client can be told to. */
  renewed(timeout = 30_000): Promise<Bound> {
    if (this.driver.renewSignal !== undefined) this.program.signal(this.driver.renewSignal);
    return this.#next(this.driver.extended, timeout);
  }

  /** The first extension by this server: those by the one before are passed over. */
  async reboundTo(server: string, timeout = 60_000): Promise<Bound> {
    for (;;) {
      const bound = await this.#next(this.driver.extended, timeout);
      if (bound.server === server) return bound;
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.program.stop("SIGKILL");
    this.events[Symbol.dispose]();
  }
}
