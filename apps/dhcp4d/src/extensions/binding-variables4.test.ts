/** `binding-variables` of `libdhcp_lease_cmds.so`, in DHCPv4. */
import { MemoryDatabase4 } from "@kotare/core/leases/testing/memory-database4";
import { text } from "@kotare/testkit/payloads";
import { expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "../testing/test-server4.ts";
import type { TestServer4Options } from "../testing/test-server4-options.ts";

const variable = (name: string, expression: string, source = "query") => ({ name, expression, source });
const VARIABLES = [
  variable("vendor", "option[60].text"),
  variable("address", "addrtotext(pkt4.yiaddr)", "response"),
  variable("type", "hexstring(pkt4.msgtype, '')", "response"),
];

function start(variables: readonly object[], config: Dhcp4Text = {}, options: TestServer4Options = {}) {
  const library = { library: "libdhcp_lease_cmds.so", parameters: { "binding-variables": variables } };
  const subnet = { id: 7, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.19" }] };
  return TestServer4.start({ subnet4: [subnet], "hooks-libraries": [library], ...config }, options);
}

const contextOf = (server: TestServer4, address = "192.0.2.10") => server.lease(address)!.userContext;
const vendor = (name: string) => ({ options: [[60, text(name)] as const] });

it("leases keep what the query and the response say, as in Kea", async () => {
  const server = await start(VARIABLES, { "store-extended-info": true });
  await new TestClient4(server, 1).bind(vendor("phone"));
  const values = '"address": "192.0.2.10", "type": "00000005", "vendor": "phone"';
  expect(contextOf(server)).toBe(`{ "ISC": { "binding-variables": { ${values} } } }`);
  await new TestClient4(server, 2).bind({ giaddr: "192.0.2.2", options: [[82, [1, 1, 65]]] });
  expect(contextOf(server, "192.0.2.11")).toMatch(
    /"vendor": "" \}, "relay-agent-info": \{ "sub-options": "0x010141" \} \} \}$/,
  );
});

it("a renewal with other values is written, and one with the same is not", async () => {
  const server = await start([VARIABLES[0]!], { "cache-threshold": 0.5, "valid-lifetime": 1000 });
  const client = new TestClient4(server, 1);
  await client.bind(vendor("phone"));
  server.clock.advance(10);
  expect((await client.renew("192.0.2.10", vendor("phone")))!.u32(51)).toBe(990);
  expect((await client.renew("192.0.2.10", vendor("tablet")))!.u32(51)).toBe(1000);
  expect(contextOf(server)).toContain('"vendor": "tablet"');
});

it("what else is in a lease's user-context stays", async () => {
  const server = await start(VARIABLES);
  const client = new TestClient4(server, 1);
  await client.bind(vendor("phone"));
  const context = { room: 7, ISC: { "binding-variables": { vendor: "x" }, more: true } };
  await server.ask("lease4-update", { "ip-address": "192.0.2.10", "hw-address": client.mac, "user-context": context });
  await client.renew("192.0.2.10", vendor("phone"));
  expect(JSON.parse(contextOf(server))).toMatchObject({
    room: 7,
    ISC: { "binding-variables": { vendor: "phone" }, more: true },
  });
});

it("an offer that is a lease keeps them, and one that is not does nothing", async () => {
  const server = await start(VARIABLES, { "offer-lifetime": 60 });
  await new TestClient4(server, 1).discover(vendor("phone"));
  expect(contextOf(server)).toContain('"type": "00000002"');
});

it("bytes that are no text are one character each, and what fails is empty", async () => {
  const server = await start([variable("raw", "option[61].hex"), variable("none", "substring(option[99].hex, 0, 1)")]);
  await new TestClient4(server, 1, { clientId: Uint8Array.of(1, 200, 255, 34) }).bind();
  expect(JSON.parse(contextOf(server))).toEqual({
    ISC: { "binding-variables": { none: "", raw: '\u0001\u00c8\u00ff"' } },
  });
  await new TestClient4(server, 2, { clientId: Buffer.from("grün") }).bind();
  expect(contextOf(server, "192.0.2.11")).toContain('"raw": "grün"');
});

it("leases in a database keep them, too, beside the classes that limits count", async () => {
  const limits = { "user-context": { limits: { "address-limit": 3 } } };
  const database = new MemoryDatabase4();
  const server = await start(
    [VARIABLES[0]!],
    {
      "client-classes": [{ name: "all", test: "member('ALL')", ...limits }],
      "hooks-libraries": [
        { library: "libdhcp_limits.so" },
        { library: "libdhcp_lease_cmds.so", parameters: { "binding-variables": [VARIABLES[0]!] } },
      ],
    },
    { database },
  );
  await new TestClient4(server, 1).bind(vendor("phone"));
  const [lease] = database.leases.values();
  expect(JSON.parse(lease!.userContext)).toEqual({
    ISC: {
      "binding-variables": { vendor: "phone" },
      "client-classes": ["ALL", "VENDOR_CLASS_phone", "all", "UNKNOWN"],
    },
  });
});
