/** Leases in a database: our daemons and Kea on the same server, each in a database with the tables that it makes. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { run } from "../../lab/lab.ts";
import { cpuOf } from "../../lab/program.ts";
import { type DatabaseKind, type DatabaseServer, databaseKinds } from "../../subject/database-server.ts";
import { leaseFile, ourDaemon } from "../../subject/server.ts";
import { Bed, kotare, type Variant } from "../bed.ts";
import type { BenchFamily } from "../family.ts";
import { firstOf, writeLeases } from "../lease-files.ts";
import { findPeak, medianPeak, warmUp } from "../peak.ts";
import { type Effort, type Measured, median, type Row } from "../row.ts";
import { BedPair } from "./bed-pair.ts";

/** The threads that Kea's makers advise. */
const ADVISED_THREADS: Readonly<Record<string, number>> = { PostgreSQL: 8, MariaDB: 12 };
/** Exchanges a second at which a reply's delay is the database's, and all have the same to do. */
const CALM_RATE = 1000;
/** Ours on the tables that Kea makes: what who comes from Kea has. */
const onKeasTables: Variant = { ...kotare, name: "kotare, Kea's tables" };

type Say = (line: string) => void;

export function databaseRows(family: BenchFamily): Row[] {
  return databaseKinds.map((kind) => ({
    family: family.family,
    name: kind.name.toLowerCase(),
    async measure(effort, say) {
      if (kind.start === undefined) throw new Error(`${kind.package} is needed`);
      const server = await kind.start(true);
      try {
        const ground = new DatabaseGround(family, kind, server, effort, say);
        return [...(await ground.compareServing()), await ground.measureStart(), await ground.measurePair()];
      } finally {
        await server.stop();
      }
    },
  }));
}

class DatabaseGround {
  readonly #family: BenchFamily;
  readonly #kind: DatabaseKind;
  readonly #server: DatabaseServer;
  readonly #effort: Effort;
  readonly #say: Say;
  #databases = 0;

  constructor(family: BenchFamily, kind: DatabaseKind, server: DatabaseServer, effort: Effort, say: Say) {
    this.#family = family;
    this.#kind = kind;
    this.#server = server;
    this.#effort = effort;
    this.#say = say;
  }

  get #keas(): readonly Variant[] {
    const threads = (name: string, size: number): Variant => ({
      name,
      subject: "kea",
      config: { "multi-threading": { "enable-multi-threading": true, "thread-pool-size": size } },
    });
    return [threads("kea, default threads", 0), threads("kea, advised threads", ADVISED_THREADS[this.#kind.name]!)];
  }

  async #newDatabase(script?: string): Promise<string> {
    const name = `bench${this.#databases++}`;
    await this.#server.create(name, script);
    return name;
  }

  #start(bed: Bed, variant: Variant, database: string) {
    const { settings, under } =
      variant.subject === "kea"
        ? this.#server.keaSettings(database)
        : { settings: this.#server.settings(database), under: [] };
    const config = { ...variant.config, "lease-database": settings };
    return bed.start({ ...variant, config }, [this.#family.large.subnet], { under });
  }

  /** Peaks, what an exchange costs server and database together, and how long a reply takes when there is little to do. */
  async compareServing(): Promise<readonly Measured[]> {
    const effort = this.#effort;
    const peaks: Record<string, number> = {};
    const costs: Record<string, number> = {};
    const delays: Record<string, number> = {};
    for (const variant of [kotare, onKeasTables, ...this.#keas]) {
      const { name } = variant;
      this.#say(name);
      await using bed = new Bed(this.#family);
      const database = await this.#newDatabase(variant === kotare ? undefined : this.#kind.keaSchema);
      const daemon = await this.#start(bed, variant, database);
      await warmUp(bed, effort);
      const calm: number[] = [];
      const shares: number[] = [];
      for (let i = 0; i < effort.repeats; i++) {
        const before = cpuOf(this.#kind.program);
        const { cpu, result } = await bed.cost(daemon, { rate: CALM_RATE, seconds: effort.seconds });
        calm.push(result.meanDelay);
        shares.push(cpu + (1e6 * (cpuOf(this.#kind.program) - before)) / result.completed);
      }
      delays[name] = median(calm);
      costs[name] = median(shares);
      peaks[name] = await medianPeak(bed, effort, this.#say, this.#family.large.crowd);
      const [cost, delay] = [costs[name].toFixed(0), delays[name].toFixed(2)];
      this.#say(`${name}: ${Math.round(peaks[name])}/s; at ${CALM_RATE}/s ${cost} µs, ${delay} ms`);
    }
    const best = this.#keas.reduce((a, b) => (peaks[a.name]! > peaks[b.name]! ? a : b)).name;
    const peak = peaks[kotare.name]! / peaks[best]!;
    const cost = costs[kotare.name]! / costs[best]!;
    const delay = delays[kotare.name]! / Math.min(...this.#keas.map(({ name }) => delays[name]!));
    return [
      this.#row("exchanges at ≤ 1 % drops", "/s", peaks, peak, "≥ 5", peak >= 5),
      this.#row(`CPU per exchange, database included, at ${CALM_RATE}/s`, "µs", costs, cost, "≤ 0.5", cost <= 0.5),
      this.#row(`mean reply delay at ${CALM_RATE}/s`, "ms", delays, delay, "≤ 2", delay <= 2),
    ];
  }

  #row(
    measure: string,
    unit: string,
    values: Readonly<Record<string, number>>,
    ratio: number,
    target: string,
    met: boolean,
  ): Measured {
    return { measure: `${this.#kind.name}: ${measure}`, unit, values, ratio, target, met };
  }

  async measureStart(): Promise<Measured> {
    const { leases } = this.#effort;
    await using bed = new Bed(this.#family);
    const database = await this.#newDatabase();
    const folder = bed.newFolder();
    writeLeases(folder, this.#family, this.#family.large.subnet.id, firstOf(this.#family.large, leases));
    const file = join(bed.lab.folder, "import.conf");
    const settings = { "lease-database": this.#server.settings(database) };
    writeFileSync(file, JSON.stringify({ [`Dhcp${this.#family.family}`]: settings }));
    run(
      ourDaemon(this.#family.family),
      "leases",
      "import",
      "-c",
      file,
      leaseFile({ folder, family: this.#family.family }),
    );
    const began = performance.now();
    await this.#start(bed, kotare, database);
    const time = (performance.now() - began) / 1000;
    return this.#row(`start on ${leases} leases`, "s", { [kotare.name]: time }, time, "≤ 2 s", time <= 2);
  }

  /** Two servers on one database, each with half of the clients, against one with all. */
  async measurePair(): Promise<Measured> {
    const peaks: Record<string, number> = {};
    {
      await using bed = new Bed(this.#family);
      await this.#start(bed, kotare, await this.#newDatabase());
      await warmUp(bed, this.#effort);
      peaks["one server"] = await findPeak(bed, this.#effort, this.#say);
    }
    const database = await this.#newDatabase();
    await using first = new Bed(this.#family);
    await using second = new Bed(this.#family);
    for (const bed of [first, second]) await this.#start(bed, kotare, database);
    const pair = new BedPair(first, second);
    await warmUp(pair, this.#effort);
    peaks["two servers"] = await findPeak(pair, this.#effort, this.#say);
    const ratio = peaks["two servers"] / peaks["one server"];
    return this.#row("two servers against one", "/s", peaks, ratio, "≥ 0.9", ratio >= 0.9);
  }
}
