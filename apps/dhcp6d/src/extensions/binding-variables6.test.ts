/** `binding-variables` of `libdhcp_lease_cmds.so`, in DHCPv6. */
import { LeaseType6 } from "@kotare/core/leases/model/lease6";
import { expect, it } from "vitest";
import { na, option, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const variable = (name: string, expression: string, source = "query") => ({ name, expression, source });
const SUBNET = {
  id: 7,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
  "pd-pools": [{ prefix: "2001:db8:1::", "prefix-len": 48, "delegated-len": 56 }],
};
const ADDRESS = ["address", "2001:db8::10"] as const;

function start(variables: readonly object[], config = {}) {
  const library = { library: "libdhcp_lease_cmds.so", parameters: { "binding-variables": variables } };
  return TestServer6.start({ subnet6: [SUBNET], "hooks-libraries": [library], ...config });
}

/** Option 15 with the one text. */
const user = (name: string) => option(15, Buffer.from([0, name.length, ...Buffer.from(name)]).toString("hex"));
const USER = variable("user", "substring(option[15].hex, 2, all)");
const variablesOf = (context: string) => JSON.parse(context).ISC["binding-variables"];

it("all leases of a message keep what it and its answer say", async () => {
  const server = await start([USER, variable("type", "hexstring(pkt6.msgtype, '')", "response")]);
  await new TestClient6(server, 1).request(na(1), pd(2), user("ann"));
  for (const type of [LeaseType6.address, LeaseType6.prefix]) {
    const contexts = server.store.page(type, undefined, 10).map(({ userContext }) => variablesOf(userContext));
    expect(contexts).toEqual([{ user: "ann", type: "00000007" }]);
  }
});

it("a renewal with other values is written, and one with the same is not", async () => {
  const server = await start([USER], { "cache-threshold": 0.5, "valid-lifetime": 1000 });
  const client = new TestClient6(server, 1);
  await client.request(na(1), user("ann"));
  const { cltt } = server.lease(...ADDRESS)!;
  server.clock.advance(10);
  await client.renew(na(1, ADDRESS[1]), user("ann"));
  expect(server.lease(...ADDRESS)!.cltt).toBe(cltt);
  await client.renew(na(1, ADDRESS[1]), user("bob"));
  expect(server.lease(...ADDRESS)!.cltt).toBe(cltt + 10);
  expect(variablesOf(server.lease(...ADDRESS)!.userContext)).toEqual({ user: "bob" });
});

it("what is said of the client's relays stays beside them", async () => {
  const server = await start([USER], { "store-extended-info": true });
  const client = new TestClient6(server, 1);
  client.relays = [{ link: "2001:db8::1" }];
  await client.request(na(1), user("ann"));
  expect(JSON.parse(server.lease(...ADDRESS)!.userContext).ISC).toMatchObject({
    "binding-variables": { user: "ann" },
    "relay-info": [{ link: "2001:db8::1" }],
  });
});
