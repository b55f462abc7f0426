/** Which packets are in which classes: the same on both servers, or on purpose not. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Lab } from "../../lab/lab.ts";
import { findProgram } from "../../lab/program.ts";
import { Server, type Subject } from "../../subject/server.ts";
import { isThorough } from "../../subject/thorough.ts";
import type { Speech, Stage } from "../speech.ts";
import { ExpressionGenerator, type Parts } from "./generator.ts";
import { Random } from "./random.ts";

/** What a family's packets and expressions are. */
export interface ClassFamily<S extends Speech> {
  readonly stage: Stage<S>;
  /** Each part of the language at least once; classes are named `c0`, `c1`, … in this order. */
  readonly handWritten: readonly string[];
  readonly parts: Parts;
  /** Where we differ on purpose: the expression, and why. Each must differ for some packet. */
  readonly differing: readonly (readonly [expression: string, reason: string])[];
  /** Subnets, and reservations of some clients. */
  readonly config: Readonly<Record<string, unknown>>;
  makePacket(random: Random): readonly [S["query"], S["route"]];
}

const EXPRESSIONS = 300;
const PACKETS = isThorough ? 1000 : 400;
/** Packets that are on their way at once. */
const BATCH = 20;
/** Fits into the 24 bits that DHCPv6 has for it. */
const FIRST_XID = 0x20_0000;

const seed = Number(process.env["CLASSES_SEED"] ?? 1);

/** What became of one packet. */
interface Verdict {
  /** Of those that are tested here. */
  readonly classes: ReadonlySet<string>;
  /** Classes whose test could not be evaluated. Only Kea says so. */
  readonly failed: ReadonlySet<string>;
}

type Verdicts = ReadonlyMap<number, Verdict>;

/** `CLASSES_SEED=7` plays others. */
export function testClasses<S extends Speech>(family: ClassFamily<S>): void {
  const program = `kea-dhcp${family.stage.family}`;
  describe.skipIf(findProgram(program) === undefined)(`needs ${program}-server`, () => {
    test(`${EXPRESSIONS} expressions put ${PACKETS} packets into the same classes as Kea does`, async () => {
      const { differing } = family;
      const tests = [...makeExpressions(family), ...differing.map(([expression]) => expression)];
      const [kea, kotare] = [await classify(family, "kea", tests), await classify(family, "kotare", tests)];
      expect([kea.size, kotare.size]).toEqual([PACKETS, PACKETS]);
      const findings = compare(kea, kotare, tests, family);
      const stale = differing.filter(([expression]) => !findings.delete(expression));
      expect([...findings]).toEqual([]);
      expect(stale).toEqual([]);
      // Expressions that are never true, or always, would prove nothing.
      const members = [...kea.values()].reduce((sum, { classes }) => sum + classes.size, 0);
      expect(members / PACKETS / EXPRESSIONS).toBeGreaterThan(0.2);
      expect(members / PACKETS / EXPRESSIONS).toBeLessThan(0.8);
    });
  });
}

function makeExpressions<S extends Speech>({ handWritten, parts }: ClassFamily<S>): readonly string[] {
  const generator = new ExpressionGenerator(new Random(seed), parts);
  const list = [...handWritten];
  while (list.length < EXPRESSIONS) list.push(generator.condition(list.length));
  return list;
}

async function classify<S extends Speech>(
  { stage, config, makePacket }: ClassFamily<S>,
  subject: Subject,
  tests: readonly string[],
): Promise<Verdicts> {
  await using lab = new Lab();
  const { server: host, clients } = stage.plugIn(lab);
  const complete = {
    "multi-threading": { "enable-multi-threading": false },
    "client-classes": tests.map((test, i) => ({ name: `c${i}`, test })),
    loggers: loggers(stage.family),
    ...stage.config,
    ...config,
  };
  const options = { family: stage.family, folder: join(lab.folder, subject) };
  await using server = await Server.start(subject, host, complete, options);
  using voice = await stage.open(clients);
  const random = new Random(seed + 1);
  for (let i = 0; i < PACKETS; i++) {
    const [query, route] = makePacket(random);
    const xid = FIRST_XID + i;
    voice.send(query, xid, route);
    if (i % BATCH < BATCH - 1 && i < PACKETS - 1) continue;
    await server.program.waitFor(new RegExp(`tid=0x0*${xid.toString(16)}: .*following classes`));
  }
  return readVerdicts(server.program.lines);
}

/** What Kea says of classes, and of tests that fail; with all its lines there is one for each step of each expression. */
function loggers(family: 4 | 6) {
  const output = { output_options: [{ output: "stdout", flush: true }] };
  return [
    { name: `kea-dhcp${family}`, severity: "WARN", ...output },
    { name: `kea-dhcp${family}.dhcp${family}`, severity: "DEBUG", debuglevel: 55, ...output },
  ];
}

function readVerdicts(lines: readonly string[]): Verdicts {
  const verdicts = new Map<number, Verdict>();
  const failed = new Map<number, Set<string>>();
  for (const line of lines) {
    const [, tid] = /tid=(0x[0-9a-f]+): /.exec(line) ?? [];
    const packet = Number(tid) - FIRST_XID;
    const failure = /ERROR .*EVAL_RESULT .*: Expression (c\d+) /.exec(line);
    if (failure !== null) failed.set(packet, (failed.get(packet) ?? new Set()).add(failure[1]!));
    const found = /: .* following classes: (.*)$/.exec(line);
    if (found === null) continue;
    const names = found[1]!.split(", ").filter((name) => /^(c\d+|ALL|KNOWN|UNKNOWN)$/.test(name));
    verdicts.set(packet, { classes: new Set(names), failed: failed.get(packet) ?? new Set() });
  }
  return verdicts;
}

/** Each class on which the two differ, with the first packet. */
function compare<S extends Speech>(
  kea: Verdicts,
  kotare: Verdicts,
  tests: readonly string[],
  { differing }: ClassFamily<S>,
): Map<string, string> {
  const findings = new Map<string, string>();
  for (const [packet, { classes: theirs, failed }] of kea) {
    const ours = kotare.get(packet)?.classes ?? new Set<string>();
    for (const name of new Set([...theirs, ...ours])) {
      const test = tests[Number(name.slice(1))] ?? name;
      if (theirs.has(name) === ours.has(name) || findings.has(test)) continue;
      const isKnown = differing.some(([expression]) => expression === test);
      if (!isKnown && (failed.has(name) || isDoubtful(test, failed, tests))) continue;
      findings.set(test, `packet ${packet} is in it ${theirs.has(name) ? "in Kea" : "in Kotare"} only`);
    }
  }
  return findings;
}

/** Kea evaluates all of an expression, we what decides about it: where a part fails we may know better, and so on. */
function isDoubtful(test: string, failed: ReadonlySet<string>, tests: readonly string[]): boolean {
  return [...test.matchAll(/member\('(c\d+)'\)/g)].some(
    ([, name]) => failed.has(name!) || isDoubtful(tests[Number(name!.slice(1))]!, failed, tests),
  );
}
