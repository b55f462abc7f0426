import { ManualClock } from "@kotare/core/base/clock";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { rehearse } from "@kotare/core/server/packets/rehearse";
import { expect, it, vi } from "vitest";
import { packetPath6 } from "./path/packet-path6.ts";
import { openStage6 } from "./stage6.ts";
import { type Dhcp6Text, parseText6 } from "./testing/test-server6.ts";

const PORTS = { server: 547, client: 546 };
const { SOLICIT, ADVERTISE, REQUEST, RENEW, REPLY } = MessageType6;

function openStage(config: Dhcp6Text) {
  return openStage6(parseText6(config), { paths: daemonPaths({}), clock: new ManualClock(), ports: PORTS });
}

it("has clients get, keep and renew leases in the first subnet with a pool, for a seventh of a second", async () => {
  const clock = new ManualClock();
  const path = packetPath6(PORTS);
  const answers = new Map<string, number>();
  const decode: typeof path.decode = (...given) => {
    clock.advance(0.001);
    return path.decode(...given);
  };
  const encode: typeof path.encode = (query, answer, ...rest) => {
    const reply = path.encode(query, answer, ...rest);
    if (reply?.kind === "encoded" && answer.kind === "reply") {
      const given = answer.ias.flatMap(({ leases }) => leases.map(({ address }) => formatIpv6Key(address)));
      const told = `${query.message.type}: ${answer.type} ${given}`;
      answers.set(told, (answers.get(told) ?? 0) + 1);
    }
    return reply;
  };
  const stage = openStage({
    subnet6: [{ id: 1, subnet: "2001:db8:1::/64" }],
    "shared-networks": [
      {
        name: "n",
        subnet6: [{ id: 2, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::10-2001:db8:2::17" }] }],
      },
    ],
  });
  await rehearse(async () => ({ ...(await stage)!, path: { ...path, decode, encode } }), clock);
  const addresses = Array.from({ length: 8 }, (_, i) => `2001:db8:2::${10 + i}`);
  const kinds = [`${SOLICIT}: ${ADVERTISE}`, `${REQUEST}: ${REPLY}`, `${RENEW}: ${REPLY}`];
  expect([...answers.keys()]).toEqual(kinds.flatMap((kind) => addresses.map((each) => `${kind} ${each}`)));
  // 140 ms are three rounds of 24 messages with each of two servers.
  for (const count of answers.values()) expect(count).toBe(6);
});

it("does not exist where no subnet has a pool", async () => {
  expect(await openStage({ subnet6: [{ id: 1, subnet: "2001:db8:1::/64" }] })).toBeUndefined();
});

it("passes DHCPv4 messages on, too, where that is on, and the answers back: every second time", async () => {
  const pools = [{ pool: "2001:db8:1::10-2001:db8:1::17" }];
  const stage = (await openStage({ "dhcp4o6-port": 6767, subnet6: [{ id: 1, subnet: "2001:db8:1::/64", pools }] }))!;
  const clock = new ManualClock();
  const decode: typeof stage.path.decode = (...given) => {
    clock.advance(0.001);
    return stage.path.decode(...given);
  };
  const sent = vi.spyOn(stage.wire, "takeSent");
  await rehearse(async () => ({ ...stage, path: { ...stage.path, decode } }), clock);
  const types = sent.mock.results.flatMap(({ value }) => (value as Uint8Array[]).map(([type]) => type));
  const { DHCPV4_RESPONSE, RELAY_REPL } = MessageType6;
  // 140 ms are two rounds of 24 messages, two of eight between them, and a third of another one, with each of two servers.
  expect(types).toHaveLength(144);
  expect(types.filter((type) => type === DHCPV4_RESPONSE)).toHaveLength(16);
  expect(types.filter((type) => type === RELAY_REPL)).toHaveLength(72);
});
