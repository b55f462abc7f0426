import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { runs } from "../../base/testing/runs.ts";
import { dhcp6Family } from "../dhcp6-family.ts";
import { formatFault } from "../fault.ts";
import { configOf6, nowhere, pdPool, subnet6 } from "../testing/parse-body.ts";
import { loadConfig, parseConfig } from "./load-config.ts";
import { salvageConfig } from "./salvage-config.ts";

describe("a DHCPv6 configuration that holds", () => {
  test("has all defaults at the global scope", () => {
    const config = configOf6("");
    expect(config).toMatchObject({
      "valid-lifetime": 7200,
      "calculate-tee-times": true,
      "t1-percent": 0.5,
      "t2-percent": 0.8,
      allocator: "iterative",
      "pd-allocator": "iterative",
      "decline-probation-period": 86400,
      "host-reservation-identifiers": ["hw-address", "duid"],
      "interfaces-config": { interfaces: ["eth0"], "re-detect": true },
      "lease-database": { type: "memfile" },
      "server-id": { type: "LLT", htype: 0, time: 0, identifier: "", "enterprise-id": 0, persist: true },
      "mac-sources": ["any"],
      "relay-supplied-options": ["65"],
      "allow-address-registration": true,
      "ddns-conflict-resolution-mode": "check-with-dhcid",
      compatibility: { "lenient-option-parsing": false },
      "reservations-in-subnet": true,
      subnet6: [],
    });
    // The preferred lifetime follows the valid one.
    for (const key of ["preferred-lifetime", "cache-threshold", "renew-timer", "user-context", "data-directory"]) {
      expect(config).not.toHaveProperty(key);
    }
  });

  test("leaves what is inherited unset in inner scopes", () => {
    const [subnet] = configOf6(pdPool()).subnet6;
    expect(subnet).toEqual({
      id: 1,
      subnet: "2001:db8::/64",
      pools: [],
      "pd-pools": [
        {
          prefix: "2001:db8:8000::",
          "prefix-len": 48,
          "delegated-len": 56,
          "excluded-prefix": "::",
          "excluded-prefix-len": 0,
          "pool-id": 0,
          "option-data": [],
          "client-classes": [],
          "evaluate-additional-classes": [],
        },
      ],
      "option-data": [],
      reservations: [],
      "client-classes": [],
      "evaluate-additional-classes": [],
    });
  });

  test("calls sources of hardware addresses by one name each", () => {
    expect(configOf6('"mac-sources": ["rfc6939", "rfc4649", "rfc4580", "raw"]')["mac-sources"]).toEqual([
      "client-link-addr-option",
      "remote-id",
      "subscriber-id",
      "raw",
    ]);
  });

  test("has our own keys where Kea looks for none", () => {
    const kotare = (routes: boolean) => `"user-context": {"site": "a", "kotare": {"pd-routes": ${routes}}}`;
    const config = configOf6(`${kotare(true)}, ${pdPool(kotare(false))}`);
    expect(config["user-context"]).toEqual({ site: "a", kotare: { "pd-routes": true } });
    expect(config.subnet6[0]?.["pd-pools"][0]?.["user-context"]?.kotare?.["pd-routes"]).toBe(false);
    expect(config.subnet6[0]?.["user-context"]).toBeUndefined();
  });
});

test.each<[text: string, fault: string]>([
  ['{"Dhcp4": {}, "Dhcp6": {}}', "f:1:2: Dhcp4: is not a key of this version; put it into a file of its own"],
  ['{"Dhcp4": {}}', 'f:1:1: Dhcp6: is missing; write { "Dhcp6": { … } }'],
  [
    '{"Dhcp6": {}, "Control-agent": {}}',
    'f:1:15: Control-agent: is not a key of this version; remove it and write "control-sockets" in "Dhcp6"',
  ],
  [
    '{"Dhcp6": {"dhcp-ddns": {"enable-updates": false, "generated-prefix": "x"}}}',
    'f:1:51: Dhcp6.dhcp-ddns.generated-prefix: is not a key of this version; write "ddns-generated-prefix" in "Dhcp6" instead',
  ],
  [
    '{"Dhcp6": {"subnet6": [{"id": 1}]}}',
    'f:1:24: Dhcp6.subnet6[0].subnet: is missing; write "subnet": "2001:db8::/64"',
  ],
])("%s", (text, fault) => {
  const { faults } = parseConfig(dhcp6Family, { file: "f", text }, nowhere);
  expect(faults.filter(({ severity }) => severity === "error").map(formatFault)).toContain(fault);
});

test("a start leaves out pools of prefixes, reservations and subnets that are wrong", () => {
  const text = `{"Dhcp6": {${subnet6(
    '"pd-pools": [{"prefix": "x", "prefix-len": 48, "delegated-len": 56}, {"prefix": "3000::", "prefix-len": 48, "delegated-len": 56}]',
    '"reservations": [{"duid": "01:02:03", "prefixes": ["3000::/0"]}, {"duid": "01:02:04"}]',
  ).slice(0, -1)}, {"id": 1, "subnet": "2001:db9::/64"}]}}`;
  const reader = { read: () => text };
  expect(loadConfig(dhcp6Family, "f", reader).kind).toBe("refused");
  const salvaged = salvageConfig(dhcp6Family, "f", reader);
  expect(salvaged?.config.subnet6).toHaveLength(1);
  expect(salvaged?.config.subnet6[0]?.["pd-pools"].map(({ prefix }) => prefix)).toEqual(["3000::"]);
  expect(salvaged?.config.subnet6[0]?.reservations.map(({ duid }) => duid)).toEqual(["01:02:04"]);
  expect(salvaged?.faults.map(({ pointer }) => pointer)).toEqual([
    ["Dhcp6", "subnet6", 0, "pd-pools", 0],
    ["Dhcp6", "subnet6", 0, "reservations", 0],
    ["Dhcp6", "subnet6", 1],
  ]);
});

test("any JSON under any of our keys gives a configuration or faults", () => {
  const keys = [
    ...Object.keys(configOf6("")),
    ...["pools", "pd-pools", "reservations", "id", "subnet", "pool", "prefix", "prefix-len", "delegated-len", "duid"],
    ...["excluded-prefix", "excluded-prefix-len", "prefixes", "excluded-prefixes", "ip-addresses", "relay", "name"],
    ...["interface", "interface-id", "rapid-commit", "kotare", "type", "identifier", "loggers"],
  ];
  const scalar = fc.constantFrom(
    "2001:db8::/64",
    "::1",
    "::/0",
    "::",
    "",
    "*",
    "LL",
    0,
    1,
    64,
    128,
    129,
    -1,
    1.5,
    true,
    null,
  );
  const value = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: "small" },
      scalar,
      fc.dictionary(fc.constantFrom(...keys), tie("any"), { maxKeys: 6 }),
      fc.array(tie("any"), { maxLength: 3 }),
    ),
  })).any;
  // Purely random documents seldom get beyond the schema, so scopes that do are filled, too.
  const list = (shape: Record<string, fc.Arbitrary<unknown>>, requiredKeys: string[]) =>
    fc.array(fc.record(shape, { requiredKeys }), { maxLength: 3 });
  const bits = fc.integer({ min: 1, max: 128 });
  const text = fc.constantFrom(
    "2001:db8::/64",
    "2001:db8::1",
    "2001:db8::",
    "::/0",
    "::",
    "ff02::1/128",
    "",
    "x",
    "1:2:3",
  );
  const subnet = {
    id: fc.integer({ min: 1, max: 3 }),
    subnet: text,
    pools: list({ pool: text }, ["pool"]),
    "pd-pools": list(
      { prefix: text, "prefix-len": bits, "delegated-len": bits, "excluded-prefix": text, "excluded-prefix-len": bits },
      ["prefix", "prefix-len", "delegated-len"],
    ),
    reservations: list(
      {
        duid: text,
        "ip-addresses": fc.array(text, { maxLength: 2 }),
        prefixes: fc.array(text, { maxLength: 2 }),
        "excluded-prefixes": fc.array(text, { maxLength: 2 }),
      },
      [],
    ),
    interface: fc.constantFrom("", "eth0"),
    "interface-id": fc.constantFrom("", "a"),
    "rapid-commit": fc.boolean(),
  };
  const subnets = list(subnet, ["id", "subnet"]);
  const shaped = fc.record({ subnet6: subnets, "shared-networks": list({ name: text, subnet6: subnets }, ["name"]) });
  fc.assert(
    fc.property(fc.oneof(value, shaped), (any) => {
      const loaded = parseConfig(dhcp6Family, { file: "f", text: JSON.stringify({ Dhcp6: any }) }, nowhere);
      const positions = loaded.faults.every(({ position }) => position !== undefined);
      return positions && (loaded.kind === "loaded" || loaded.faults.some(({ severity }) => severity === "error"));
    }),
    { numRuns: runs(125) },
  );
});
