/** The move from ISC's dhcpd: Kea takes what we make of its configurations, clients are answered alike, and keep their addresses. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseText } from "@kotare/convert/dhcpd/parse-clauses";
import { type CorpusFile, readCorpus } from "@kotare/convert/testing/corpus";
import { translate } from "@kotare/convert/translate/translate";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import { Dhcpd } from "../../src/dhcpd/dhcpd.ts";
import { clientsFor, type Surveyed, survey } from "../../src/dhcpd/survey.ts";
import { type Host, Lab, run } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { type DhcpConfig, findDaemon, ourDaemon, Server } from "../../src/subject/server.ts";

const corpus = readCorpus();
/** Where the server is: no file has a subnet of it, which dhcpd wants for an interface. */
const SERVER = { address: "198.18.0.1", mac: "02:00:00:00:00:01", prefix: "198.18.0.1/16" };
/** It would take a second for each offer. */
const AROUND = "ping-check false;\nsubnet 198.18.0.0 netmask 255.255.0.0 { }\n";

/** With `E2E_CORPUS=all` all files are asked about; else these, which have the most in them. */
const SURVEYED = /^(ipxe|subclasses|many-hosts|lifetimes|regular-expressions)\.conf$/;

/** dhcpd refuses the first; the second has its files in a folder that is not there; the others wait for a partner. */
const APART = /^(syntax|odds|failover-.*)\.conf$/;

function convert({ text, family, name }: Pick<CorpusFile, "text" | "family" | "name">): object {
  return translate(parseText(text, name), family, () => []).config;
}

test.skipIf(findDaemon("kea", 4) === undefined)("Kea takes what is made of every file", async () => {
  await using lab = new Lab();
  const refused = await Promise.all(
    corpus.map(async (file) => {
      const path = join(lab.folder, `${file.name}.json`);
      writeFileSync(path, JSON.stringify(convert(file)));
      const checked = promisify(execFile)(findDaemon("kea", file.family)!, ["-t", path]);
      return await checked.then(
        () => [],
        (error: Error) => [`${file.name}: ${error.message.split("\n").slice(-4).join("\n")}`],
      );
    }),
  );
  expect(refused.flat()).toEqual([]);
});

describe.skipIf(findProgram("dhcpd") === undefined)("needs isc-dhcp-server", () => {
  let lab: Lab;
  let host: Host;
  let clients: Host;
  let folders = 0;

  beforeAll(() => {
    lab = new Lab();
    const network = lab.network();
    host = lab.host("server");
    host.attach(network, "eth0", SERVER.prefix, SERVER.mac);
    host.ip("route", "add", "default", "dev", "eth0");
    clients = lab.host("clients");
    clients.attach(network, "eth0");
  });
  afterAll(() => lab[Symbol.asyncDispose]());

  function newFolder(): string {
    const folder = join(lab.folder, `dhcpd${++folders}`);
    mkdirSync(folder);
    return folder;
  }

  it("clients get the same answers", async () => {
    const files = corpus.filter(
      ({ name, family }) =>
        family === 4 && !APART.test(name) && (process.env["E2E_CORPUS"] === "all" || SURVEYED.test(name)),
    );
    using voice = await stage4.open(clients);
    const differences: string[] = [];
    const counts: Record<string, string> = {};
    let [agreed, asked] = [0, 0];
    const plans = files.map((file, number) => {
      const text = `${file.text}${AROUND}`;
      const config = bodyOf(convert({ ...file, text }));
      return { name: file.name, text, config, giaddrs: relaysIn(config), who: clientsFor(number, knownIn(file.text)) };
    });
    for (const giaddr of plans.flatMap(({ giaddrs }) => giaddrs)) {
      clients.ip("address", "replace", `${giaddr}/32`, "dev", "eth0");
    }
    const theirs = new Map<string, readonly Surveyed[]>();
    for (const { name, text, giaddrs, who } of plans) {
      try {
        await using dhcpd = await Dhcpd.start(host, newFolder(), text);
        theirs.set(name, await survey(voice, SERVER, giaddrs, who));
        expect(dhcpd.program.running).toBe(true);
      } catch (error) {
        differences.push(`${name}: dhcpd does not serve it: ${(error as Error).message}`);
      }
    }
    await using server = await Server.start("kotare", host, plans[0]!.config, { folder: newFolder() });
    for (const { name, config, giaddrs, who } of plans) {
      await server.reload(config);
      const found = compare(theirs.get(name) ?? [], await survey(voice, SERVER, giaddrs, who), poolsIn(config));
      differences.push(...found.differences.map((each) => `${name}: ${each}`));
      counts[name] = `${found.agreed} of ${found.asked}`;
      agreed += found.agreed;
      asked += found.asked;
    }
    if (process.env["E2E_CORPUS"] !== undefined)
      console.log(JSON.stringify({ agreed, asked, counts, differences }, undefined, 1));
    expect(differences).toEqual([]);
  });

  it("a server that takes over while clients are served: they keep their addresses and names", async () => {
    const folder = newFolder();
    const text = `default-lease-time 3600; ${AROUND}
subnet 10.20.0.0 netmask 255.255.255.0 { range 10.20.0.10 10.20.0.200; option routers 10.20.0.254; }
host kept { hardware ethernet 02:dd:00:00:0e:00; fixed-address 10.20.0.5; }
`;
    const giaddrs = ["10.20.0.254"];
    clients.ip("address", "replace", "10.20.0.254/32", "dev", "eth0");
    using voice = await stage4.open(clients);
    const who = clientsFor(14, []);
    const given = ({ answer }: Surveyed) => answer?.["yiaddr"];
    let before: (string | undefined)[];
    let leaseFile: string;
    {
      await using dhcpd = await Dhcpd.start(host, folder, text);
      before = (await survey(voice, SERVER, giaddrs, who)).map(given);
      ({ leaseFile } = dhcpd);
    }
    const [source, config] = [join(folder, "dhcpd.conf"), join(folder, "moved.json")];
    writeFileSync(config, run(ourDaemon(4), "convert", source));
    const { Dhcp4 } = JSON.parse(run("cat", config)) as { readonly Dhcp4: DhcpConfig };
    const database = { type: "memfile", name: join(folder, "leases.csv") };
    writeFileSync(config, JSON.stringify({ Dhcp4: { ...Dhcp4, "lease-database": database } }));
    const imported = run(ourDaemon(4), "leases", "import", "--from", "dhcpd", "-c", config, leaseFile);
    expect(imported).toBe("8 leases were imported, 0 were there already\n");
    const ours = { ...bodyOf({ Dhcp4 }), "lease-database": database };
    await using server = await Server.start("kotare", host, ours, { folder });
    expect((await survey(voice, SERVER, giaddrs, who)).map(given)).toEqual(before);
    expect(server.program.output).not.toContain("ALLOC_FAIL");
    const back = join(folder, "back.leases");
    await server.program.stop();
    // The reserved address is a lease of ours, too.
    expect(run(ourDaemon(4), "leases", "export", "--to", "dhcpd", "-c", config, back)).toContain("9 leases");
    await using dhcpd = await Dhcpd.start(host, newFolder(), text, run("cat", back));
    expect((await survey(voice, SERVER, giaddrs, who)).map(given)).toEqual(before);
    expect(dhcpd.program.running).toBe(true);
  });
});

/** What a scene's server adds to stands in the way of its own. */
function bodyOf(document: object): DhcpConfig {
  const { Dhcp4 } = document as { readonly Dhcp4: DhcpConfig };
  const {
    loggers,
    "control-socket": socket,
    "lease-database": database,
    "interfaces-config": interfaces,
    ...body
  } = Dhcp4;
  return body;
}

interface SubnetJson {
  readonly subnet: string;
  readonly pools?: readonly { readonly pool: string }[];
}

function subnetsIn(config: DhcpConfig): SubnetJson[] {
  const alone = config["subnet4"] as readonly SubnetJson[];
  const networks = (config["shared-networks"] ?? []) as readonly { readonly subnet4: readonly SubnetJson[] }[];
  return [...networks.flatMap(({ subnet4 }) => subnet4), ...alone].filter(
    ({ subnet }) => !subnet.startsWith("198.18."),
  );
}

/** An address near the end of each subnet, that no pool of the corpus has. */
function relaysIn(config: DhcpConfig): string[] {
  return subnetsIn(config).map(({ subnet }) =>
    subnet.replace(/\d+\/\d+$/, (end) => String(Number.parseInt(end, 10) + 3)),
  );
}

function knownIn(text: string): string[] {
  return [...text.matchAll(/^\s*host.*hardware ethernet (02:[0-9a-f:]+);/gim)].map(([, mac]) => mac!).slice(0, 6);
}

/** Addresses of pools by the pool: which one of it a client gets is the server's business. */
function poolsIn(config: DhcpConfig): (address: string) => string {
  const number = (address: string) => address.split(".").reduce((sum, part) => 256 * sum + Number(part), 0);
  const pools = subnetsIn(config).flatMap(({ pools = [] }) => pools.map(({ pool }) => pool));
  return (address) =>
    pools.find((pool) => {
      const [first, last] = pool.split(" - ").map(number);
      return first! <= number(address) && number(address) <= last!;
    }) ?? address;
}

/** Each answer agrees that has the same in all that a client uses. */
function compare(theirs: readonly Surveyed[], ours: readonly Surveyed[], poolOf: (address: string) => string) {
  // As Kea we tell a client its name if it has told us one. dhcpd compresses the names of option 119.
  const shown = ({ title, answer }: Surveyed) =>
    answer === undefined
      ? "silence"
      : Object.entries({ ...answer, yiaddr: poolOf(answer["yiaddr"]!) })
          .filter(
            ([name]) => !(name === "option 12" && title.includes("named short")) && !/^option (54|119)$/.test(name),
          )
          .map(([name, value]) => `${name}=${value}`)
          .sort();
  const other = new Map(ours.map((each) => [each.title, shown(each)]));
  const differences: string[] = [];
  for (const each of theirs) {
    const [a, b] = [[shown(each)].flat(), [other.get(each.title) ?? "not asked"].flat()];
    const [lacking, added] = [a.filter((field) => !b.includes(field)), b.filter((field) => !a.includes(field))];
    if (lacking.length + added.length > 0)
      differences.push(`${each.title}: dhcpd ${lacking.join(" ")}; we ${added.join(" ")}`);
  }
  return { agreed: theirs.length - differences.length, asked: theirs.length, differences };
}
