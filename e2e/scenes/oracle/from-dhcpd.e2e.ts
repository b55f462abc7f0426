/** The move from ISC's dhcpd: Kea takes what we make of its configurations and clients are answered alike. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { parseText } from "@kotare/convert/dhcpd/parse-clauses";
import { type CorpusFile, readCorpus } from "@kotare/convert/testing/corpus";
import { translate } from "@kotare/convert/translate/translate";
import { afterAll, beforeAll, describe, expect, it, test } from "vitest";
import type { Surveyed } from "../../src/former/ask-all.ts";
import { compareSurveys, linksIn, poolsIn } from "../../src/former/compare-surveys.ts";
import { Dhcpd } from "../../src/former/dhcpd.ts";
import { clientsFor4, survey4 } from "../../src/former/survey4.ts";
import { clientsFor6, survey6 } from "../../src/former/survey6.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { type DhcpConfig, type Family, findDaemon, Server } from "../../src/subject/server.ts";

const corpus = readCorpus();

/** With `E2E_CORPUS=all` all files are asked about, or those whose names it is part of; else these, which have the most in them. */
const SURVEYED = /^(ipxe|subclasses|many-hosts|lifetimes|regular-expressions|dhcp6-hosts)\.conf$/;
const { E2E_CORPUS } = process.env;
const isSurveyed = (name: string) =>
  E2E_CORPUS === undefined ? SURVEYED.test(name) : E2E_CORPUS === "all" || name.includes(E2E_CORPUS);

/** dhcpd refuses the first; the second has its files in a folder that is not there; the others wait for a partner. */
const APART = /^(syntax|odds|failover-.*)\.conf$/;

/** Where the server of DHCPv4 is. */
const SERVER = { address: "198.18.0.1", mac: "02:00:00:00:00:01", prefix: "198.18.0.1/16" };

/** No file has a subnet of the server's own, which dhcpd wants for an interface. A ping would take a second for each offer. */
const AROUND = {
  4: {
    own: "198.18.",
    text: "ping-check false;\ndhcp-cache-threshold 0;\nsubnet 198.18.0.0 netmask 255.255.0.0 { }\n",
  },
  6: { own: "2001:db8::/", text: "dhcp-cache-threshold 0;\nsubnet6 2001:db8::/64 { }\n" },
} as const;

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

  it("clients get the same answers, but for what the converter tells beforehand", async () => {
    using voice = await stage4.open(clients);
    await compareAll(4, host, newFolder, {
      prepare(links) {
        for (const link of links) clients.ip("address", "replace", `${link}/32`, "dev", "eth0");
      },
      survey: (number, text, links) => survey4(voice, SERVER, links, clientsFor4(number, knownIn(text))),
      // As Kea we tell a client its name if it has told us one. dhcpd compresses the names of option 119.
      skip: (title, field) =>
        (field === "option 12" && title.includes("named short")) || /^option (54|119)$/.test(field),
    });
  });

  it("DHCPv6: clients get the same answers, but for what the converter tells beforehand", async () => {
    await using lab6 = new Lab();
    const { server, clients } = stage6.plugIn(lab6);
    using voice = await stage6.open(clients);
    await compareAll(6, server, newFolder, {
      prepare() {},
      survey: (number, text, links) => survey6(voice, links, clientsFor6(number, knownIn(text))),
      skip: () => false,
    });
  });
});

interface Survey {
  prepare(links: readonly string[]): void;
  /** @param number of the file @param text of it */
  survey(number: number, text: string, links: readonly string[]): Promise<Surveyed[]>;
  /** Whether a field is another matter. */
  skip(title: string, field: string): boolean;
}

/** Asks both servers about the files of a family. */
async function compareAll(
  family: Family,
  host: Host,
  newFolder: () => string,
  { prepare, survey, skip }: Survey,
): Promise<void> {
  const { own, text: around } = AROUND[family];
  const files = corpus.filter((file) => file.family === family && !APART.test(file.name) && isSurveyed(file.name));
  const plans = files.map((file, number) => {
    const text = `${file.text.replace(/^dhcpv6-lease-file-name.*$/m, "")}${around}`;
    const config = bodyOf(convert({ ...file, text }), family);
    return { number, name: file.name, text, config, links: linksIn(config, family, own) };
  });
  prepare(plans.flatMap(({ links }) => links));
  const theirs = new Map<string, readonly Surveyed[]>();
  const differences: string[] = [];
  for (const { number, name, text, links } of plans) {
    try {
      await using dhcpd = await Dhcpd.start(family, host, newFolder(), text);
      theirs.set(name, await survey(number, text, links));
      expect(dhcpd.program.running).toBe(true);
    } catch (error) {
      differences.push(`${name}: dhcpd does not serve it: ${(error as Error).message}`);
    }
  }
  if (plans.length === 0) return;
  await using server = await Server.start("kotare", host, plans[0]!.config, { family, folder: newFolder() });
  const counts: Record<string, string> = {};
  let [agreed, asked] = [0, 0];
  for (const { number, name, text, config, links } of plans) {
    await server.reload(config);
    const ours = await survey(number, text, links);
    const found = compareSurveys(theirs.get(name) ?? [], ours, poolsIn(config, family, own), skip);
    differences.push(...found.differences.map((each) => `${name}: ${each}`));
    counts[name] = `${found.agreed} of ${found.asked}`;
    agreed += found.agreed;
    asked += found.asked;
  }
  if (E2E_CORPUS !== undefined) console.log(JSON.stringify({ agreed, asked, counts, differences }, undefined, 1));
  const isTold = (difference: string) => toldOf.has(difference.slice(0, difference.indexOf(":")));
  expect(differences.filter((each) => !isTold(each))).toEqual([]);
  expect(agreed / asked).toBeGreaterThanOrEqual(0.97);
}

/** Files of which the converter tells a loss. */
const toldOf: ReadonlySet<string> = new Set(
  corpus.filter(({ text }) => /#.* lost|^# Differs:/m.test(text)).map(({ name }) => name),
);

/** What a scene's server adds to stands in the way of its own. */
function bodyOf(document: object, family: Family): DhcpConfig {
  const body = (document as Record<string, DhcpConfig>)[`Dhcp${family}`]!;
  const {
    loggers,
    "control-socket": socket,
    "lease-database": database,
    "interfaces-config": interfaces,
    ...rest
  } = body;
  return rest;
}

/** Hosts that a file declares, by their hardware addresses, which may be in their DUIDs. */
function knownIn(text: string): string[] {
  return [...text.matchAll(/^\s*host[^;]*(02(?::[0-9a-f]{2}){5});/gim)].map(([, mac]) => mac!).slice(0, 6);
}
