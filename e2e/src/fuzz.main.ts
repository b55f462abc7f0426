/**
 * fuzz [--seconds N] [--seed N]: sends dhcp4d, at its highest log level, mutations of what clients and relays send.
 * Nothing but answers and counted drops may come of it: every second a well-behaved client must be served, the log may
 * show no error of ours, and memory stays where it was. Runs inside e2e/bin/in-lab.
 */
import { join } from "node:path";
import { parseArgs } from "node:util";
import { Lab } from "./lab/lab.ts";
import {
  client,
  discover,
  extend,
  hex,
  inform,
  initReboot,
  query,
  relayed,
  release,
  text,
} from "./oracle/dhcp4/client.ts";
import { SERVER } from "./oracle/dhcp4/lan.ts";
import { Server } from "./subject/server.ts";
import { getServed } from "./wire/dora.ts";
import { encodeMessage, MessageType, type Option } from "./wire/message.ts";
import { buildMessage, Probe, type Query, type Route } from "./wire/probe.ts";

const { values: flags } = parseArgs({
  options: {
    seconds: { type: "string", default: "60" },
    seed: { type: "string", default: String(Date.now() % 2 ** 31) },
  },
});

/** Xorshift: the same seed gives the same packets. */
function randomFrom(seed: number): (below: number) => number {
  let state = seed || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}

/** As phones, PXE ROMs, cable modems and relays fill them. */
const RICH: readonly Option[] = [
  [12, text("laptop")],
  [50, hex("0a000064")],
  [51, hex("00000e10")],
  [57, hex("05dc")],
  [60, text("PXEClient:Arch:00007:UNDI:003016")],
  [61, hex("ff11223344000100012b2b2b2b02aa00000099")],
  [77, hex("0469505845")],
  [81, hex("050000066c6170746f7003636f6d00")],
  [93, hex("0007")],
  [94, hex("010310")],
  [97, hex("0001020304050607080910111213141516")],
  [118, hex("0a000000")],
  [124, hex("0000118b0403616263")],
  [125, hex("0000118b0401020203")],
  [43, hex("0104010203040201ff")],
];

function corpus(): [Query, Route][] {
  const who = client(1);
  const direct: Query[] = [
    discover(who, { options: RICH }),
    initReboot(who, "10.0.0.100", { options: RICH }),
    extend(who, "10.0.0.100", { options: RICH }),
    inform(who, "10.0.0.230", { options: RICH }),
    release(who, "10.0.0.100"),
    query(who, MessageType.DECLINE, [[50, hex("0a000064")]]),
    query(who, MessageType.REQUEST, [
      [50, hex("0a000064")],
      [54, hex("0a000001")],
    ]),
  ];
  const agent: Option[] = [
    [1, text("port")],
    [2, text("switch")],
    [5, hex("0a000000")],
    [11, hex("0a000001")],
    [19, hex("0000")],
  ];
  const through = direct.map((each) => relayed(each, { giaddr: "10.0.0.2", agent }));
  return [...direct.map((each): [Query, Route] => [each, {}]), ...through];
}

/** One to eight changes: a bit, a byte, a piece cut out, doubled, or filled with one value. */
function mutate(payload: Uint8Array, random: (below: number) => number): Uint8Array {
  let bytes = Buffer.from(payload);
  for (let changes = 1 + random(8); changes > 0 && bytes.length > 0; changes--) {
    // Options are where the parsers are: most changes go there.
    const at = random(4) === 0 || bytes.length <= 240 ? random(bytes.length) : 240 + random(bytes.length - 240);
    const end = Math.min(bytes.length, at + 1 + random(20));
    switch (random(5)) {
      case 0:
        bytes[at]! ^= 1 << random(8);
        break;
      case 1:
        bytes[at] = [0, 1, 255, 127, 128, random(256)][random(6)]!;
        break;
      case 2:
        bytes = Buffer.concat([bytes.subarray(0, at), bytes.subarray(random(3) === 0 ? bytes.length : end)]);
        break;
      case 3:
        bytes = Buffer.concat([bytes.subarray(0, end), bytes.subarray(at)]);
        break;
      default:
        bytes.fill(random(256), at, end);
    }
  }
  return bytes.subarray(0, 1400);
}

const OUR_FAULT = /UNEXPECTED|TypeError|RangeError|ReferenceError|SyntaxError/;
const BURST = 200;
const MAX_GROWTH = 128 * 2 ** 20;

const seed = Number(flags.seed);
const random = randomFrom(seed);
console.log(`seed ${seed}`);
await using lab = new Lab();
const network = lab.network();
const host = lab.host("server");
host.attach(network, "eth0", SERVER.prefix, SERVER.mac);
const clients = lab.host("clients");
clients.attach(network, "eth0");
const config = {
  subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.250" }] }],
  "valid-lifetime": 60,
};
await using server = await Server.start("kotare", host, config, {
  folder: join(lab.folder, "server"),
  severity: "DEBUG",
});
using probe = await Probe.open(clients, "eth0");

const messages = corpus();
const end = performance.now() + 1000 * Number(flags.seconds);
let sent = 0;
let settled: number | undefined;
while (performance.now() < end) {
  for (let i = 0; i < BURST; i++, sent++) {
    const [message, route] = messages[random(messages.length)]!;
    probe.sendBytes(mutate(encodeMessage(buildMessage(message)), random), { sourceMac: message.mac, ...route });
  }
  await getServed(probe, "02:dd:00:00:00:01", 10_000);
  const fault = server.program.lines.find((line) => OUR_FAULT.test(line));
  if (fault !== undefined) throw new Error(`seed ${seed}, within packet ${sent - BURST} to ${sent}: ${fault}`);
  const { memory } = server.usage();
  // The first bursts fill caches and compile code.
  if (sent === 20 * BURST) settled = memory;
  if (settled !== undefined && memory > settled + MAX_GROWTH)
    throw new Error(`memory grew from ${settled} to ${memory} bytes`);
  // The log has been looked at; it need not be kept.
  server.program.lines.length = 0;
}
console.log(`${sent} mutated packets: the server is well`);
