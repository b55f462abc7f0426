import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dhcpDdnsFamily } from "@kotare/core/config/dhcp-ddns-family";
import { parseConfig } from "@kotare/core/config/load/load-config";
import { afterAll, describe, expect, test } from "vitest";
import { compileZones, ZoneTable } from "./zones.ts";

describe("which zone a name is in", () => {
  const zones = new ZoneTable(["e.", "Sub.E.", "10.in-addr.arpa."].map((name) => ({ name, servers: [] })));

  test.each([
    ["h.e.", "e."],
    ["H.SUB.e.", "Sub.E."],
    ["sub.e.", "Sub.E."],
    ["xsub.e.", "e."],
    ["a\\.sub.e.", "e."],
    ["1.0.0.10.in-addr.arpa.", "10.in-addr.arpa."],
    ["1.0.0.110.in-addr.arpa.", undefined],
    ["h.example.", undefined],
  ])("%s: %s", (name, zone) => {
    expect(zones.find(name)?.name).toBe(zone);
  });
});

function compile(keys: readonly object[], domain: object) {
  const text = JSON.stringify({ DhcpDdns: { "tsig-keys": keys, "forward-ddns": { "ddns-domains": [domain] } } });
  const noFiles = { read: () => "" };
  const loaded = parseConfig(dhcpDdnsFamily, { file: "f", text }, noFiles);
  if (loaded.kind !== "loaded") throw new Error(JSON.stringify(loaded.faults));
  return compileZones(loaded.config);
}

const key = (name: string) => ({ name, algorithm: "HMAC-SHA256", secret: "LSWXnfkKZjdPJI5QxlpnfQ==" });

test("a server's own key goes before its domain's; names of keys have no case", () => {
  const servers = [{ "ip-address": "192.0.2.1" }, { "ip-address": "192.0.2.2", port: 54, "key-name": "OWN." }];
  const zones = compile([key("own"), key("usual")], { name: "E", "key-name": "usual", "dns-servers": servers });
  expect(zones.forward.find("h.e.")?.servers.map((server) => [server.port, server.key?.name])).toEqual([
    [53, "usual"],
    [54, "own"],
  ]);
  expect(zones.reverse.size).toBe(0);
});

describe("secrets in files", () => {
  const folder = mkdtempSync(join(tmpdir(), "kotare-secret-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  const domain = { name: "e.", "key-name": "k", "dns-servers": [{ "ip-address": "192.0.2.1" }] };
  const fromFile = (path: string) => compile([{ name: "k", algorithm: "HMAC-MD5", "secret-file": path }], domain);

  test("a last line end does not count", () => {
    const path = join(folder, "good");
    writeFileSync(path, "LSWXnfkKZjdPJI5QxlpnfQ==\n");
    expect(fromFile(path).forward.find("e.")?.servers[0]?.key?.name).toBe("k");
  });

  test("what is wrong is said without showing it", () => {
    const path = join(folder, "bad");
    writeFileSync(path, "hunter2!");
    expect(() => fromFile(path)).toThrow(`${path} does not hold the secret of TSIG key k: it is not base 64`);
    expect(() => fromFile(join(folder, "none"))).toThrow("the secret of TSIG key k cannot be read: ENOENT");
    expect(() => fromFile("/dev/zero")).toThrow(
      "the secret of TSIG key k cannot be read: /dev/zero is no regular file",
    );
  });
});
