/** Configuration in a database: 10,000 subnets with 100,000 reservations, which our daemon and Kea take from the same rows. */
import { writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { run } from "../../lab/lab.ts";
import { cpuOf, delay } from "../../lab/program.ts";
import { formatTurns, UNDER_TURNS, watchTurns } from "../../load/watch-turns.ts";
import { sendCommand } from "../../subject/command.ts";
import { type DatabaseKind, type DatabaseServer, databaseKinds } from "../../subject/database-server.ts";
import { ourDaemon, type Server } from "../../subject/server.ts";
import { Bed, formatDelays, kea, kotare, type Variant } from "../bed.ts";
import { compareSetups } from "../compare.ts";
import type { BenchFamily } from "../family.ts";
import { heldRow } from "../held.ts";
import { findPeak, warmUp } from "../peak.ts";
import { type Effort, type Measured, median, type Row } from "../row.ts";

const DATABASE = "config";
const RESERVATIONS_EACH = 10;
/** Rows of one statement. */
const TOGETHER = 1000;
/** Seconds from one look at what has changed to the next, while something is changed. */
const INTERVAL = 1;
/** Exchanges a second meanwhile. */
const RATE = 1000;
const SATURATING = 1.2;
/** The subnet that is. */
const CHANGED = 2;
/** Servers that look at one database, as often as is usual, and how long they are watched. */
const SERVERS = 8;
const USUAL_INTERVAL = 20;

/** Milliseconds that a packet may wait because of a change. */
const MOST_WAITED = 10;

type Say = (line: string) => void;

export function configRows(family: BenchFamily): Row[] {
  return databaseKinds.map((kind) => ({
    family: family.family,
    name: `config-${kind.name.toLowerCase()}`,
    async measure(effort, say) {
      if (kind.start === undefined || kind.keaSchema === undefined) {
        throw new Error(`${kind.package} is needed, and Kea's tables`);
      }
      const server = await kind.start();
      try {
        await server.create(DATABASE, kind.keaSchema);
        const ground = new ConfigGround(family, kind, server, effort, say);
        await ground.fill();
        return [
          await ground.measureStart(),
          ...(await ground.measureChange()),
          await ground.measureServing(),
          await ground.measureLooks(),
        ];
      } finally {
        await server.stop();
      }
    },
  }));
}

interface StartOptions {
  readonly interval?: number;
  /** Reservations in a database cost what they cost, in a row of their own. */
  readonly hasHosts?: boolean;
  readonly under?: readonly string[];
}

class ConfigGround {
  readonly #family: BenchFamily;
  readonly #kind: DatabaseKind;
  readonly #server: DatabaseServer;
  readonly #effort: Effort;
  readonly #say: Say;
  readonly #count: number;

  constructor(family: BenchFamily, kind: DatabaseKind, server: DatabaseServer, effort: Effort, say: Say) {
    this.#family = family;
    this.#kind = kind;
    this.#server = server;
    this.#effort = effort;
    this.#say = say;
    this.#count = Math.round(10_000 * effort.scale);
  }

  /** The clients' subnet is the last one, where a search from the start finds it last. */
  async fill(): Promise<void> {
    const { family, otherSubnet, large } = this.#family;
    await using bed = new Bed(this.#family);
    const file = join(bed.lab.folder, "subnets.conf");
    const others = Array.from({ length: this.#count - 1 }, (_, i) => otherSubnet(i));
    const config = {
      "config-control": { "config-databases": [this.#server.settings(DATABASE)] },
      [`subnet${family}`]: [...others, large.subnet],
    };
    writeFileSync(file, JSON.stringify({ [`Dhcp${family}`]: config }));
    const began = performance.now();
    run(ourDaemon(family), "db", "put-config", "-c", file);
    this.#say(`db put-config of ${this.#count} subnets: ${((performance.now() - began) / 1000).toFixed(1)} s`);
    const row = (i: number) => {
      const [subnet, index] = [Math.floor(i / RESERVATIONS_EACH), i % RESERVATIONS_EACH];
      const address = parseIpv4(String(this.#family.reservation(subnet, index)["ip-address"]))!;
      const mac = `0a01${i.toString(16).padStart(8, "0")}`;
      return `(${i + 1}, ${this.#server.bytes(mac)}, 0, ${otherSubnet(subnet).id}, ${address}, 'host-${i}')`;
    };
    const into = "hosts (host_id, dhcp_identifier, dhcp_identifier_type, dhcp4_subnet_id, ipv4_address, hostname)";
    const total = (this.#count - 1) * RESERVATIONS_EACH;
    for (let from = 0; from < total; from += TOGETHER) {
      const rows = Array.from({ length: Math.min(TOGETHER, total - from) }, (_, i) => row(from + i));
      await this.#server.query(DATABASE, `INSERT INTO ${into} VALUES ${rows.join(", ")}`);
    }
    await this.#server.query(DATABASE, this.#server.analyze("hosts"));
  }

  #start(
    bed: Bed,
    variant: Variant,
    { interval = 0, hasHosts = false, under = [] }: StartOptions = {},
  ): Promise<Server> {
    const isKea = variant.subject === "kea";
    const keas = this.#server.keaSettings(DATABASE);
    const settings = isKea ? keas.settings : this.#server.settings(DATABASE);
    const library = `libdhcp_${settings["type"] === "mysql" ? "mysql" : "pgsql"}_cb.so`;
    const config = {
      ...variant.config,
      "config-control": { "config-databases": [settings], "config-fetch-wait-time": interval },
      ...(hasHosts && { "hosts-databases": [settings] }),
      ...(isKea && { "hooks-libraries": [{ library }] }),
    };
    return bed.start({ ...variant, config }, [], { under: isKea ? keas.under : under });
  }

  #row(measured: Omit<Measured, "measure"> & { readonly measure: string }): Measured {
    return { ...measured, measure: `${this.#count} subnets in ${this.#kind.name}: ${measured.measure}` };
  }

  async measureStart(): Promise<Measured> {
    const values: Record<string, number> = {};
    for (const variant of [kotare, kea]) {
      const times: number[] = [];
      for (let i = 0; i < this.#effort.repeats; i++) {
        await using bed = new Bed(this.#family);
        const began = performance.now();
        await this.#start(bed, variant, { hasHosts: true });
        times.push((performance.now() - began) / 1000);
      }
      values[variant.name] = median(times);
      this.#say(`${variant.name}: start ${values[variant.name]!.toFixed(2)} s`);
    }
    const ratio = values[kotare.name]! / values[kea.name]!;
    return this.#row({ measure: "start", unit: "s", values, ratio, target: "≤ 0.5 ×", met: ratio <= 0.5 });
  }

  /** One subnet is changed again and again, beside service. */
  async measureChange(): Promise<readonly Measured[]> {
    await using bed = new Bed(this.#family);
    const server = await this.#start(bed, kotare, { interval: INTERVAL, under: UNDER_TURNS });
    const { family } = this.#family;
    const socket = join(dirname(server.configFile), "control");
    await warmUp(bed, this.#effort);
    const ask = () => sendCommand(socket, `subnet${family}-get`, { id: CHANGED });
    // The first time takes as long as a change: it is not what is measured.
    await ask();
    const calmTurns = watchTurns(server);
    const calm = await bed.watchedLoad({ rate: RATE, seconds: 5 });
    const withoutChanges = formatTurns(calmTurns(), MOST_WAITED);
    const turns = watchTurns(server);
    const load = bed.watchedLoad({ rate: RATE, seconds: 5 * INTERVAL * this.#effort.repeats });
    const times: number[] = [];
    for (let i = 1; i <= this.#effort.repeats; i++) {
      await delay(500);
      const began = performance.now();
      await this.#server.query(DATABASE, this.#change(700 + i));
      const isInForce = new RegExp(`"valid-lifetime": ?${700 + i}\\b`);
      while (!isInForce.test(await ask())) await delay(20);
      times.push((performance.now() - began) / 1000);
    }
    const result = await load;
    const held = turns();
    const { offered, completed, meanDelay } = result;
    this.#say(
      `${calm.offered - calm.completed} of ${calm.offered} lost without changes; in force after ${times.map((time) => time.toFixed(2)).join(", ")} s; ${offered - completed} of ${offered} lost, ` +
        `delay ${meanDelay.toFixed(2)} ms, at most ${formatDelays(result)}, ${formatTurns(held, MOST_WAITED)}; without changes ${calm.meanDelay.toFixed(2)} ms, ` +
        `at most ${formatDelays(calm)}, ${withoutChanges}`,
    );
    const longest = Math.max(...times);
    const lost = offered - completed;
    const one = (measure: string, unit: string, value: number, limit: number, target: string) =>
      this.#row({ measure, unit, values: { [kotare.name]: value }, ratio: value, target, met: value <= limit });
    return [
      one("a changed one in force", "s", longest, INTERVAL + 1, "≤ a fetch interval + 1 s"),
      one("exchanges lost by that", "", lost, 0, "0"),
      one("longest delay meanwhile", "ms", result.longest, MOST_WAITED, `≤ ${MOST_WAITED} ms`),
      this.#row(heldRow("meanwhile", held, MOST_WAITED)),
    ];
  }

  #change(lifetime: number): string {
    const { family } = this.#family;
    const begin =
      this.#kind.name === "PostgreSQL"
        ? `SELECT createAuditRevisionDHCP${family}(now(), 'all', 'a change', true)`
        : `CALL createAuditRevisionDHCP${family}(NOW(), 'all', 'a change', 1)`;
    return `${begin}; UPDATE dhcp${family}_subnet SET valid_lifetime = ${lifetime} WHERE subnet_id = ${CHANGED}`;
  }

  async measureServing(): Promise<Measured> {
    const { relayed, large } = this.#family;
    let rate: number | undefined;
    const { plain, other, ratio } = await compareSetups(
      this.#family,
      this.#effort,
      (bed) => bed.start(kotare, [large.subnet]),
      (bed) => this.#start(bed, kotare),
      async (bed) => {
        rate ??= Math.round(SATURATING * (await findPeak(bed, this.#effort, this.#say, { crowd: relayed })));
        const { seconds } = this.#effort;
        return (await bed.load({ rate, seconds, crowd: relayed })).completed / seconds;
      },
    );
    const values = { "1 in a file": plain, "all in the database": other };
    const measure = "exchanges against 1 in a file";
    return this.#row({ measure, unit: "/s", values, ratio, target: "≥ 0.9", met: ratio >= 0.9 });
  }

  /** What the database does for servers that nobody changes anything for. */
  async measureLooks(): Promise<Measured> {
    const beds: Bed[] = [];
    let share: number;
    try {
      for (let i = 0; i < SERVERS; i++) {
        beds.push(new Bed(this.#family));
        await this.#start(beds[i]!, kotare, { interval: USUAL_INTERVAL });
      }
      await delay(2000);
      const before = cpuOf(this.#kind.program);
      await delay(1000 * USUAL_INTERVAL);
      share = (100 * (cpuOf(this.#kind.program) - before)) / USUAL_INTERVAL;
    } finally {
      for (const bed of beds) await bed[Symbol.asyncDispose]();
    }
    this.#say(`${SERVERS} servers: the database takes ${share.toFixed(2)} % of a processor`);
    const values = { database: share };
    const measure = `CPU of it with ${SERVERS} idle servers`;
    return this.#row({ measure, unit: "%", values, ratio: share, target: "≤ 2 %", met: share <= 2 });
  }
}
