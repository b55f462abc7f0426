/** Plays scenes on a subject, and finds where two subjects' answers differ. */
import { join } from "node:path";
import type { Difference } from "../../deliberate-differences.ts";
import { Lab } from "../lab/lab.ts";
import { Server, type Subject } from "../subject/server.ts";
import { Probe } from "../wire/probe.ts";
import { type Scene, SERVER } from "./scene.ts";
import { type Fields, Script, type Step } from "./script.ts";

/** What one subject did in a scene. */
export interface Run {
  /** By exchange title. */
  readonly transcripts: ReadonlyMap<string, readonly Step[]>;
  /** By address, everything of the lease but when it ends. */
  readonly leases: ReadonlyMap<string, Fields>;
  readonly log: string;
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

export async function playScene(subject: Subject, scene: Scene): Promise<Run> {
  await using lab = new Lab();
  const network = lab.network();
  const host = lab.host("server");
  host.attach(network, "eth0", SERVER.prefix, SERVER.mac);
  const clients = lab.host("clients");
  clients.attach(network, "eth0");
  const config = { ...DETERMINISTIC, ...scene.config };
  await using server = await Server.start(subject, host, config, {
    folder: join(lab.folder, subject),
    severity: "DEBUG",
  });
  using probe = await Probe.open(clients, "eth0");

  const transcripts = new Map<string, readonly Step[]>();
  for (const [index, exchange] of scene.exchanges.entries()) {
    const script = new Script(probe, 0x1000_0000 + 256 * index);
    const from = server.program.lines.length;
    try {
      await exchange.play(script);
    } catch (error) {
      const log = server.program.lines.slice(from).slice(-40).join("\n");
      throw new Error(`${subject}, ${scene.title}, ${exchange.title}: ${error}\n${log}`, { cause: error });
    }
    transcripts.set(exchange.title, script.steps);
  }
  return { transcripts, leases: leasesOf(server), log: server.program.output };
}

/** What is leased or declined. Given-back leases are left out: Kea forgets them on disk, we keep them for the client. */
function leasesOf(server: Server): Map<string, Fields> {
  const kept = [...server.leases().values()].filter((lease) => lease.state !== RECLAIMED);
  return new Map(
    kept.map(({ address, expire: _, ...lease }) => [
      address,
      Object.fromEntries(Object.entries(lease).map(([field, value]) => [field, String(value)])),
    ]),
  );
}

/** The lease file's number for a lease that is over and kept for the client that may come back. */
const RECLAIMED = 2;
const ABSENT: Fields = {};

/** Every field in which the two runs of a scene differ. */
export function compareRuns(scene: Scene, kea: Run, kotare: Run): Finding[] {
  const findings: Finding[] = [];
  for (const { title } of scene.exchanges) {
    const ours = kotare.transcripts.get(title) ?? [];
    for (const [index, step] of (kea.transcripts.get(title) ?? []).entries()) {
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
    compareFields(kea.leases.get(address) ?? ABSENT, kotare.leases.get(address) ?? ABSENT, (field, a, b) =>
      findings.push({ scene: scene.title, exchange: "lease file", step: address, field, kea: a, kotare: b }),
    );
  }
  return findings;
}

function compareFields(a: Fields, b: Fields, report: (field: string, a: string, b: string) => void): void {
  for (const field of new Set([...Object.keys(a), ...Object.keys(b)])) {
    if (a[field] !== b[field]) report(field, a[field] ?? "absent", b[field] ?? "absent");
  }
}

/** Whether an entry of `deliberate-differences.ts` speaks of this finding. */
export function covers(difference: Difference, finding: Finding): boolean {
  return (
    difference.exchange === finding.exchange &&
    (difference.scene ?? finding.scene) === finding.scene &&
    (difference.step ?? finding.step) === finding.step &&
    (difference.fields.includes("*") || difference.fields.includes(finding.field))
  );
}
