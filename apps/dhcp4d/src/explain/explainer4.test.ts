import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { explain } from "@kotare/core/tools/explain/explain";
import { ETHERTYPE_IPV4, IP_UDP_HEADERS, writeHeaders4 } from "@kotare/netio/frames/frame4";
import { buildMessage4 } from "@kotare/testkit/build-message4";
import { afterEach, beforeEach, describe, expect, it, test } from "vitest";
import { explainer4 } from "./explainer4.ts";

const program = { name: "dhcp4d", summary: "", exampleConfig: "/nosuch.conf", callExample: "", ports: true };
const ETHERNET_HEADER = 14;

let folder: string;
let printed: string;
let complaints: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-explain-"));
  printed = "";
  complaints = "";
  const subnet = { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.20" }] };
  const classes = [{ name: "voip", test: "option[60].text == 'phone'" }];
  const Dhcp4 = {
    "valid-lifetime": 600,
    "interfaces-config": { interfaces: ["eth7"] },
    subnet4: [subnet],
    "client-classes": classes,
  };
  writeFileSync(join(folder, "good.conf"), JSON.stringify({ Dhcp4 }));
  writeFileSync(join(folder, "bad.conf"), '{ "Dhcp4": { "subnets": [] } }');
  writeFileSync(join(folder, "trace.pcap"), capture(message(1), message(2, 68), message(3)));
  writeFileSync(join(folder, "other.pcap"), capture(message(2, 68)));
  writeFileSync(join(folder, "text.pcap"), "no capture at all");
});
afterEach(() => rmSync(folder, { recursive: true }));

/** A frame with a message that a relay has passed on. */
function message(type: number, port = 67): Buffer {
  const payload = buildMessage4({ type, op: port === 67 ? 1 : 2, xid: 7, giaddr: "192.0.2.1" });
  const frame = Buffer.alloc(ETHERNET_HEADER + IP_UDP_HEADERS + payload.length);
  const at = ETHERNET_HEADER + IP_UDP_HEADERS;
  frame.writeUInt16BE(ETHERTYPE_IPV4, 12);
  frame.set(payload, at);
  writeHeaders4(frame, at, payload.length, 0xc000_0201, 67, 0xc000_0202, port);
  return frame;
}

function capture(...frames: readonly Buffer[]): Buffer {
  const words = (...values: readonly number[]) => Buffer.from(Uint32Array.from(values).buffer);
  const records = frames.flatMap((frame) => [words(0, 0, frame.length, frame.length), frame]);
  return Buffer.concat([words(0xa1b2_c3d4, 0x0004_0002, 0, 0, 65_535, 1), ...records]);
}

function run(line: string): Promise<number> {
  const words = line.split(" ").map((word) => word.replace(/\w+\.(conf|pcap)$/, join(folder, "$&")));
  return explain(words, { family: dhcp4Family, program }, explainer4, {
    out: (text) => {
      printed += text;
    },
    complain: (text) => {
      complaints += text;
    },
    paths: daemonPaths({}),
  });
}

describe("a message that is made of options", () => {
  test.each([
    ["--mac 02:00:00:00:00:01 --relay 192.0.2.1", "=> DHCPOFFER of 192.0.2.10 for 600 s"],
    ["--mac 02:00:00:00:00:01 --interface eth0/192.0.2.3", "=> DHCPOFFER of 192.0.2.10 for 600 s"],
    ["--client-id 01:02 --relay 192.0.2.1 --address 192.0.2.12", "=> DHCPOFFER of 192.0.2.12 for 600 s"],
    ["--type request --mac 02:01 --relay 192.0.2.1 --address 192.0.2.99", "no answer"],
    ["--mac 02:01 --relay 192.0.2.1 --option 60=phone --option 12=0x6162", "voip: yes, option[60].text is 'phone'"],
    ["--mac 02:01 --relay 192.0.2.1 --option 12=0x6162 --class voip --class more", "voip, more"],
    ["--mac 02:01 --relay 192.0.2.1 --ask 3,6", "not sent, since no scope has it: 3 routers, 6 domain-name-servers"],
    ["--mac 02:01", "by interface eth7: none"],
    ["--mac 02:01 --interface eth0/192.0.2.3", "54 dhcp-server-identifier 192.0.2.3"],
    ["--mac 02:01 --interface lo", "on lo"],
    ["--mac 02:01 --relay 192.0.2.1 --source 192.0.2.77", "from 192.0.2.77 port 67 to"],
    ["--type request --client-id 01:02 --relay 192.0.2.1 --option 54=0x01020304", "=> DHCPACK of 192.0.2.10"],
    ["--type DHCPINFORM --mac 02:01 --address 192.0.2.99 --relay 192.0.2.1", "=> DHCPACK"],
  ])("%s", async (line, words) => {
    expect(await run(`-c good.conf ${line}`)).toBe(0);
    expect(complaints).toBe("");
    expect(printed).toContain(words);
  });
});

it("messages to the server are found in a capture", async () => {
  expect(await run("-c good.conf trace.pcap")).toBe(0);
  expect(printed).toMatch(/^DHCPDISCOVER xid=0x00000007\n/);
  expect(printed).toMatch(/^DHCPREQUEST xid=0x00000007$/m);
  expect(printed.match(/^=> /gm)).toHaveLength(2);
  expect(printed).toContain("from 192.0.2.1 port 67 to 192.0.2.2 on eth7");
});

it("digits are a message, and --json makes a line of it", async () => {
  const digits = Buffer.from(buildMessage4({ type: 1, giaddr: "192.0.2.1" })).toString("hex");
  expect(await run(`-c good.conf --json ${digits}`)).toBe(0);
  const { outcome, reply } = JSON.parse(printed) as { outcome: string; reply: string };
  expect(outcome).toBe("DHCPOFFER of 192.0.2.10 for 600 s");
  expect(reply).toMatch(/^02010600/);
});

describe("what cannot be explained is said", () => {
  test.each([
    ["-c good.conf", 64, "which message?"],
    ["00 11", 64, 'not "11", too'],
    ["--mac 02:01 00", 64, "--mac makes a message, and 00 is one"],
    ["nosuch.txt", 64, "nosuch.txt is no file, and no hexadecimal digits"],
    ["text.pcap", 64, "is no capture"],
    ["-c good.conf other.pcap", 64, "has no message to this server"],
    ["--mac 02:zz", 64, "--mac 02:zz: is no hexadecimal digits"],
    ["--mac 02:01 --relay 2001:db8::1", 64, "--relay 2001:db8::1: is no IPv4 address"],
    ["--mac 02:01 --type SOLICIT", 64, "--type SOLICIT: is none of DHCPDISCOVER"],
    ["--mac 02:01 --option x=1", 64, "--option x=1: write CODE=TEXT"],
    ["--mac 02:01 --ask a", 64, "--ask a: codes are numbers"],
    ["--mac 02:01 --colour red", 64, "colour"],
    ["-c bad.conf --mac 02:01", 1, "subnets"],
    ["-c nosuch.conf --mac 02:01", 1, "nosuch.conf"],
    ["-c good.conf --live --mac 02:01", 1, "names no UNIX socket"],
    ["-c good.conf --mac 02:01 --source ::1", 1, "::1 is no address of this protocol"],
    ["-c good.conf --mac 02:01 --interface eth0/x", 1, "x is no address of this protocol"],
  ])("%s", async (line, code, words) => {
    expect(await run(line)).toBe(code);
    expect(complaints).toContain(words);
  });
});
