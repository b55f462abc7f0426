import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { ConfigFamily } from "../../../config/config-family.ts";
import { dhcpDdnsFamily } from "../../../config/dhcp-ddns-family.ts";
import { dhcp4Family } from "../../../config/dhcp4-family.ts";
import { dhcp6Family } from "../../../config/dhcp6-family.ts";
import { parseConfig } from "../../../config/load/load-config.ts";
import { formatParts } from "../../kea-json.ts";
import { writeConfig } from "./written-config.ts";

const noIncludes = { read: () => "" };

const families = { Dhcp4: dhcp4Family, Dhcp6: dhcp6Family, DhcpDdns: dhcpDdnsFamily };
type Root = keyof typeof families;

function parse(root: Root, text: string): object {
  const family: ConfigFamily<object> = families[root];
  const loaded = parseConfig(family, { file: "test", text }, noIncludes);
  if (loaded.kind === "refused") throw new Error(loaded.faults.map(({ message }) => message).join());
  return loaded.config;
}

function write(root: Root, config: object): string {
  return [...formatParts({ [root]: writeConfig(families[root], config) })].join("");
}

const written = (root: Root, inner: object): Record<string, unknown> =>
  JSON.parse(write(root, parse(root, JSON.stringify({ [root]: inner }))))[root];

describe("the configuration as it is written", () => {
  const examples = new URL("../../../../../../deploy/examples/", import.meta.url);

  it.each(readdirSync(examples))("means what %s means, and is written the same again", (name) => {
    const text = readFileSync(new URL(name, examples), "latin1");
    const root = /"(Dhcp4|Dhcp6|DhcpDdns)"/.exec(text)![1] as Root;
    const once = write(root, parse(root, text));
    expect(write(root, parse(root, once))).toBe(once);
  });

  it("has Kea 2.6's spelling of keys", () => {
    const socket = { "socket-type": "unix", "socket-name": "kea4-ctrl-socket" };
    expect(written("Dhcp4", { "control-sockets": [socket] })).toMatchObject({ "control-socket": socket });
    expect(written("Dhcp4", { "control-sockets": [socket] })).not.toHaveProperty("control-sockets");
    const two = [socket, { ...socket, "socket-name": "another" }];
    expect(written("Dhcp4", { "control-sockets": two })).toMatchObject({ "control-sockets": two });
  });

  it("gives HTTP sockets as Kea 3 does: as they were written, with the realm", () => {
    const bare = { "socket-type": "http" };
    expect(written("Dhcp4", { "control-sockets": [bare] })).toMatchObject({ "control-sockets": [bare] });
    const client = { user: "a", password: "b", "user-context": { kotare: { access: "read" } } };
    const socket = { ...bare, "socket-port": 8000, authentication: { type: "basic", clients: [client] } };
    for (const [root, realm] of [
      ["Dhcp4", "kea-dhcpv4-server"],
      ["Dhcp6", "kea-dhcpv6-server"],
      ["DhcpDdns", "kea-dhcp-ddns-server"],
    ] as const) {
      expect(written(root, { "control-sockets": [socket] })["control-sockets"]).toEqual([
        { ...socket, authentication: { type: "basic", realm, clients: [client] } },
      ]);
    }
  });

  it("says in subnets what they inherit", () => {
    const config = written("Dhcp4", {
      "renew-timer": 900,
      "valid-lifetime": 4000,
      "shared-networks": [{ name: "n", "valid-lifetime": 5000, subnet4: [{ id: 1, subnet: "192.0.2.0/24" }] }],
      subnet4: [{ id: 2, subnet: "198.51.100.0/24", "t1-percent": 0.4 }],
    });
    expect(config).toMatchObject({
      subnet4: [
        {
          allocator: "iterative",
          "renew-timer": 900,
          "valid-lifetime": 4000,
          "min-valid-lifetime": 4000,
          "max-valid-lifetime": 4000,
          "t1-percent": 0.4,
          relay: { "ip-addresses": [] },
        },
      ],
      "shared-networks": [{ "valid-lifetime": 5000, subnet4: [{ "valid-lifetime": 5000, "renew-timer": 900 }] }],
    });
  });

  it("keeps what is the operator's own as it is", () => {
    const own = { "pool-id": 0, "control-sockets": [1], nested: { "client-classes": [] } };
    expect(
      written("Dhcp6", { "user-context": own, subnet6: [{ id: 1, subnet: "2001:db8::/64", "user-context": own }] }),
    ).toMatchObject({ "user-context": own, subnet6: [{ "user-context": own }] });
  });

  it("leaves out what says nothing", () => {
    const config = written("Dhcp4", {
      subnet4: [{ id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.8/29" }] }],
    });
    expect(config).not.toHaveProperty("compatibility");
    expect(config).not.toHaveProperty("hosts-databases");
    expect(config).toHaveProperty("subnet4.0.pools.0", { "option-data": [], pool: "192.0.2.8/29" });
    expect(written("Dhcp4", { compatibility: { "lenient-option-parsing": true } })).toMatchObject({
      compatibility: { "lenient-option-parsing": true },
    });
  });

  it("says which option an entry means, by the definitions that hold where it is", () => {
    const own = { name: "x", code: 230, type: "uint8" };
    const config = written("Dhcp4", {
      "option-def": [{ ...own, name: "wide" }],
      "option-data": [{ code: 230, data: "1" }],
      "client-classes": [{ name: "c", "option-def": [own], "option-data": [{ code: 230, data: "2" }] }],
      subnet4: [{ id: 1, subnet: "192.0.2.0/24", "option-data": [{ name: "routers", data: "192.0.2.1" }] }],
    });
    const redefined = { ...own, name: "y" };
    const classes = [
      { name: "c", "option-def": [own] },
      {
        name: "d",
        "option-def": [{ ...own, code: 231 }],
        "option-data": [{ code: 230, "csv-format": false, data: "02" }],
      },
      { name: "e", "option-def": [redefined], "option-data": [{ code: 230, data: "2" }] },
    ];
    const apart = written("Dhcp4", { "client-classes": classes })["client-classes"];
    expect(apart).toHaveProperty("1.option-data.0", expect.not.objectContaining({ name: expect.anything() }));
    expect(apart).toHaveProperty("2.option-data.0.name", "y");
    expect(config).toMatchObject({
      "option-data": [{ name: "wide", code: 230, "csv-format": true }],
      "client-classes": [{ "option-data": [{ name: "x", code: 230, "csv-format": true }] }],
      subnet4: [{ "option-data": [{ name: "routers", code: 3, "csv-format": true, space: "dhcp4" }] }],
    });
  });

  it("has nothing that Kea 2.6 does not know unless it is asked for", () => {
    const config = written("Dhcp4", {
      "option-data": [{ name: "routers", data: "192.0.2.1" }],
      "client-classes": [{ name: "a" }, { name: "b", "only-in-additional-list": true }],
      subnet4: [{ id: 1, subnet: "192.0.2.0/24", "client-classes": ["a"], "evaluate-additional-classes": ["b"] }],
    });
    expect(config).not.toHaveProperty("option-data.0.client-classes");
    expect(config).not.toHaveProperty("client-classes.0.only-in-additional-list");
    expect(config).toMatchObject({
      "client-classes": [{ name: "a" }, { name: "b", "only-if-required": true }],
      subnet4: [{ "client-class": "a", "require-client-classes": ["b"] }],
    });
    const several = written("Dhcp4", {
      "client-classes": [{ name: "a" }, { name: "b" }],
      subnet4: [{ id: 1, subnet: "192.0.2.0/24", "client-classes": ["a", "b"] }],
    });
    expect(several).toMatchObject({ subnet4: [{ "client-classes": ["a", "b"] }] });
  });

  it("has a decimal point in what Kea reads only with one", () => {
    expect(write("Dhcp4", parse("Dhcp4", '{ "Dhcp4": { "t1-percent": 0.0, "t2-percent": 1.0 } }'))).toMatch(
      /"t1-percent": 0\.0, "t2-percent": 1\.0/,
    );
  });

  it("keeps remarks inside user-context, and defaults that the operator gave", () => {
    const config = written("DhcpDdns", { comment: "mine", "user-context": { a: 1, kotare: { crypto: "openssl" } } });
    expect(config).toMatchObject({ "user-context": { a: 1, comment: "mine", kotare: { crypto: "openssl" } } });
    expect(written("DhcpDdns", {})).not.toHaveProperty("user-context");
    const database = { type: "memfile", persist: true, "lfc-interval": 3600 };
    expect(written("Dhcp4", { "lease-database": database })).toMatchObject({ "lease-database": database });
    expect(written("Dhcp4", {})).toHaveProperty("lease-database", { type: "memfile" });
  });
});
