/** `libdhcp_flex_id.so`, in DHCPv4: reservations and leases by what an expression says. */
import { expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const SUBNET = {
  id: 7,
  subnet: "192.0.2.0/24",
  pools: [{ pool: "192.0.2.10-192.0.2.19" }],
  reservations: [{ "flex-id": "'port7'", "ip-address": "192.0.2.77" }],
};

function start(parameters: object, rest: object = {}): Promise<TestServer4> {
  const expression = { "identifier-expression": "relay4[1].hex" };
  return TestServer4.start({
    subnet4: [SUBNET],
    "host-reservation-identifiers": ["hw-address", "flex-id"],
    "hooks-libraries": [{ library: "/x/libdhcp_flex_id.so", parameters: { ...expression, ...parameters } }],
    ...rest,
  });
}

/** Behind a relay that says where it is plugged in. */
function clientAt(server: TestServer4, number: number, port: string, clientId?: Uint8Array): TestClient4 {
  const circuit = Buffer.from(port);
  const option82 = Buffer.from([1, circuit.length, ...circuit]);
  return new TestClient4(server, number, {
    ...(clientId && { clientId }),
    always: { giaddr: "192.0.2.254", options: port === "" ? [] : [[82, option82]] },
  });
}

it("a reservation is found by it", async () => {
  const server = await start({});
  expect((await clientAt(server, 1, "port7").discover())?.yiaddr).toBe("192.0.2.77");
  expect((await clientAt(server, 2, "port8").discover())?.yiaddr).toBe("192.0.2.10");
  expect((await clientAt(server, 3, "").discover())?.yiaddr).toBe("192.0.2.11");
});

it("unless reservations do not use it", async () => {
  const server = await start({}, { "host-reservation-identifiers": ["hw-address"] });
  expect((await clientAt(server, 1, "port7").discover())?.yiaddr).toBe("192.0.2.10");
});

it("replace-client-id: another device at the same place has the same lease", async () => {
  const server = await start({ "replace-client-id": true });
  const [first, second] = [clientAt(server, 1, "port8"), clientAt(server, 2, "port8", Uint8Array.of(1, 9, 9))];
  expect((await first.bind()).yiaddr).toBe("192.0.2.10");
  expect((await second.bind()).yiaddr).toBe("192.0.2.10");
  expect(server.leases()).toEqual([`192.0.2.10 ${macOf(2)} assigned`]);
  expect(server.lease("192.0.2.10")?.clientId).toEqual(Uint8Array.from([0, ...Buffer.from("port8")]));
  expect((await clientAt(server, 3, "port9").bind()).yiaddr).toBe("192.0.2.11");
});

it.each([true, false])(
  "replace-client-id: a client gets back what it has sent itself (echo-client-id %s)",
  async (echo) => {
    const server = await start({ "replace-client-id": true }, { "echo-client-id": echo });
    expect((await clientAt(server, 1, "port8", Uint8Array.of(1, 9, 9)).discover())?.option(61)).toEqual(
      Uint8Array.of(1, 9, 9),
    );
    expect((await clientAt(server, 2, "port9").discover())?.option(61)).toBeUndefined();
  },
);

it("an expression that fails on a packet gives no identifier", async () => {
  const server = await start({ "identifier-expression": "addrtotext(relay4[1].hex)" });
  expect((await clientAt(server, 1, "port7").discover())?.yiaddr).toBe("192.0.2.10");
  expect(server.drops()).toEqual([]);
});
