/** Real DHCPv4 clients behind one face: their reports in one vocabulary. */
import type { Host, Lab } from "../lab/lab.ts";
import { ClientProgram } from "./client-program.ts";
import type { ClientEvent } from "./events.ts";

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
export interface Driver4 {
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
  release(client: Client4): Promise<void>;
}

export class Client4 extends ClientProgram {
  readonly driver: Driver4;

  constructor(driver: Driver4, lab: Lab, host: Host, device: string) {
    super(lab, host, device, (folder, events) => driver.command(device, folder, events));
    this.driver = driver;
  }

  async #next(reasons: readonly string[], timeout: number): Promise<Bound> {
    try {
      return this.driver.read((await this.events.next(reasons, timeout)).variables);
    } catch (error) {
      throw new Error(`${error}\n${this.program.lines.slice(-30).join("\n")}`, { cause: error });
    }
  }

  bound(timeout = 60_000): Promise<Bound> {
    return this.#next(this.driver.bound, timeout);
  }

  /** The next extension of its lease; brought about at once where the client can be told to. */
  renewed(timeout = 60_000): Promise<Bound> {
    if (this.driver.renewSignal !== undefined) this.program.signal(this.driver.renewSignal);
    return this.extended(timeout);
  }

  /** The next extension of its lease, brought about by others. */
  extended(timeout = 60_000): Promise<Bound> {
    return this.#next(this.driver.extended, timeout);
  }

  /** The first extension by this server: those by the one before are passed over. */
  async reboundTo(server: string, timeout = 60_000): Promise<Bound> {
    for (;;) {
      const bound = await this.#next(this.driver.extended, timeout);
      if (bound.server === server) return bound;
    }
  }
}
