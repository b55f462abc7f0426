/** A pair of servers in hot standby, and clients of the primary, on one network. */
import { join } from "node:path";
import { type Host, Lab } from "../../lab/lab.ts";
import { delay } from "../../lab/program.ts";
import { type Result, runLoad } from "../../load/load.ts";
import { sendCommand } from "../../subject/command.ts";
import { pairConfig, withSocket } from "../../subject/pair.ts";
import { Server } from "../../subject/server.ts";
import type { BedLoad, LoadBed, Variant } from "../bed.ts";
import type { BenchFamily } from "../family.ts";
import { crowdBehind } from "../family4.ts";
import { firstOf, writeLeases } from "../lease-files.ts";

export type Side = "server1" | "server2";

const HOSTS = { server1: ["10.0.0.1/8", "2001:db8::1/48"], server2: ["10.0.0.2/8", "2001:db8::3/48"] } as const;
const CLIENTS = "10.0.0.9";

/** How often is looked which state a server is in. */
const LOOK = 5;

export class PairBed implements LoadBed, AsyncDisposable {
  readonly family: BenchFamily;
  readonly clients: Host;
  readonly #variants: Readonly<Record<Side, Variant>>;
  readonly #lab = new Lab();
  readonly #hosts: Readonly<Record<Side, Host>>;
  readonly #servers = new Map<Side, Server>();
  #loads = 0;

  /** @param primary the first server, and `standby` the second one */
  constructor(family: BenchFamily, primary: Variant, standby = primary) {
    const { large } = family;
    const crowd = family.family === 4 ? crowdBehind(CLIENTS, "10.0.0.1") : large.crowd;
    this.family = { ...family, large: { ...large, crowd } };
    this.#variants = { server1: primary, server2: standby };
    const ipv6 = family.family === 6;
    const network = this.#lab.network();
    const host = (name: string, addresses: readonly string[]): Host => {
      const made = this.#lab.host(name, { ipv6 });
      made.attach(network, "eth0", addresses[0]);
      if (ipv6) made.ip("address", "add", addresses[1]!, "dev", "eth0");
      return made;
    };
    this.clients = host("clients", [`${CLIENTS}/8`, "2001:db8::2/48"]);
    this.#hosts = { server1: host("server1", HOSTS.server1), server2: host("server2", HOSTS.server2) };
  }

  /** Both, in touch with each other. */
  static async start(family: BenchFamily, variant: Variant): Promise<PairBed> {
    const bed = new PairBed(family, variant);
    await Promise.all([bed.start("server1"), bed.start("server2")]);
    await Promise.all([bed.inState("server1", "hot-standby"), bed.inState("server2", "hot-standby")]);
    return bed;
  }

  server(side: Side): Server {
    return this.#servers.get(side)!;
  }

  /** @param leases how many its lease file has */
  async start(side: Side, leases?: number): Promise<void> {
    const { family, large } = this.family;
    const { subject, config } = this.#variants[side];
    const folder = this.#folder(side);
    if (leases !== undefined) writeLeases(folder, this.family, large.subnet.id, firstOf(large, leases));
    const whole = {
      ...withSocket(pairConfig(subject, side, "hot-standby", family), join(folder, "control")),
      "valid-lifetime": 86400,
      [`subnet${family}`]: [large.subnet],
      ...config,
    };
    const options = { family, folder, severity: "WARN", logToFile: true, patience: 300_000 } as const;
    this.#servers.set(side, await Server.start(subject, this.#hosts[side], whole, options));
  }

  #folder(side: Side): string {
    return join(this.#lab.folder, side);
  }

  async state(side: Side): Promise<string> {
    const answer = JSON.parse(await sendCommand(join(this.#folder(side), "control"), "status-get")) as Status;
    return answer.arguments["high-availability"]?.[0]?.["ha-servers"].local.state ?? "";
  }

  /** Resolves when the server is in one of the states. @returns performance.now(), when it was last seen in none of them */
  async inState(side: Side, ...states: readonly string[]): Promise<number> {
    const end = performance.now() + 120_000;
    for (let seen = performance.now(); ; seen = performance.now()) {
      const state = await this.state(side).catch(() => "");
      if (states.includes(state)) return seen;
      if (performance.now() > end)
        throw new Error(`${this.#variants[side].name}: ${side} is ${state}, and not ${states}`);
      await delay(LOOK);
    }
  }

  load(load: BedLoad): Promise<Result> {
    const firstMac = `02:${(++this.#loads & 255).toString(16).padStart(2, "0")}:00:00:00:00`;
    return runLoad(this.clients, { clients: 2_000_000, crowd: this.family.large.crowd, firstMac, ...load });
  }

  /** Microseconds of CPU time that both servers take for each exchange of a load that completes. */
  async cost(load: BedLoad): Promise<{ cpu: Readonly<Record<Side, number>>; result: Result }> {
    const used = () => [this.server("server1").usage().cpu, this.server("server2").usage().cpu] as const;
    const before = used();
    const result = await this.load(load);
    const [first, second] = used().map((cpu, i) => (1e6 * (cpu - before[i]!)) / result.completed);
    return { cpu: { server1: first!, server2: second! }, result };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([...this.#servers.values()].map((server) => server[Symbol.asyncDispose]()));
    await this.#lab[Symbol.asyncDispose]();
  }
}

interface Status {
  readonly arguments: {
    readonly "high-availability"?: readonly { readonly "ha-servers": { readonly local: { readonly state: string } } }[];
  };
}
