/** Plays scenes on a subject, and finds where two subjects' answers differ. */
import { join } from "node:path";
import { Lab } from "../lab/lab.ts";
import { type DhcpConfig, type Family, Server, type ServerOptions, type Subject } from "../subject/server.ts";
import type { Exchange, Scene, Sequel } from "./scene.ts";
import { Script, type Step } from "./script.ts";
import type { Fields, Speech, Stage, Voice } from "./speech.ts";
import { Updater } from "./updater.ts";

/** What one subject did in a scene. */
export interface Run {
  /** By exchange title. */
  readonly transcripts: ReadonlyMap<string, readonly Step[]>;
  /** By address, everything of the lease; of its times only whether it was given while the scene was played. */
  readonly leases: ReadonlyMap<string, Fields>;
  readonly log: string;
}

/** What a subject is started with. */
export interface Placement {
  readonly config: DhcpConfig;
  /** As of `ServerOptions`. */
  readonly under: readonly string[];
}

/** Puts elsewhere what stands in a configuration. */
export interface Placer {
  place(subject: Subject, family: Family, config: DhcpConfig): Promise<Placement>;
}

/** One field in which the subjects differ. */
export interface Finding {
  readonly scene: string;
  readonly exchange: string;
  readonly step: string;
  readonly field: string;
  readonly kea: string;
  readonly kotare: string;
}

/** One thread: Kea's answers, and addresses, then come in the order of the queries. No timer changes the lease file. */
const DETERMINISTIC = {
  "multi-threading": { "enable-multi-threading": false },
  "expired-leases-processing": { "reclaim-timer-wait-time": 0 },
};

const AS_IT_IS: Placer = { place: async (_, _family, config) => ({ config, under: [] }) };

/** Where one scene after the other is played on a subject: to make a network takes longer than most scenes. */
export class Theatre<S extends Speech> implements AsyncDisposable {
  readonly stage: Stage<S>;
  readonly subject: Subject;
  readonly hosts: ReturnType<Stage<S>["plugIn"]>;
  readonly #lab = new Lab();
  #scenes = 0;

  constructor(stage: Stage<S>, subject: Subject) {
    this.stage = stage;
    this.subject = subject;
    this.hosts = stage.plugIn(this.#lab);
  }

  /** A name for the folder of one scene's files. */
  nextFolder(): string {
    return join(this.#lab.folder, `scene${++this.#scenes}`);
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#lab[Symbol.asyncDispose]();
  }
}

export async function playScene<S extends Speech>(
  theatre: Theatre<S>,
  scene: Scene<S>,
  placer: Placer = AS_IT_IS,
): Promise<Run> {
  const { sequel } = scene;
  const { stage, subject } = theatre;
  const { server: host, clients } = theatre.hosts;
  const options: ServerOptions = { family: stage.family, folder: theatre.nextFolder(), severity: "DEBUG" };
  using voice = await stage.open(clients);
  const begin = Math.floor(Date.now() / 1000);
  await using updater = "dhcp-ddns" in scene.config ? await Updater.start(host) : undefined;

  const playPart = async (player: Subject, { config, exchanges }: Part<S>, firstXid: number): Promise<Run> => {
    const placed = await placer.place(player, stage.family, config ?? scene.config);
    const complete = { ...DETERMINISTIC, ...stage.config, ...placed.config };
    await using server = await Server.start(player, host, complete, { ...options, under: placed.under });
    const transcripts = await playAll(stage, voice, server, scene.title, exchanges, firstXid, updater);
    return { transcripts, leases: leasesOf(server, begin), log: server.program.output };
  };
  const first = await playPart(subject, scene, FIRST_XID);
  if (sequel === undefined) return first;
  const player = sequel.isHandover !== true ? subject : subject === "kotare" ? "kea" : "kotare";
  const second = await playPart(player, sequel, FIRST_XID + 256 * scene.exchanges.length);
  return {
    transcripts: new Map([...first.transcripts, ...second.transcripts]),
    leases: second.leases,
    log: `${first.log}\n${second.log}`,
  };
}

type Part<S extends Speech> = Pick<Sequel<S>, "config" | "exchanges">;

/** Fits into the 24 bits that DHCPv6 has for it. */
const FIRST_XID = 0x10_0000;

async function playAll<S extends Speech>(
  stage: Stage<S>,
  voice: Voice<S>,
  server: Server,
  title: string,
  exchanges: readonly Exchange<S>[],
  firstXid: number,
  updater: Updater | undefined,
): Promise<Map<string, readonly Step[]>> {
  const transcripts = new Map<string, readonly Step[]>();
  for (const [index, exchange] of exchanges.entries()) {
    const script = new Script(stage, voice, firstXid + 256 * index, server.program);
    const from = server.program.lines.length;
    try {
      await exchange.play(script);
    } catch (error) {
      const log = server.program.lines.slice(from).slice(-40).join("\n");
      throw new Error(`${server.subject}, ${title}, ${exchange.title}: ${error}\n${log}`, { cause: error });
    }
    const requests = updater === undefined ? [] : [await updater.collect(server.program, index === 0)];
    transcripts.set(exchange.title, [...script.steps, ...requests]);
  }
  return transcripts;
}

/** What is leased, declined or reclaimed. */
function leasesOf(server: Server, begin: number): Map<string, Fields> {
  const now = Date.now() / 1000;
  return new Map(
    [...server.leases().values()].map(({ address, expire, ...lease }) => {
      const given = expire - lease.validLifetime;
      const fields = Object.entries(lease).map(([field, value]) => [field, String(value)]);
      const isSound = given >= begin && given <= now;
      return [
        address,
        { ...Object.fromEntries(fields), expire: isSound ? "as long as the lease lasts" : String(expire) },
      ];
    }),
  );
}

/** The lease file's number for a lease that is over and kept for the client that may come back. */
const RECLAIMED = "2";
const ABSENT: Fields = {};

/** Every field in which the two runs of a scene differ. */
export function compareRuns<S extends Speech>(scene: Scene<S>, kea: Run, kotare: Run): Finding[] {
  const findings: Finding[] = [];
  for (const [title, steps] of kea.transcripts) {
    const ours = kotare.transcripts.get(title) ?? [];
    for (const [index, step] of steps.entries()) {
      const report = (field: string, a: string, b: string): void => {
        findings.push({ scene: scene.title, exchange: title, step: step.title, field, kea: a, kotare: b });
      };
      const answers = ours[index]?.answers ?? [];
      if (step.answers.length !== answers.length) {
        report("answers", String(step.answers.length), String(answers.length));
        continue;
      }
      for (const [i, answer] of step.answers.entries()) compareFields(answer, answers[i]!, report);
    }
  }
  const addresses = new Set([...kea.leases.keys(), ...kotare.leases.keys()]);
  for (const address of addresses) {
    // A lease that was given back Kea forgets on disk; we keep it for the client.
    if (!kea.leases.has(address) && kotare.leases.get(address)?.["state"] === RECLAIMED) continue;
    compareFields(kea.leases.get(address) ?? ABSENT, kotare.leases.get(address) ?? ABSENT, (field, a, b) =>
      findings.push({ scene: scene.title, exchange: "lease file", step: address, field, kea: a, kotare: b }),
    );
  }
  return findings;
}

function compareFields(a: Fields, b: Fields, report: (field: string, a: string, b: string) => void): void {
  for (const field of new Set([...Object.keys(a), ...Object.keys(b)])) {
    const isOrder = field === ORDER || field.endsWith(` ${ORDER}`);
    const [left = "absent", right = "absent"] = isOrder ? inBoth(a[field], b[field]) : [a[field], b[field]];
    if (left !== right) report(field, left, right);
  }
}

/** The field that tells in which order the others stand, there or inside another. */
const ORDER = "order";

/** What only one of them has differs by itself. */
function inBoth(a = "", b = ""): string[] {
  const [left, right] = [a.split(" "), b.split(" ")];
  return [left.filter((name) => right.includes(name)), right.filter((name) => left.includes(name))].map(String);
}
