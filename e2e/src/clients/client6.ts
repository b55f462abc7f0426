/** Real DHCPv6 clients behind one face: what they ask for, and what they have, in one vocabulary. */
import type { Host, Lab } from "../lab/lab.ts";
import { delay } from "../lab/program.ts";
import { ClientProgram } from "./client-program.ts";
import type { ClientEvent } from "./events.ts";

/** What a client is told to ask for; with neither addresses nor a prefix it sends an INFORMATION-REQUEST. */
export interface Wish {
  /** How many, each in an identity association of its own. */
  readonly addresses?: number;
  readonly prefix?: boolean;
  readonly rapidCommit?: boolean;
}

/** Options as the client reports them, several addresses or names with spaces between. */
export interface Options6 {
  readonly nameServers: string;
  readonly search: string;
  readonly sntpServers: string;
  readonly ntpServers: string;
  readonly sipServers: string;
  readonly timezone: string;
  readonly bootfileUrl: string;
}

/** How one client is driven. */
export interface Driver6 {
  /** Debian's package. */
  readonly package: string;
  readonly rapidCommit: boolean;
  /**
   * It sees when somebody uses its address already. dhcp6c does not look, and dibbler-client takes an address that the
   * kernel has withdrawn for one that is fine.
   */
  readonly declines: boolean;
  /** After a restart it asks whether its addresses still fit the link. */
  readonly confirms?: {
    /** In which it says so. */
    readonly line: RegExp;
    /** It has an address on disk, and will know it again. */
    knows(client: Client6, address: string): boolean;
  };
  /** Its addresses have their lifetimes in the kernel, too. */
  readonly lifetimes: boolean;
  /** It gives its other interface, `LAN`, an address from the prefix that it is delegated. */
  readonly subnets: boolean;
  /** @param folder a private folder for its files; @param duid octets in hex with colons */
  command(device: string, folder: string, events: string, duid: string, wish: Wish): readonly string[];
  /** Its variables for the options; only those that it understands. */
  readonly variables: Readonly<Partial<Record<keyof Options6, string>>>;
  /** The delegated prefixes of which it has spoken so far: `2001:db8::/56`. */
  prefixes(client: Client6): readonly string[];
  /** Gives everything back and ends. */
  release(client: Client6): Promise<unknown>;
}

/** Milliseconds after which is looked again: each look starts a program. */
const PAUSE = 200;

/** Where a client puts what it makes of its prefix. */
export const LAN = "lan0";

export class Client6 extends ClientProgram {
  readonly driver: Driver6;
  readonly duid: string;
  readonly wish: Wish;

  /** @param host with a device `LAN` when a prefix is wished for */
  constructor(driver: Driver6, lab: Lab, host: Host, device: string, duid: string, wish: Wish) {
    super(lab, host, device, (folder, events) => driver.command(device, folder, events, duid, wish));
    this.driver = driver;
    this.duid = duid;
    this.wish = wish;
  }

  /** The addresses on its interface, without the link-local one. */
  get addresses(): readonly string[] {
    return this.host.addresses(this.device, 6);
  }

  get prefixes(): readonly string[] {
    return this.driver.prefixes(this);
  }

  /** What it was told last of each option. */
  get options(): Partial<Options6> {
    const variables: ClientEvent["variables"] = Object.assign({}, ...this.events.seen.map((each) => each.variables));
    const known = Object.entries(this.driver.variables).map(([option, name]) => [option, variables[name]]);
    // Domain names stand with and without the dot of the root, lists with and without a space behind them.
    return Object.fromEntries(known.map(([option, value]) => [option, value?.replaceAll(/\.?(?= |$)/g, "").trim()]));
  }

  /** Seconds that an address of its interface is still valid. */
  lifetime(address: string): number {
    const shown = this.host.ip("-6", "address", "show", "dev", this.device, "to", address);
    return Number(/valid_lft (\d+)sec/.exec(shown)?.[1]);
  }

  /** Waits until something can be seen of it. @throws Error with the client's output when that takes too long */
  async until(what: string, seen: () => boolean | Promise<boolean>, timeout = 60_000): Promise<void> {
    for (const end = performance.now() + timeout; !(await seen()); await delay(PAUSE)) {
      if (performance.now() > end) {
        throw new Error(`no ${what}; the client's last lines:\n${this.program.lines.slice(-40).join("\n")}`);
      }
    }
  }

  /** Waits until it has what it wished for. */
  async served(): Promise<void> {
    const { addresses = 0, prefix = false } = this.wish;
    if (addresses === 0 && !prefix) return this.until("options", () => this.options.nameServers !== undefined);
    await this.until("addresses", () => this.addresses.length >= addresses);
    if (prefix) await this.until("prefix", () => this.prefixes.length > 0);
  }
}
