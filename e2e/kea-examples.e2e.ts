/** The example configurations of Kea's own documentation: what Kea takes we take, but for what is not there yet. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, Lab } from "./src/lab/lab.ts";
import { findProgram } from "./src/lab/program.ts";
import { type Family, ourDaemon } from "./src/subject/server.ts";
import { top } from "./src/top.ts";

const folder = [join(top, ".cache/debian/root"), ""]
  .map((root) => `${root}/usr/share/doc/kea/examples`)
  .find((path) => existsSync(path));

/** What may be asked of us in vain: by the words of the error. */
const LACKS: readonly (readonly [error: RegExp, reason: string])[] = [
  [/hooks-libraries\[\d+\]\.library: ".*"/, "a hook that is not built in"],
  [/takes reservations from a database/, "a database of hosts"],
  [/config-control/, "a database of configurations"],
  [/DHCPv4 over DHCPv6/, "DHCPv4 over DHCPv6"],
  [/subnet4\[0\]\.id: is missing/, "a subnet without an id, which Kea refuses, too"],
];

interface Example {
  readonly name: string;
  readonly family: Family;
}

interface Verdict extends Example {
  readonly kea: string | undefined;
  /** Our errors; `undefined` where it is accepted. */
  readonly ours: string | undefined;
}

function listExamples(path: string): Example[] {
  const inFolder = (name: string, pattern: RegExp) =>
    readdirSync(join(path, name))
      .filter((file) => pattern.test(file))
      .map((file) => `${name}/${file}`);
  const templates = readdirSync(path).filter((name) => name.startsWith("template-"));
  return ([4, 6] as const).flatMap((family) =>
    [
      ...inFolder(`kea${family}`, /\.json$/),
      ...templates.flatMap((name) => inFolder(name, new RegExp(`^kea-dhcp${family}.*\\.conf$`))),
    ].map((name) => ({ name, family })),
  );
}

/** @returns what a daemon has against a file */
async function check(host: Host, daemon: string, file: string): Promise<string | undefined> {
  try {
    await promisify(execFile)("ip", ["netns", "exec", host.name, daemon, "-t", file]);
    return undefined;
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

/** Why we refuse it, in a few words; the error itself where it is none of those that there may be. */
function reasonOf(errors: string): string {
  const lines = errors.split("\n").filter((line) => /:\d+:\d+: (?!note: |warning: )/.test(line));
  const reasons = lines.map((line) => LACKS.find(([pattern]) => pattern.test(line))?.[1] ?? line);
  return [...new Set(reasons)].join(", ");
}

function writePage(verdicts: readonly Verdict[]): string {
  const rows = (accepted: boolean) =>
    verdicts
      .filter(({ ours }) => (ours === undefined) === accepted)
      .map(({ name, ours }) => `- \`${name}\`${ours === undefined ? "" : `: ${reasonOf(ours)}`}`)
      .join("\n");
  return `# Kea's example configurations

Those of Kea 2.6.3's documentation (Debian's \`kea-doc\`), on a host that has the interfaces they name. This page is made by
\`e2e/kea-examples.e2e.ts\`, which fails when it is not true any more.

## Accepted as they are

${rows(true)}

## Refused, and what for

${rows(false)}
`;
}

describe.skipIf(findProgram("kea-dhcp4") === undefined || folder === undefined)("needs kea-doc", () => {
  let lab: Lab;
  const verdicts: Verdict[] = [];

  beforeAll(async () => {
    lab = new Lab();
    const host = lab.host("server", { ipv6: true });
    const network = lab.network();
    for (const device of ["eth0", "eth1", "eth2"]) host.attach(network, device);
    for (const example of listExamples(folder!)) {
      const file = join(folder!, example.name);
      const kea = await check(host, `kea-dhcp${example.family}`, file);
      verdicts.push({ ...example, kea, ours: await check(host, ourDaemon(example.family), file) });
    }
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  test("what Kea takes we take, or say what it is that is not there", () => {
    const wrong = verdicts
      .filter(({ ours }) => ours !== undefined)
      .map(({ name, ours }) => `${name}: ${reasonOf(ours!)}`)
      .filter((line) => /:\d+:\d+: |: $/.test(line));
    expect(wrong).toEqual([]);
    expect(verdicts.length).toBeGreaterThan(50);
    expect(verdicts.filter(({ kea }) => kea === undefined).length).toBeGreaterThan(30);
    expect(verdicts.filter(({ kea, ours }) => kea === undefined && ours === undefined).length).toBeGreaterThan(30);
  });

  test("the page tells which", async () => {
    await expect(writePage(verdicts)).toMatchFileSnapshot("../docs/kea-examples.md");
  });
});
