/**
 * The manual does what it says: the commands of each chapter are given on a host with the chapter's files, beside a client,
 * and print what the chapter shows. Those for a whole machine are only looked over.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fencedBlocks } from "@kotare/testkit/fenced-blocks";
import { describe, expect, test, vi } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { patternOf, programsOf, readDialogue, type Step } from "../../src/manual/dialogue.ts";
import { privateFolders } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";

const DOCS = join(top, "docs");
const CLIENT = "1a:2b:3c:4d:5e:6f";
/** What a program says that goes on running when it is ready for others. */
const READY = /_STARTED|all zones loaded|server started|start of service|Socket\/fallback/;
/** Names reach the DNS in their own time, and a busy machine may be too slow for a load: asking again does no harm. */
const PATIENT = /^(?:dig|dhcp-load) /;

const OURS = new Map([
  ...readdirSync(join(top, "apps")).map((name) => [name, join(top, "apps", name, "bin")] as const),
  ["dhcp-load", join(top, "packages/load/bin")],
]);
const PATH = [...OURS.values(), process.env["PATH"]].join(":");

interface Chapter {
  readonly name: string;
  /** Contents by name. */
  readonly files: ReadonlyMap<string, string>;
  readonly steps: readonly Step[];
  /** Programs that it needs, and are not here. */
  readonly lacking: readonly string[];
}

function readChapter(name: string): Chapter {
  const blocks = fencedBlocks(readFileSync(join(DOCS, name), "utf8"));
  const files = blocks.filter(({ language, about }) => language !== "" && /^[\w.-]+\.\w+$/.test(about));
  const dialogues = blocks.filter(({ language }) => language === "console");
  const steps = dialogues.flatMap(({ text }) => readDialogue(text));
  const programs = new Set(steps.flatMap(({ command }) => programsOf(command)));
  const lacking = [...programs].filter((program) => !OURS.has(program) && findProgram(program) === undefined);
  return { name, files: new Map(files.map(({ about, text }) => [about, text])), steps, lacking };
}

const chapters = readdirSync(DOCS)
  .filter((name) => name.endsWith(".md"))
  .map(readChapter);

vi.setConfig({ maxConcurrency: 4 });

describe.concurrent.each(chapters.filter(({ steps }) => steps.length > 0))("$name", ({ files, steps, lacking }) => {
  test.skipIf(lacking.length > 0)(
    `its commands print what it shows; they need ${lacking.join() || "nothing more"}`,
    async () => {
      await using lab = new Lab();
      for (const [name, text] of files) writeFileSync(join(lab.folder, name), text);
      const network = lab.network();
      const hosts = { server: lab.host("server", { ipv6: true }), client: lab.host("client", { ipv6: true }) };
      hosts.server.attach(network, "eth0", "192.168.77.1/24");
      hosts.server.ip("address", "add", "2001:db8:1::1/64", "dev", "eth0");
      hosts.client.attach(network, "eth0", undefined, CLIENT);
      for (const step of steps) await play(step, hosts[step.host], lab.folder);
    },
  );
});

async function play({ command, isDaemon, output }: Step, host: Host, folder: string): Promise<void> {
  const start = () => host.start(["sh", "-c", `exec 2>&1; ${isDaemon ? "exec " : ""}${command}`], options);
  const options = { cwd: folder, env: { ...privateFolders(folder), PATH } };
  if (isDaemon) {
    await start().waitFor(READY);
    return;
  }
  const give = async () => {
    const program = start();
    const { code } = await program.exited;
    return { code, said: program.lines.map((line) => `${line}\n`).join("") };
  };
  const wanted = { code: 0, said: expect.stringMatching(output.length === 0 ? /^/ : patternOf(output)) };
  if (PATIENT.test(command)) await vi.waitFor(async () => expect(await give()).toEqual(wanted), { timeout: 60_000 });
  else expect(await give(), command).toEqual(wanted);
}

test("every configuration is used by a command", () => {
  const idle = chapters.flatMap(({ name, files, steps }) =>
    [...files.keys()]
      .filter((file) => file.endsWith(".conf"))
      .filter((file) => !steps.some(({ command }) => command.includes(file)))
      .map((file) => `${name}: ${file}`),
  );
  expect(idle).toEqual([]);
});
