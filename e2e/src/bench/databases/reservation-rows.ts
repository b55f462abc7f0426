/** Rows about reservations that are added by command, one after the other and by many at once: our daemon and Kea 3.0. */
import { existsSync } from "node:fs";
import { createConnection } from "node:net";
import { join } from "node:path";
import { cpuOf, delay } from "../../lab/program.ts";
import { databaseKinds } from "../../subject/database-server.ts";
import type { DhcpConfig } from "../../subject/server.ts";
import { Bed, type Variant } from "../bed.ts";
import { inTurn } from "../contest.ts";
import type { BenchFamily } from "../family.ts";
import { type Effort, type Measured, medians, type Row } from "../row.ts";

const RESERVATIONS = 10_000;
/** Before it is measured. */
const WARM = 1000;
/** Who gives commands: each waits for the answer to its last one. */
const CLIENTS = [1, 16];

type Subject = "kotare" | "kea3";

/** Where reservations are put. */
interface Place {
  /** What takes them in each, empty, and what reaches it. */
  take(subject: Subject, round: number): Promise<{ readonly config: DhcpConfig; readonly under?: readonly string[] }>;
  /** The name of processes whose time counts as well. */
  readonly program?: string;
  close(): Promise<void>;
}

const hostCommands = { library: "libdhcp_host_cmds.so" };

/** A file of ours, synced at each command, and Kea's memory, which is gone with the process. */
function ownPlace(): Place {
  const ours = { "hosts-databases": [{ type: "file", name: "hosts.jsonl" }] };
  return {
    take: async (subject) => ({ config: { ...(subject === "kotare" && ours), "hooks-libraries": [hostCommands] } }),
    close: async () => undefined,
  };
}

/** A file of ours, and what Kea has that is as durable. */
async function durablePlace(): Promise<Place> {
  const [own, theirs] = [ownPlace(), await databasePlace(databaseKinds[0]!)];
  return { ...theirs, take: (subject, round) => (subject === "kotare" ? own : theirs).take(subject, round) };
}

async function databasePlace(kind: (typeof databaseKinds)[number]): Promise<Place> {
  if (kind.start === undefined || kind.kea30Schema === undefined) throw new Error(`${kind.package} is needed`);
  const schema = kind.kea30Schema;
  const server = await kind.start(true);
  return {
    program: kind.program,
    async take(subject, round) {
      const name = `${subject}_${round}`;
      await server.create(name, schema);
      if (subject === "kotare") {
        return { config: { "hosts-databases": [server.settings(name)], "hooks-libraries": [hostCommands] } };
      }
      const { settings, under } = server.keaSettings(name);
      const libraries = [{ library: server.keaLibrary }, hostCommands];
      return { config: { "hosts-databases": [settings], "hooks-libraries": libraries }, under };
    },
    close: () => server.stop(),
  };
}

export function reservationRows(family: BenchFamily): Row[] {
  const places: readonly [name: string, open: () => Promise<Place>][] = [
    ["memory", async () => ownPlace()],
    ["file", durablePlace],
    ...databaseKinds.map((kind): [string, () => Promise<Place>] => [kind.name, () => databasePlace(kind)]),
  ];
  return places.map(([name, open]) => ({
    family: family.family,
    name: `reservation-add-${name.toLowerCase()}`,
    async measure(effort, say) {
      const place = await open();
      try {
        const measured: Measured[] = [];
        for (const clients of CLIENTS) measured.push(await measure(family, place, name, clients, effort, say));
        return measured;
      } finally {
        await place.close();
      }
    },
  }));
}

/** Databases have other names each time. */
let round = 0;

async function measure(
  family: BenchFamily,
  place: Place,
  name: string,
  clients: number,
  effort: Effort,
  say: (line: string) => void,
): Promise<Measured> {
  const count = Math.round(RESERVATIONS * Math.max(effort.scale, 0.2));
  const rates = await inTurn(
    ["kotare", "kea3"] as const,
    effort.repeats,
    async (subject) => {
      await using bed = new Bed(family);
      const folder = bed.newFolder();
      const { config, under = [] } = await place.take(subject, round++);
      const variant: Variant = { name: subject, subject, config };
      const server = await bed.start(variant, [family.large.subnet], { folder, under });
      const commands = Array.from({ length: WARM + count }, (_, index) => {
        const reservation = {
          "subnet-id": family.large.subnet.id,
          "ip-address": family.large.member(index),
          ...identifier(index),
        };
        const target = subject === "kea3" && place.program === undefined ? { "operation-target": "memory" } : {};
        return JSON.stringify({ command: "reservation-add", arguments: { reservation, ...target } });
      });
      const socket = join(folder, "control");
      // It is opened last.
      while (!existsSync(socket)) await delay(50);
      for (const command of commands.slice(0, WARM)) await ask(socket, command);
      const [began, own, others] = [performance.now(), server.usage().cpu, cpuTime(place)];
      const left = commands.slice(WARM).values();
      const giveAll = async () => {
        for (const command of left) await ask(socket, command);
      };
      await Promise.all(Array.from({ length: clients }, giveAll));
      const seconds = (performance.now() - began) / 1000;
      const cpu = (time: number) => Math.round((1e6 * time) / count);
      say(
        `${subject}: ${Math.round(count / seconds)}/s, ${cpu(server.usage().cpu - own)} µs CPU a command` +
          `, the database's ${cpu(cpuTime(place) - others)} µs`,
      );
      return count / seconds;
    },
    (subject) => (subject === "kotare" ? "kotare" : "kea 3.0"),
  );
  const values = medians(rates);
  const ratio = values["kotare"]! / values["kea 3.0"]!;
  const where = PLACES[name] ?? name;
  return {
    measure: `reservation-add, ${clients === 1 ? "one after the other" : `by ${clients} at once`}: ${where}`,
    unit: "commands/s",
    values,
    ratio,
    target: "≥ 1 ×",
    met: ratio >= 1,
  };
}

const PLACES: Readonly<Record<string, string>> = {
  memory: "a synced file, Kea's memory",
  file: "a synced file, Kea's PostgreSQL",
};

function cpuTime({ program }: Place): number {
  return program === undefined ? 0 : cpuOf(program);
}

function identifier(index: number): object {
  return {
    "hw-address": `02:5b:${(index + 2 ** 32)
      .toString(16)
      .slice(1)
      .replace(/..(?!$)/g, "$&:")}`,
  };
}

/** A connection for each, as Kea's clients have it. @throws Error when it is refused */
function ask(socket: string, command: string): Promise<void> {
  return new Promise((resolve, reject) => {
    let answer = "";
    const connection = createConnection(socket, () => connection.write(command));
    connection.setEncoding("latin1");
    connection.on("data", (text) => {
      answer += text;
    });
    connection.on("error", reject);
    connection.on("close", () => {
      if (/"result": ?0/.test(answer)) resolve();
      else reject(new Error(answer));
    });
  });
}
