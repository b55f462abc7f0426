import { nameMessageType4 } from "@kotare/core/dhcp4/message-type4";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { rehearse } from "@kotare/core/server/packets/rehearse";
import { expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";
import { packetPath4 } from "./packet-path4.ts";
import { rehearsal4 } from "./rehearsal4.ts";
import { beginHosts4 } from "./service4.ts";

const subnets = {
  subnet4: [
    { id: 1, subnet: "192.0.2.0/24" },
    { id: 2, subnet: "192.0.3.0/24", pools: [{ pool: "192.0.3.10-192.0.3.19" }] },
  ],
};

it("plays a client's way to a lease in the first subnet with a pool, and leaves nothing behind", async () => {
  const server = await TestServer4.start(subnets);
  const { service } = server.pipeline;
  const path = packetPath4({ server: 67, client: 68 });
  const answers = new Set<string>();
  const encode: typeof path.encode = (query, answer, ...rest) => {
    const reply = path.encode(query, answer, ...rest);
    if (reply?.kind === "encoded" && answer.kind === "reply") {
      answers.add(`${nameMessageType4(answer.type)} ${formatIpv4(answer.yiaddr)}`);
    }
    return reply;
  };
  rehearse(rehearsal4(service)!, { ...path, encode }, service, () => beginHosts4(service), {
    store: server.served,
    clock: server.clock,
  });
  expect([...answers]).toEqual(["DHCPOFFER 192.0.3.10", "DHCPACK 192.0.3.10"]);
  expect(server.log.lines).toEqual([]);
  const offer = await new TestClient4(server, 1).discover({ giaddr: "192.0.3.1" });
  expect(offer?.yiaddr).toBe("192.0.3.10");
});

it("has nothing to play where no subnet has a pool", async () => {
  const server = await TestServer4.start({ subnet4: [{ id: 1, subnet: "192.0.2.0/24" }] });
  expect(rehearsal4(server.pipeline.service)).toBeUndefined();
});

it("ends where a step throws: that is no reason not to start", async () => {
  const server = await TestServer4.start(subnets);
  const { service } = server.pipeline;
  let calls = 0;
  const place = () => {
    calls++;
    throw new Error("planted");
  };
  const path = { ...packetPath4({ server: 67, client: 68 }), place };
  rehearse(rehearsal4(service)!, path, service, () => beginHosts4(service), {
    store: server.served,
    clock: server.clock,
  });
  expect(calls).toBe(1);
});
