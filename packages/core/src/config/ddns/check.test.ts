import { describe, expect, test } from "vitest";
import { dhcpDdnsFamily } from "../dhcp-ddns-family.ts";
import { formatFault } from "../fault.ts";
import { parseConfig } from "../load/load-config.ts";

const noFiles = {
  read: (path: string): string => {
    throw new Error(`no file ${path}`);
  },
};

function parse(inner: string) {
  return parseConfig(dhcpDdnsFamily, { file: "d2.conf", text: `{ "DhcpDdns": { ${inner} } }` }, noFiles);
}

/** What is wrong, without the places. */
function faultsOf(inner: string): readonly string[] {
  return parse(inner).faults.map((fault) => formatFault({ ...fault, position: undefined }));
}

const KEY = '{ "name": "k", "algorithm": "HMAC-SHA256", "secret": "LSWXnfkKZjdPJI5QxlpnfQ==" }';
const SERVERS = '"dns-servers": [ { "ip-address": "192.0.2.53" } ]';

test("an empty file has Kea's defaults", () => {
  const loaded = parse("");
  expect(loaded).toMatchObject({
    kind: "loaded",
    config: {
      "ip-address": "127.0.0.1",
      port: 53001,
      "dns-server-timeout": 500,
      "ncr-protocol": "UDP",
      "ncr-format": "JSON",
      "forward-ddns": { "ddns-domains": [] },
      "reverse-ddns": { "ddns-domains": [] },
      "tsig-keys": [],
      "control-sockets": [],
    },
    faults: [],
  });
});

test("Kea's own example of everything is taken", () => {
  expect(
    faultsOf(`
    "ip-address": "::1", "port": 9, "dns-server-timeout": 100, "ncr-protocol": "UDP", "ncr-format": "JSON",
    "control-socket": { "socket-type": "unix", "socket-name": "d2-socket" },
    "tsig-keys": [
      ${KEY},
      { "name": "d2.md5.key", "algorithm": "hmac-md5", "digest-bits": 80, "secret": "LSWXnfkKZjdPJI5QxlpnfQ==" },
      { "name": "from-file", "algorithm": "HMAC-SHA512", "secret-file": "/etc/kea/secret" } ],
    "forward-ddns": { "ddns-domains": [
      { "name": "four.example.com.", "key-name": "d2.md5.key",
        "dns-servers": [ { "ip-address": "172.16.1.1" }, { "ip-address": "2001:db8::5", "port": 5300, "key-name": "K" } ] } ] },
    "reverse-ddns": { "ddns-domains": [ { "name": "2.0.192.in-addr.arpa.", ${SERVERS} } ] },
    "loggers": [ { "name": "kea-dhcp-ddns.d2-to-dns", "severity": "debug" } ]`),
  ).toEqual([]);
});

describe("faults", () => {
  test.each([
    ['DhcpDdns.ip-address: "localhost" is not an IP address', '"ip-address": "localhost"'],
    ['DhcpDdns.ncr-protocol: "TCP" is not supported', '"ncr-protocol": "TCP"'],
    ["DhcpDdns.port: 0 is too small", '"port": 0'],
    ["ddns-domains[0].dns-servers: has no server", '"forward-ddns": { "ddns-domains": [ { "name": "example." } ] }'],
    [
      'key-name: "k2" is not the name of a key in "tsig-keys"',
      `"tsig-keys": [ ${KEY} ], "forward-ddns": { "ddns-domains": [ { "name": "example.", "key-name": "k2", ${SERVERS} } ] }`,
    ],
    [
      'ddns-domains[1].name: "EXAMPLE" is the name of another domain too',
      `"forward-ddns": { "ddns-domains": [ { "name": "example.", ${SERVERS} }, { "name": "EXAMPLE", ${SERVERS} } ] }`,
    ],
    ['name: "a..b" has an empty label', `"reverse-ddns": { "ddns-domains": [ { "name": "a..b", ${SERVERS} } ] }`],
    [
      'hostname: "ns" is not supported',
      '"forward-ddns": { "ddns-domains": [ { "name": "e.", "dns-servers": [ { "ip-address": "::1", "hostname": "ns" } ] } ] }',
    ],
    [
      'tsig-keys[1].name: "K." is the name of another key too',
      `"tsig-keys": [ ${KEY}, ${KEY.replace('"k"', '"K."')} ]`,
    ],
    ["tsig-keys[0]: has no secret", '"tsig-keys": [ { "name": "k", "algorithm": "HMAC-MD5" } ]'],
    [
      'tsig-keys[0]: has both "secret" and "secret-file"',
      `"tsig-keys": [ ${KEY.replace("}", ', "secret-file": "f" }')} ]`,
    ],
    [
      "digest-bits: 72 is no length for HMAC-SHA256; write 0 for all 256 bits, or a multiple of 8 from 128 to 256",
      `"tsig-keys": [ ${KEY.replace("}", ', "digest-bits": 72 }')} ]`,
    ],
    ['algorithm: "HMAC-SHA3" is not one of the values known here', `"tsig-keys": [ ${KEY.replace("SHA256", "SHA3")} ]`],
    [
      "DhcpDdns.control-sockets[0].trust-anchor: is missing",
      '"control-sockets": [ { "socket-type": "https", "socket-address": "::1" } ]',
    ],
    ["is a hook that is not supported yet", '"hooks-libraries": [ { "library": "libddns_gss_tsig.so" } ]'],
  ])("%s", (expected, inner) => {
    expect(faultsOf(inner).join("\n")).toContain(expected);
  });

  test.each(['"secret": "not-base64-Ahv8"', '"secret": 4711471147'])("a secret is never shown: %s", (secret) => {
    const faults = faultsOf(`"tsig-keys": [ { "name": "k", "algorithm": "HMAC-MD5", ${secret} } ]`);
    expect(faults.join("\n")).toContain("DhcpDdns.tsig-keys[0].secret: ");
    for (const fault of faults) expect(fault).not.toMatch(/Ahv8|4711/);
  });
});
