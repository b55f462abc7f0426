import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { formatIpv6Key } from "@kotare/core/ip/ipv6-key";
import { rehearse } from "@kotare/core/server/packets/rehearse";
import { expect, it } from "vitest";
import { TestServer6 } from "../testing/test-server6.ts";
import { packetPath6 } from "./packet-path6.ts";
import { rehearsal6 } from "./rehearsal6.ts";
import { beginHosts6 } from "./service6.ts";

const { ADVERTISE, REPLY } = MessageType6;
const subnets = {
  subnet6: [
    { id: 1, subnet: "2001:db8:1::/64" },
    { id: 2, subnet: "2001:db8:2::/64", pools: [{ pool: "2001:db8:2::10-2001:db8:2::19" }] },
  ],
};

it("plays a client's way to a lease in the first subnet with a pool, and leaves nothing behind", async () => {
  const server = await TestServer6.start(subnets);
  const { service } = server.pipeline;
  const path = packetPath6({ server: 547, client: 546 });
  const answers = new Set<string>();
  const encode: typeof path.encode = (query, answer, ...rest) => {
    const reply = path.encode(query, answer, ...rest);
    if (reply?.kind === "encoded" && answer.kind === "reply") {
      const given = answer.ias.flatMap(({ leases }) => leases.map(({ address }) => formatIpv6Key(address)));
      answers.add(`${query.message.type}: ${answer.type} ${given}`);
    }
    return reply;
  };
  rehearse(rehearsal6(service)!, { ...path, encode }, service, () => beginHosts6(service), {
    store: server.served,
    clock: server.clock,
  });
  const { SOLICIT, REQUEST, RENEW } = MessageType6;
  expect([...answers]).toEqual([
    `${SOLICIT}: ${ADVERTISE} 2001:db8:2::10`,
    `${REQUEST}: ${REPLY} 2001:db8:2::10`,
    `${RENEW}: ${REPLY} 2001:db8:2::10`,
  ]);
  expect(server.log.lines).toEqual([]);
});

it("has nothing to play where no subnet has a pool", async () => {
  const server = await TestServer6.start({ subnet6: [{ id: 1, subnet: "2001:db8:1::/64" }] });
  expect(rehearsal6(server.pipeline.service)).toBeUndefined();
});
