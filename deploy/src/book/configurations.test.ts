/** Every configuration in the manual is one that `-t` has nothing to say against. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { dhcpDdnsFamily } from "@kotare/core/config/dhcp-ddns-family";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { parseConfig } from "@kotare/core/config/load/load-config";
import { scanConfig } from "@kotare/core/config/load/scan";
import { addPart, type Tree } from "@kotare/testkit/config-parts";
import { type FencedBlock, fencedBlocks } from "@kotare/testkit/fenced-blocks";
import { describe, expect, test } from "vitest";

const families = { Dhcp4: dhcp4Family, Dhcp6: dhcp6Family, DhcpDdns: dhcpDdnsFamily };
type Root = keyof typeof families;

const docs = join(import.meta.dirname, "../../../docs");
/** Written from the definitions of the commands, whose examples have tests of their own. */
const GENERATED = ["commands.md"];

/** No file is read for another. */
const reader = {
  read: (path: string): string => {
    throw new Error(`${path} is not in the manual`);
  },
};

/** What a part of a configuration stands in, in the manual's network. */
const around: Readonly<Record<Root, Tree>> = {
  Dhcp4: { "interfaces-config": { interfaces: ["eth0"] }, subnet4: [{ id: 1, subnet: "192.168.77.0/24" }] },
  Dhcp6: {
    "interfaces-config": { interfaces: ["eth0"] },
    subnet6: [{ id: 1, subnet: "2001:db8:1::/64", interface: "eth0" }],
  },
  DhcpDdns: {},
};

const configurations = readdirSync(docs)
  .filter((name) => name.endsWith(".md") && !GENERATED.includes(name))
  .flatMap((name) => fencedBlocks(readFileSync(join(docs, name), "utf8")).map((block) => ({ name, ...block })))
  .filter(({ language }) => language === "json");

test.each(configurations)("$name, line $line", (block) => {
  expect(faultsOf(block)).toEqual([]);
});

describe("a block of JSON", () => {
  test.each([
    ["a.conf", '{ "Dhcp4": { "nonsense": 1 } }', /nonsense/],
    ["a.conf", '{ "Other": {} }', /none of Dhcp4, Dhcp6, DhcpDdns/],
    ["in Dhcp4.subnet4", '"pools": [{ "pool": "10.0.0.1 - 10.0.0.9" }]', /10\.0\.0\.1/],
    ["in Dhcp6", '"valid-lifetime": "x"', /valid-lifetime/],
    ["", "{}", /says nothing of what it is/],
  ])("%j with a fault in it is told: %s", (about, text, fault) => {
    expect(faultsOf({ line: 1, language: "json", about, text }).join("\n")).toMatch(fault);
  });

  test.each([
    ["in Dhcp4.subnet4", '"valid-lifetime": 60'],
    ["in DhcpDdns", '"port": 53002'],
    ["record", '{ "anything": 1 }'],
  ])("%s is put where it belongs", (about, text) => {
    expect(faultsOf({ line: 1, language: "json", about, text })).toEqual([]);
  });
});

/**
 * A block says behind the word `json` what it is: a file (`first.conf`), members of a map in a configuration
 * (`in Dhcp4.subnet4`), or no configuration (`record`).
 */
function faultsOf({ about, text }: FencedBlock): readonly string[] {
  const isPart = about.startsWith("in ");
  const isOpen = text.startsWith('"');
  const { value, faults } = scanConfig({ file: "manual", text: isOpen ? `{${text}}` : text }, reader);
  if (faults.length > 0) return faults.map(({ message }) => message);
  if (about === "record") return [];
  if (!isPart && !/^[\w-]+\.conf$/.test(about)) return [`"${about}" says nothing of what it is`];
  const whole = isPart ? placed(about.slice("in ".length), text) : (value as Tree);
  const root = (Object.keys(families) as Root[]).find((each) => each in whole);
  if (root === undefined) return [`it is none of ${Object.keys(families).join(", ")}`];
  const source = { file: "manual", text: JSON.stringify(whole) };
  const loaded = parseConfig<object>(families[root], source, reader);
  return loaded.faults
    .filter(({ severity }) => severity !== "note")
    .map(({ pointer, value: found, message }) => `${pointer.join(".")}: ${JSON.stringify(found)} ${message}`);
}

function placed(path: string, text: string): Tree {
  const root = path.split(".")[0] as Root;
  const whole: Tree = { [root]: structuredClone(around[root]) };
  addPart(whole, path, text);
  return whole;
}
