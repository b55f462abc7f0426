/** `libdhcp_bootp.so`: clients that know no DHCP. */
import { expect, it } from "vitest";
import { macOf, TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";

const start = (...libraries: string[]) =>
  TestServer4.start({
    "client-classes": [{ name: "DHCP", test: "not member('BOOTP')" }],
    "calculate-tee-times": true,
    "option-data": [
      { name: "routers", data: "192.0.2.1" },
      { name: "boot-file-name", data: "boot.img", "always-send": true },
    ],
    subnet4: [
      {
        id: 7,
        subnet: "192.0.2.0/24",
        pools: [
          { pool: "192.0.2.10-192.0.2.19", "client-class": "DHCP" },
          { pool: "192.0.2.100-192.0.2.109", "client-class": "BOOTP" },
        ],
        reservations: [{ "hw-address": macOf(9), "ip-address": "192.0.2.90" }],
      },
    ],
    "hooks-libraries": libraries.map((library) => ({ library })),
  });

async function ask(server: TestServer4, number: number, change = {}) {
  const [reply] = await server.serve(new TestClient4(server, number).message(undefined, change));
  return reply;
}

it("gives an address for ever, in the class BOOTP, and no options of DHCP", async () => {
  const server = await start("libdhcp_bootp.so");
  const reply = await ask(server, 1, { options: [[12, Buffer.from("old")]] });
  expect(reply?.yiaddr).toBe("192.0.2.100");
  expect(reply?.codes).toEqual([1, 3, 12, 67]);
  expect(server.lease("192.0.2.100")).toMatchObject({ validLifetime: 0xffffffff, hostname: "old" });
  server.clock.advance(100_000);
  expect((await ask(server, 1))?.yiaddr).toBe("192.0.2.100");
  expect((await ask(server, 9))?.yiaddr).toBe("192.0.2.90");
  expect((await new TestClient4(server, 2).bind()).yiaddr).toBe("192.0.2.10");
});

it("a message whose type is 0 is no BOOTP client's", async () => {
  const server = await start("libdhcp_bootp.so");
  expect(await ask(server, 1, { options: [[53, [0]]] })).toBeUndefined();
  expect(server.drops()).toEqual(["no-message-type"]);
});

it("without it there is no answer, and a reason", async () => {
  const server = await start();
  expect(await ask(server, 1)).toBeUndefined();
  expect(server.drops()).toEqual(["no-message-type"]);
});
