/** The test bed of the benchmarks: a server host and a host of clients on one cable, and the servers compared. */
import { join } from "node:path";
import { delayWithout } from "@kotare/testkit/absences";
import { type Host, Lab, run } from "../lab/lab.ts";
import { type Load, type Result, runLoad } from "../load/load.ts";
import { watchMachine } from "../load/watch-machine.ts";
import { type DhcpConfig, leaseFile, ourDaemon, Server, type Subject } from "../subject/server.ts";
import type { BenchFamily, Subnet } from "./family.ts";

/** Who is measured: Kea in both of its modes, since neither is the faster one everywhere. */
export interface Variant {
  readonly name: string;
  readonly subject: Subject;
  readonly config: DhcpConfig;
}

export const kotare: Variant = { name: "kotare", subject: "kotare", config: {} };

/** Kea reads its files, and searches its subnets and pools, on one thread in both modes. */
export const kea: Variant = {
  name: "kea, one thread",
  subject: "kea",
  config: { "multi-threading": { "enable-multi-threading": false } },
};

/** With as many threads as the machine has processors, which is its default, and with those that its makers advise. */
export const keas: readonly Variant[] = [
  { name: "kea, threads", subject: "kea", config: { "multi-threading": { "enable-multi-threading": true } } },
  {
    name: "kea, 4 threads",
    subject: "kea",
    config: { "multi-threading": { "enable-multi-threading": true, "thread-pool-size": 4, "packet-queue-size": 28 } },
  },
  kea,
];

export const variants: readonly Variant[] = [kotare, ...keas];

/** Kea of Debian's next release, which has all hooks. */
export const keas3: readonly Variant[] = [
  { name: "kea 3.0, threads", subject: "kea3", config: {} },
  { ...kea, name: "kea 3.0, one thread", subject: "kea3" },
];

export interface BedOptions {
  /** A lease file may be put there before. */
  readonly folder?: string;
  /** Default WARN, as an operator who wants speed would write. */
  readonly severity?: "WARN" | "INFO";
  /** A command that starts the daemon. */
  readonly under?: readonly string[];
}

export type BedLoad = Pick<Load, "rate" | "seconds"> & Partial<Load>;

/** What loads are put on. */
export interface LoadBed {
  readonly family: BenchFamily;
  /** Clients that no load before had; those of the large subnet unless others are named. */
  load(load: BedLoad): Promise<Result>;
}

/** Milliseconds: no shorter delay is the longest one that a row asks for. */
const SLOW = 2;
/** Milliseconds that a reply may take. */
const PROMPT = 10;

export interface WatchedResult extends Result {
  /** Milliseconds of the longest delay, without the time in which the machine itself was away. */
  readonly longest: number;
  /** How many replies took longer than they may, without that time. */
  readonly late: number;
}

/** The longest delay, what of it is not the machine's own, and how many were too long. */
export function formatDelays({ maxDelay, longest, late, replies }: WatchedResult): string {
  return (
    `${longest.toFixed(1)} ms (${maxDelay.toFixed(1)} ms with what the machine itself was away), ` +
    `more than ${PROMPT} ms in ${late} of ${replies} replies`
  );
}

export class Bed implements LoadBed, AsyncDisposable {
  readonly family: BenchFamily;
  readonly lab = new Lab();
  readonly clients: Host;
  readonly server: Host;
  readonly #servers: Server[] = [];
  #folders = 0;
  #loads = 0;

  constructor(family: BenchFamily) {
    this.family = family;
    const ipv6 = family.family === 6;
    this.server = this.lab.host("server", { ipv6 });
    this.clients = this.lab.host("clients", { ipv6 });
    const [address, ...others] = family.clientAddresses;
    this.server.connect("eth0", family.serverAddress, this.clients, "eth0", address);
    for (const other of others) this.clients.ip("address", "add", other, "dev", "eth0");
  }

  /** A folder for the next server. */
  newFolder(): string {
    return join(this.lab.folder, `server${this.#folders++}`);
  }

  async start(variant: Variant, subnets: readonly Subnet[], options: BedOptions = {}): Promise<Server> {
    const { folder = this.newFolder(), severity = "WARN", under = [] } = options;
    const { family, keaSockets } = this.family;
    const control = { "control-socket": { "socket-type": "unix", "socket-name": join(folder, "control") } };
    const config = {
      "valid-lifetime": 86400,
      "interfaces-config": { interfaces: ["eth0"], ...(variant.subject === "kotare" ? {} : keaSockets) },
      // Rewritten when its server sees fit: ours when it has doubled.
      "lease-database": { type: "memfile", name: leaseFile({ folder, family }) },
      ...("control-sockets" in variant.config ? {} : control),
      [`subnet${family}`]: subnets,
      ...variant.config,
    };
    const server = await Server.start(variant.subject, this.server, config, {
      family,
      folder,
      severity,
      under,
      logToFile: true,
      patience: 300_000,
    });
    this.#servers.push(server);
    return server;
  }

  load(load: BedLoad): Promise<Result> {
    const mac = `02:${(++this.#loads & 255).toString(16).padStart(2, "0")}:00:00:00:00`;
    return runLoad(this.clients, {
      clients: 2_000_000,
      crowd: this.family.large.crowd,
      firstMac: mac,
      ...load,
    });
  }

  /** A load of which the longest delay matters. */
  async watchedLoad(load: BedLoad): Promise<WatchedResult> {
    const more = [...(load.more ?? []), "--slow", String(SLOW)];
    const { measured, absences } = await watchMachine(() => this.load({ ...load, more }));
    const slow = measured.slow.map((reply) => delayWithout(absences, reply));
    const longest = slow.reduce((most, each) => Math.max(most, each), Math.min(SLOW, measured.maxDelay));
    return { ...measured, longest, late: slow.filter((each) => each > PROMPT).length };
  }

  /** Datagrams that the clients' kernel had no room for: what the servers have sent, and no client has seen. */
  lostByClients(): number {
    if (this.family.family === 6) {
      return Number(/^Udp6RcvbufErrors\s+(\d+)/m.exec(this.clients.run("cat", "/proc/net/snmp6"))?.[1]);
    }
    const [names, values] = [...this.clients.run("cat", "/proc/net/snmp").matchAll(/^Udp: (.*)$/gm)].map((line) =>
      line[1]!.split(" "),
    );
    return Number(values![names!.indexOf("RcvbufErrors")]);
  }

  /** ACKs or REPLYs that a server has sent since its start. */
  repliesSent(server: Server): number {
    const { family, lastReply } = this.family;
    const answer = run(
      ourDaemon(family),
      "call",
      "-c",
      server.configFile,
      "--json",
      "statistic-get",
      `name=${lastReply}`,
    );
    const { arguments: found } = JSON.parse(answer) as { arguments: Readonly<Record<string, [number, string][]>> };
    return found[lastReply]![0]![0];
  }

  /** Microseconds of CPU time that a server takes for each exchange of a load that completes. */
  async cost(server: Server, load: BedLoad): Promise<{ cpu: number; result: Result }> {
    const before = server.usage().cpu;
    const result = await this.load(load);
    return { cpu: (1e6 * (server.usage().cpu - before)) / result.completed, result };
  }

  /** Servers end as an operator ends them, so that a profile asked for is written. */
  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all(this.#servers.map((server) => server[Symbol.asyncDispose]()));
    await this.lab[Symbol.asyncDispose]();
  }
}
