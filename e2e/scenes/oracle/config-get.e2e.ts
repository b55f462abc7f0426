/** `config-get` gives what Kea 2.6.3 gives for the same file, and Kea reads what `config-write` writes, as the same. */
import { execFile } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { parseConfig } from "@kotare/core/config/load/load-config";
import { writeConfig } from "@kotare/core/control/commands/config/written-config";
import { formatParts } from "@kotare/core/control/kea-json";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { compareJson, type JsonDifference } from "../../src/oracle/compare-json.ts";
import { listConfigFiles } from "../../src/oracle/configs/config-files.ts";
import { ConfigHost, type ConfigMap, DAEMONS, type Root } from "../../src/oracle/configs/config-host.ts";
import { deliberateConfig } from "../../src/oracle/deliberate-differences-config.ts";
import { top } from "../../src/top.ts";

/** What Kea does not take as it stands, and why. */
const REFUSED_BY_KEA: ReadonlyMap<string, RegExp> = new Map([
  ["kotare/campus4.conf", /unexpected keyword "client-classes"/],
  ["kotare/office4.conf", /unexpected keyword "client-classes"/],
  ["ddns/all-keys-netconf.json", /undefined key/],
  ...["power-user-home", "ha-mt-tls"].flatMap((name) =>
    [1, 2].map((i) => [`template-${name}/kea-dhcp4-${i}.conf`, /missing parameter 'id'/] as const),
  ),
]);

/** What we do not take either. */
const REFUSED_BY_BOTH = /^(ddns\/all-keys-netconf|template-)/;

const files = listConfigFiles();

describe.skipIf(findProgram("kea-dhcp4") === undefined)("needs Kea's daemons", () => {
  let lab: Lab;
  /** One each: both want the same ports. */
  let hosts: Readonly<Record<"kea" | "kotare", Host>>;
  /** Of all files. */
  const met = new Set<RegExp>();

  beforeAll(() => {
    lab = new Lab();
    hosts = { kea: plugIn("kea"), kotare: plugIn("kotare") };
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  /** With the interfaces and addresses that some of the files name. */
  function plugIn(name: string): Host {
    const host = lab.host(name, { ipv6: true });
    const network = lab.network();
    for (const device of ["eth0", "eth1", "eth2"]) host.attach(network, device);
    for (const address of ["192.0.2.1/24", "2001:db8:1::1/64", "3001::2/64"]) {
      host.ip("address", "add", address, "dev", "eth0", ...(address.includes(":") ? ["nodad"] : []));
    }
    return host;
  }

  /** What remains of differences when those on purpose are taken away. */
  function unexplained(differences: Iterable<JsonDifference>): JsonDifference[] {
    return [...differences].filter(({ path }) => {
      const reason = deliberateConfig.find((each) => new RegExp(`^${each.path.source}$`).test(path));
      if (reason !== undefined) met.add(reason.path);
      return reason === undefined;
    });
  }

  describe.each(["Dhcp4", "Dhcp6", "DhcpDdns"] as const)("%s", (root) => {
    let kea: ConfigHost;
    let ours: ConfigHost;

    beforeAll(async () => {
      [kea, ours] = await Promise.all([
        ConfigHost.start("kea", root, lab, hosts.kea),
        ConfigHost.start("kotare", root, lab, hosts.kotare),
      ]);
    });

    test.each(files.filter((file) => file.root === root).map((file) => [file.name, file] as const))(
      "%s",
      { timeout: 60_000 },
      async (name, file) => {
        const refusals = [await kea.take(file.read(kea.folder)), await ours.take(file.read(ours.folder))];
        expect(refusals[0] ?? "").toMatch(REFUSED_BY_KEA.get(name) ?? /^$/);
        if (REFUSED_BY_BOTH.test(name)) {
          expect(refusals[1]).toBeDefined();
          return;
        }
        expect(refusals[1]).toBeUndefined();

        const written = await ours.write();
        expect(await check(hosts.kea, root, written)).toBe("");
        const given = comparable(await ours.get(), ours.folder);
        if (refusals[0] !== undefined) return;

        const theirs = comparable(await kea.get(), kea.folder);
        expect(unexplained(compareJson({ [root]: theirs }, { [root]: given }))).toEqual([]);

        // What was written means the same to Kea.
        const back = readFileSync(written, "latin1").replaceAll(`${ours.folder}/`, `${kea.folder}/`);
        expect(await kea.take((JSON.parse(back) as Record<string, ConfigMap>)[root]!)).toBeUndefined();
        const again = comparable(await kea.get(), kea.folder);
        expect(unexplained(compareJson({ [root]: theirs }, { [root]: again }))).toEqual([]);
      },
    );
  });

  // Which no daemon here takes into force, as there is no database.
  test.each(["mysql4.conf", "postgresql4.conf"])("what is written of %s Kea reads", async (name) => {
    const path = join(top, "deploy/examples", name);
    const loaded = parseConfig(dhcp4Family, { file: path, text: readFileSync(path, "latin1") }, { read: () => "" });
    if (loaded.kind === "refused") throw new Error(`${name} is refused`);
    const written = join(lab.folder, name);
    const parts = formatParts({ Dhcp4: writeConfig(dhcp4Family, loaded.config) }, "");
    writeFileSync(written, [...parts].join(""), { mode: 0o640 });
    expect(await check(hosts.kea, "Dhcp4", written)).toBe("");
  });

  test("each difference on purpose is met", () => {
    expect(deliberateConfig.filter(({ path }) => !met.has(path))).toEqual([]);
  });
});

/** @returns what Kea has against a file */
async function check(host: Host, root: Root, file: string): Promise<string> {
  try {
    await promisify(execFile)("ip", ["netns", "exec", host.name, DAEMONS[root].kea, "-t", file]);
    return "";
  } catch (error) {
    const { stdout, stderr } = error as { stdout: string; stderr: string };
    return stdout + stderr;
  }
}

/** Without what is of the place: where files are, and where Kea has its hooks from. */
function comparable(config: ConfigMap, folder: string): unknown {
  const text = JSON.stringify(config).replaceAll(`${folder}/`, "").replaceAll(`${process.env["KEA_HOOKS_PATH"]}/`, "");
  return sortReservations(JSON.parse(text));
}

/** They are in no order that means anything: Kea's is that of their identifiers, ours the file's. */
function sortReservations(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortReservations);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => {
      const sorted = sortReservations(each);
      return [key, key === "reservations" ? sortByText(sorted as unknown[]) : sorted];
    }),
  );
}

function sortByText(list: readonly unknown[]): unknown[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}
