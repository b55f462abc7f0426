import { ManualClock } from "@kotare/core/base/clock";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { nameMessageType4 } from "@kotare/core/dhcp4/message-type4";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import type { PacketPath } from "@kotare/core/server/packets/packet-path";
import { rehearse, type Stage } from "@kotare/core/server/packets/rehearse";
import { expect, it, vi } from "vitest";
import type { Path4 } from "./path/outcome4.ts";
import { packetPath4 } from "./path/packet-path4.ts";
import { openStage4 } from "./stage4.ts";
import { type Dhcp4Text, parseText4 } from "./testing/test-server4.ts";

const PORTS = { server: 67, client: 68 };
const subnets: Dhcp4Text = {
  subnet4: [{ id: 1, subnet: "192.0.2.0/24" }],
  "shared-networks": [
    { name: "n", subnet4: [{ id: 2, subnet: "192.0.3.0/24", pools: [{ pool: "192.0.3.10-192.0.3.19" }] }] },
  ],
};

function openStage(config: Dhcp4Text) {
  return openStage4(parseText4(config), { paths: daemonPaths({}), clock: new ManualClock(), ports: PORTS });
}

/** Takes a millisecond for each message. */
function slowPath(clock: ManualClock): PacketPath<Path4> {
  const path = packetPath4(PORTS);
  return {
    ...path,
    decode(...given) {
      clock.advance(0.001);
      return path.decode(...given);
    },
  };
}

it("has clients get, keep and renew leases in the first subnet with a pool, for a seventh of a second", async () => {
  const clock = new ManualClock();
  const path = slowPath(clock);
  const answers = new Map<string, number>();
  const encode: typeof path.encode = (query, answer, ...rest) => {
    const reply = path.encode(query, answer, ...rest);
    if (reply?.kind === "encoded" && answer.kind === "reply") {
      const told = `${nameMessageType4(answer.type)} ${formatIpv4(answer.yiaddr)}`;
      answers.set(told, (answers.get(told) ?? 0) + 1);
    }
    return reply;
  };
  await rehearse(async () => ({ ...(await openStage(subnets))!, path: { ...path, encode } }), clock);
  const addresses = Array.from({ length: 8 }, (_, i) => `192.0.3.${10 + i}`);
  const expected = ["DHCPOFFER", "DHCPACK"].flatMap((type) => addresses.map((each) => `${type} ${each}`));
  expect([...answers.keys()]).toEqual(expected);
  // 140 ms are three rounds of 24 messages with each of two servers, of which 16 are answered with an ACK.
  for (const each of addresses) expect(answers.get(`DHCPACK ${each}`)).toBe(12);
});

it("goes on while there is time to spare, one message of its clients after the other", async () => {
  const clock = new ManualClock();
  const stage = (await openStage(subnets))!;
  const close = vi.spyOn(stage.store, "close");
  let decoded = 0;
  const path = slowPath(clock);
  const decode: typeof path.decode = (...given) => {
    decoded++;
    return path.decode(...given);
  };
  const goOn = await rehearse(async () => ({ ...stage, path: { ...path, decode } }), clock);
  const before = decoded;
  let left = 5;
  await goOn(async () => left-- > 0);
  expect(decoded - before).toBe(5 * 8);
  // Of two servers.
  expect(close).toHaveBeenCalledTimes(2);
});

it("ends by itself when everything has been called often", async () => {
  const stage = (await openStage(subnets))!;
  let steps = 0;
  const nothing = new Uint8Array(0);
  const way: Stage<Path4>["ways"][number] = {
    messages: [() => nothing],
    receive(messages) {
      steps++;
      return stage.ways[0]!.receive(messages);
    },
    takeAnswers: async () => Array.from({ length: 8 }, () => nothing),
  };
  const goOn = await rehearse(async () => ({ ...stage, ways: [way] }), new ManualClock());
  await goOn(async () => true);
  // The last one of the first server ends it.
  expect(steps).toBe(749);
});

it("does not exist where no subnet has a pool", async () => {
  expect(await openStage({ subnet4: [{ id: 1, subnet: "192.0.2.0/24" }] })).toBeUndefined();
});

it("rehearses on a made-up subnet where those of the server are in a database", async () => {
  const control = { "config-databases": [{ type: "postgresql", name: "kea" }] };
  const stage = await openStage({ subnet4: [], "config-control": control });
  expect(stage?.room).toBe(256);
  await stage?.store.close();
});

it("is left where a step throws: that is no reason not to start", async () => {
  let calls = 0;
  const place = () => {
    calls++;
    throw new Error("planted");
  };
  await rehearse(
    async () => ({ ...(await openStage(subnets))!, path: { ...packetPath4(PORTS), place } }),
    new ManualClock(),
  );
  expect(calls).toBe(8);
});

it("is not missed where it cannot be opened", async () => {
  const open = () => Promise.reject(new Error("planted"));
  await rehearse(open, new ManualClock());
});

it("speaks DHCPv4 over DHCPv6, too, where that is on: every second time", async () => {
  const stage = (await openStage({ ...subnets, "dhcp4o6-port": 6767 }))!;
  const clock = new ManualClock();
  const ways = { direct: 0, over6: 0 };
  const encode: Stage<Path4>["path"]["encode"] = (query, ...rest) => {
    clock.advance(0.001);
    const reply = stage.path.encode(query, ...rest);
    if (reply?.kind === "encoded") ways[query.ingress.over6 === undefined ? "direct" : "over6"] += 1;
    return reply;
  };
  await rehearse(async () => ({ ...stage, path: { ...stage.path, encode } }), clock);
  // 140 ms are three rounds of 24 messages with each of two servers.
  expect(ways).toEqual({ direct: 96, over6: 48 });
});
