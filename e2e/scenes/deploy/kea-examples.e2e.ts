/** The example configurations of Kea's own documentation: what Kea takes we take, but for what is not there yet. */
import { execFile } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { findKea } from "../../src/subject/kea.ts";
import { serveExample } from "../../src/subject/kea-example.ts";
import { type Family, ourDaemon } from "../../src/subject/server.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import { top } from "../../src/top.ts";

const folder = [join(top, ".cache/debian/root"), ""]
  .map((root) => `${root}/usr/share/doc/kea/examples`)
  .find((path) => existsSync(path));

const folder3 = join(top, ".cache/debian/kea3/usr/share/doc/kea/examples");

/** What may be asked of us in vain: by the words of the error. */
const LACKS: readonly (readonly [error: RegExp, reason: string])[] = [
  [/hooks-libraries\[\d+\]\.library: ".*"/, "a hook that is not built in"],
  [/subnet4\[0\]\.id: is missing/, "a subnet without an id, which Kea refuses, too"],
];

/** Where there is nothing for a client on `eth0`, and why. */
const NOTHING: ReadonlyMap<string, string> = new Map([
  ["kea4/advanced.json", "its sockets are for relays only"],
  ["kea4/all-options.json", "it serves no interface"],
  ["kea4/ha-load-balancing-server2-mt.json", "it has no address of its pair, and waits for its partner"],
  ["kea4/hooks-radius.json", "no RADIUS server says who may have an address"],
  ["kea6/all-options.json", "it serves no interface"],
  ["kea6/ha-hot-standby-server2.json", "it is the standby of a pair, and waits for its partner"],
  ["kea6/iPXE.json", "options only, since there is no pool"],
  ["kea6/stateless.json", "options only, since there is no subnet"],
]);

/** Where Kea gives nothing. */
const OURS_ONLY: ReadonlyMap<string, RegExp> = new Map([
  // Kea takes the file when it checks it.
  ["kea4/comments.json", /illegal severity/],
  ["kea6/comments.json", /illegal severity/],
  // Kea does not begin before it has the address that it shall send from.
  ["kea4/with-ddns.json", /Cannot assign requested address/],
  ["kea6/with-ddns.json", /Cannot assign requested address/],
  // Nor before an interface has the address that is named.
  ["kea6/dhcpv4-over-dhcpv6.json", /doesn't have address/],
  // Kea looks for its hooks where Debian has put them, and nowhere else.
  ["kea4/ha-load-balancing-server2-mt.json", /invalid path specified/],
  ["kea4/hooks-radius.json", /invalid path specified/],
  ["kea6/ha-hot-standby-server2.json", /invalid path specified/],
  // Kea wants to be told which subnet is on the interface; we see it by the interface's address.
  ["kea6/several-subnets.json", /^$/],
  ["kea6/tee-times.json", /^$/],
]);

/** They wait for a database, as Kea does. */
const WANTS_DATABASE = /^kea[46]\/((mysql|pgsql)-reservations|config-backend|all-keys)/;

/** They start where their certificates are, as Kea does. */
const WANTS_CERTIFICATES = /^kea[46]\/ha-.*-with-tls/;

/** Served at the same time. */
const LANES = 3;

interface Example {
  readonly name: string;
  readonly family: Family;
}

interface Verdict extends Example {
  readonly kea: string | undefined;
  /** Our errors; `undefined` where it is accepted. */
  readonly ours: string | undefined;
}

/** By example: what a client is given by us, and by Kea, which may not even start. */
type Given = Map<string, { readonly ours: string; readonly kea: string }>;

async function serveAll(examples: readonly Example[]): Promise<Given> {
  const given: Given = new Map();
  const queue = examples.values();
  const work = async () => {
    for (const { name, family } of queue) {
      const file = join(folder!, name);
      const [ours, kea] = await Promise.all([
        serveExample("kotare", family, file),
        serveExample("kea", family, file).catch((error: Error) => error.message),
      ]);
      given.set(name, { ours, kea });
    }
  };
  await Promise.all(Array.from({ length: LANES }, work));
  return given;
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

function writePage(verdicts: readonly Verdict[], given: Given): string {
  const rows = (accepted: boolean) =>
    verdicts
      .filter(({ ours }) => (ours === undefined) === accepted)
      .map(({ name, ours }) => `- \`${name}\`: ${ours === undefined ? givenBy(name, given) : reasonOf(ours)}`)
      .join("\n");
  return `# Kea's example configurations

This page lists the example configurations in the documentation of Kea 2.6.3 (Debian's \`kea-doc\`), and what dhcp4d and
dhcp6d do with each of them on a host that has the interfaces it names. The test
\`e2e/scenes/deploy/kea-examples.e2e.ts\` writes this page, and fails when the page is out of date.

## Examples that run unchanged

Behind each example stands what an ordinary client on \`eth0\` is given. The server has an address there in the first
subnet that is open to everybody.

${rows(true)}

## Examples that are refused, and why

${rows(false)}
`;
}

function givenBy(name: string, given: Given): string {
  if (WANTS_CERTIFICATES.test(name)) return "an address of its pool, where its certificates are";
  if (WANTS_DATABASE.test(name)) return "what its database says, or an address of its pool";
  const leases = given.get(name)?.ours ?? "";
  return leases === "" ? `nothing: ${NOTHING.get(name)}` : leases;
}

describe.skipIf(findProgram("kea-dhcp4") === undefined || folder === undefined)("needs kea-doc", () => {
  let lab: Lab;
  let host: Host;
  const verdicts: Verdict[] = [];
  let given: Given;

  beforeAll(async () => {
    lab = new Lab();
    host = lab.host("server", { ipv6: true });
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

  // A minute and a half.
  if (isThorough) {
    test("what we take we serve as Kea does", { timeout: 300_000 }, async () => {
      const served = verdicts.filter(({ name, ours }) => {
        return ours === undefined && !WANTS_DATABASE.test(name) && !WANTS_CERTIFICATES.test(name);
      });
      given = await serveAll(served);
      const unserved = [...given].filter(([, { ours }]) => ours === "").map(([name]) => name);
      expect(unserved.sort()).toEqual([...NOTHING.keys()]);
      const different = [...given].filter(([name, { ours, kea }]) => ours !== kea && !OURS_ONLY.get(name)?.test(kea));
      expect(different).toEqual([]);
    });

    test("the page tells which", async () => {
      await expect(writePage(verdicts, given)).toMatchFileSnapshot(join(top, "docs/kea-examples.md"));
    });

    test.skipIf(!existsSync(folder3))(
      "what Kea 3.0 takes of its own examples we take",
      { timeout: 300_000 },
      async () => {
        const updates = readdirSync(join(folder3, "ddns"))
          .filter((name) => name.endsWith(".json"))
          .map((name) => ({ name: `ddns/${name}`, daemon: join(top, "apps/d2d/bin/d2d"), kea: "kea-dhcp-ddns" }));
        const served = listExamples(folder3).map(({ name, family }) => {
          return { name, daemon: ourDaemon(family), kea: `kea-dhcp${family}` };
        });
        let taken = 0;
        for (const { name, daemon, kea } of [...served, ...updates]) {
          const file = join(folder3, name);
          if ((await check(host, findKea("kea3", kea)!, file)) !== undefined) continue;
          expect([name, await check(host, daemon, file)]).toEqual([name, undefined]);
          taken++;
        }
        expect(taken).toBeGreaterThan(30);
      },
    );
  }
});
