import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { explain } from "@kotare/core/tools/explain/explain";
import { ETHERTYPE_IPV6, IPV6_UDP_HEADERS, writeHeaders6 } from "@kotare/netio/frames/frame6";
import { afterEach, beforeEach, expect, it, test } from "vitest";
import { buildMessage6, na, option } from "../testing/test-client6.ts";
import { ip6 } from "../testing/test-server6.ts";
import { explainer6 } from "./explainer6.ts";

const program = { name: "dhcp6d", summary: "", exampleConfig: "/nosuch.conf", callExample: "", ports: true };
const ETHERNET_HEADER = 14;
const [SOLICIT, REQUEST] = [1, 3];
const DUID = option(1, "00030001020000000007");

let folder: string;
let printed: string;
let complaints: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-explain-"));
  printed = "";
  complaints = "";
  const subnet = {
    id: 1,
    subnet: "2001:db8::/64",
    interface: "eth7",
    pools: [{ pool: "2001:db8::10-2001:db8::20" }],
    "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
  };
  const Dhcp6 = { "valid-lifetime": 600, "interfaces-config": { interfaces: ["eth7"] }, subnet6: [subnet] };
  writeFileSync(join(folder, "good.conf"), JSON.stringify({ Dhcp6 }));
  // The REQUEST is for the server that answered it then, which has another identifier.
  const messages = [
    buildMessage6(SOLICIT, [DUID, na(1)]),
    buildMessage6(REQUEST, [DUID, option(2, "00030001aabb"), na(1)]),
  ];
  writeFileSync(
    join(folder, "trace.pcap"),
    capture(...messages.map((payload) => frameOf(payload)), frameOf(messages[0]!, 546)),
  );
});
afterEach(() => rmSync(folder, { recursive: true }));

function frameOf(payload: Uint8Array, port = 547): Buffer {
  const at = ETHERNET_HEADER + IPV6_UDP_HEADERS;
  const frame = Buffer.alloc(at + payload.length);
  frame.writeUInt16BE(ETHERTYPE_IPV6, 12);
  frame.set(payload, at);
  writeHeaders6(frame, at, payload.length, ip6("fe80::7"), 546, ip6("ff02::1:2"), port);
  return frame;
}

function capture(...frames: readonly Buffer[]): Buffer {
  const words = (...values: readonly number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const records = frames.flatMap((frame) => [words(0, 0, frame.length, frame.length), frame]);
  return Buffer.concat([words(0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1), ...records]);
}

function run(line: string): Promise<number> {
  const words = line.split(" ").map((word) => word.replace(/\w+\.(conf|pcap)$/, join(folder, "$&")));
  return explain(words, { family: dhcp6Family, program }, explainer6, {
    out: (text) => {
      printed += text;
    },
    complain: (text) => {
      complaints += text;
    },
    paths: daemonPaths({}),
  });
}

test.each([
  ["--mac 02:00:00:00:00:07", "=> ADVERTISE, with 2001:db8::10, 2001:db8:8000::/56"],
  ["--client-id 00:03:00:01:02:07 --relay 2001:db8::1", "RELAY-FORW hops=0"],
  ["--mac 02:07 --address 2001:db8::15", "=> ADVERTISE, with 2001:db8::15"],
  ["--mac 02:07 --type information-request --ask 23", "not sent, since no scope has it: 23 dns-servers"],
  ["--mac 02:07 --type rebind --option 16=0x00000009", "[16 vendor-class"],
])("%s", async (line, words) => {
  expect(await run(`-c good.conf ${line}`)).toBe(0);
  expect(complaints).toBe("");
  expect(printed).toContain(words);
});

it("messages to the server are found in a capture, whatever server they were for", async () => {
  expect(await run("-c good.conf trace.pcap")).toBe(0);
  expect(printed.match(/^=> .*/gm)).toEqual(["=> ADVERTISE, with 2001:db8::10", "=> REPLY, with 2001:db8::10"]);
  expect(printed).toContain("from fe80::7 port 546 to ff02::1:2 on eth7");
});

test.each([
  ["--mac 02:07 --type DHCPDISCOVER", "--type DHCPDISCOVER: is none of SOLICIT, REQUEST"],
  ["--mac 02:07 --relay 192.0.2.1", "--relay 192.0.2.1: is no IPv6 address"],
  ["--client-id x", "--client-id x: is no hexadecimal digits"],
])("%s is refused", async (line, words) => {
  expect(await run(line)).toBe(64);
  expect(complaints).toContain(words);
});
