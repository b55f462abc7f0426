/** Histories: chapters played on a subject one after the other, and all its statistics after each. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Lab } from "../../lab/lab.ts";
import { delay } from "../../lab/program.ts";
import { sendCommand } from "../../subject/command.ts";
import { type DhcpConfig, leaseFile, Server, type ServerOptions, type Subject } from "../../subject/server.ts";
import { Script } from "../script.ts";
import type { Speech, Stage } from "../speech.ts";

/** What a chapter may have done to the server beside talking to it. */
export interface Operator {
  /** @throws Error unless it succeeds */
  command(name: string, args?: object): Promise<void>;
  reload(config: DhcpConfig): Promise<void>;
}

export interface Chapter<S extends Speech> {
  readonly title: string;
  play(script: Script<S>, operator: Operator): Promise<void>;
}

export interface History<S extends Speech> {
  readonly title: string;
  readonly config: DhcpConfig;
  /** What the server finds at its start. */
  readonly leases: string;
  /** Those that count, asked for one by one; by default all that `statistic-get-all` gives. */
  readonly names?: readonly string[];
  readonly chapters: readonly Chapter<S>[];
}

/** By name, the value of now. */
export type Statistics = ReadonlyMap<string, bigint>;

/** Before the first chapter. */
export const START = "the start";

/** No timer reclaims leases: the chapters say when. */
const DETERMINISTIC = {
  "multi-threading": { "enable-multi-threading": false },
  "expired-leases-processing": { "reclaim-timer-wait-time": 0 },
  "sanity-checks": { "lease-checks": "none" },
  "hooks-libraries": [{ library: "libdhcp_lease_cmds.so" }],
};

/** Milliseconds until Kea's sockets are open again. */
const SETTLING_TIME = 500;

/** @returns by title of the chapter */
export async function playHistory<S extends Speech>(
  stage: Stage<S>,
  subject: Subject,
  { title, config, leases, names, chapters }: History<S>,
): Promise<ReadonlyMap<string, Statistics>> {
  await using lab = new Lab();
  const { server: host, clients } = stage.plugIn(lab);
  const options: ServerOptions = { family: stage.family, folder: join(lab.folder, "server"), severity: "DEBUG" };
  const socket = join(options.folder, "socket");
  const complete = (own: DhcpConfig) => ({
    ...DETERMINISTIC,
    "control-socket": { "socket-type": "unix", "socket-name": socket },
    ...stage.config,
    ...own,
  });
  mkdirSync(options.folder, { mode: 0o750 });
  writeFileSync(leaseFile(options), leases);
  using voice = await stage.open(clients);
  await using server = await Server.start(subject, host, complete(config), options);
  const operator: Operator = {
    async command(name, args) {
      const answer = await sendCommand(socket, name, args);
      if (!/"result": 0/.test(answer)) throw new Error(`${name}: ${answer}`);
    },
    async reload(next) {
      await server.reload(complete(next));
      await delay(SETTLING_TIME);
    },
  };
  const read = async () => {
    if (names === undefined) return readStatistics(await sendCommand(socket, "statistic-get-all"));
    const answers = await Promise.all(names.map((name) => sendCommand(socket, "statistic-get", { name })));
    return readStatistics(answers.join("\n"));
  };
  const after = new Map([[START, await read()]]);
  for (const [index, chapter] of chapters.entries()) {
    const from = server.program.lines.length;
    try {
      await chapter.play(new Script(stage, voice, 0x10_0000 + 256 * index), operator);
    } catch (error) {
      const log = server.program.lines.slice(from).slice(-40).join("\n");
      throw new Error(`${subject}, ${title}, ${chapter.title}: ${error}\n${log}`, { cause: error });
    }
    after.set(chapter.title, await read());
  }
  return after;
}

/** Not by `JSON.parse`: sizes are longer than its numbers. */
function readStatistics(answer: string): Statistics {
  const newest = answer.matchAll(/"([^"]+)": \[ \[ (-?\d+), "\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{6}" \]/g);
  return new Map(Array.from(newest, ([, name, value]) => [name!, BigInt(value!)]));
}
