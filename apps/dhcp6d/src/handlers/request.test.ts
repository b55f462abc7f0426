import { describe, expect, it } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const TIMES = { "valid-lifetime": 4000, "preferred-lifetime": 3000 };
const LAN = {
  id: 1,
  subnet: "2001:db8::/64",
  pools: [{ pool: "2001:db8::10-2001:db8::1f" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
};
const ADDRESS = "na 1 1500 2400 2001:db8::10 3000/4000";
const PREFIX = "pd 2 1500 2400 2001:db8:8000::/56 3000/4000";

async function start() {
  const server = await TestServer6.start({ ...TIMES, subnet6: [LAN] });
  return { server, client: new TestClient6(server, 1), other: new TestClient6(server, 2) };
}

describe("RFC 8415 §18.3.2: REQUEST", () => {
  it("gives what was offered, and it is in the file", async () => {
    const { server, client } = await start();
    await client.solicit(na(1), pd(2));
    const reply = await client.request(na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    expect(reply).toMatchObject({ type: "REPLY", ias: [ADDRESS, PREFIX], status: undefined });
    expect(server.leases()).toEqual(["2001:db8::10/128 iaid 1 assigned", "2001:db8:8000::/56 iaid 2 assigned"]);
    expect(server.fileText()).toContain("\n2001:db8::10,00:02:00:00:00:09:00:01,4000,1800004000,1,3000,0,1,128,");
    expect(server.log.lines.join("\n")).toContain("address 2001:db8::10 for iaid 1 has been given for 4000 seconds");
  });

  it("gives something else when the address is somebody's", async () => {
    const { client, other } = await start();
    await client.request(na(1, "2001:db8::10"));
    expect((await other.request(na(1, "2001:db8::10")))?.ias).toEqual(["na 1 1500 2400 2001:db8::11 3000/4000"]);
  });

  it("keeps the leases of two associations of one client apart", async () => {
    const { server, client } = await start();
    await client.request(na(1), na(2));
    expect(server.leases()).toEqual(["2001:db8::10/128 iaid 1 assigned", "2001:db8::11/128 iaid 2 assigned"]);
  });

  it("gives no prefix that a lease of another length is in", async () => {
    const { server, client, other } = await start();
    await client.request(pd(2));
    const longer = { prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 60 };
    server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, "pd-pools": [longer] }] });
    const reply = await other.request(pd(2, "2001:db8:8000:10::/60"));
    expect(reply?.ias).toEqual(["pd 2 1500 2400 2001:db8:8000:100::/60 3000/4000"]);
  });
});

describe.each(["renew", "rebind"] as const)("RFC 8415 §18.3.4, §18.3.5: %s", (kind) => {
  it("makes the leases last from now on", async () => {
    const { server, client } = await start();
    await client.request(na(1), pd(2));
    server.clock.advance(1500);
    const reply = await client[kind](na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    expect(reply).toMatchObject({ type: "REPLY", ias: [ADDRESS, PREFIX] });
    for (const lease of [server.lease("address", "2001:db8::10"), server.lease("prefix", "2001:db8:8000::")]) {
      expect(lease?.cltt).toBe(server.clock.wall());
    }
  });

  it("ends what is in no pool any more, and gives something in its place", async () => {
    const { server, client } = await start();
    await client.request(na(1));
    server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, pools: [{ pool: "2001:db8::20-2001:db8::2f" }] }] });
    const reply = await client[kind](na(1, "2001:db8::10"));
    expect(reply?.ias).toEqual(["na 1 1500 2400 2001:db8::20 3000/4000 2001:db8::10 0/0"]);
    expect(server.leases()).toEqual(["2001:db8::20/128 iaid 1 assigned"]);
  });

  it("ends an address of another link when the client has moved", async () => {
    const { server, client } = await start();
    await client.request(na(1));
    const other = { id: 2, subnet: "2001:db8:1::/64", pools: [{ pool: "2001:db8:1::/120" }] };
    server.reconfigure({ ...TIMES, subnet6: [LAN, other] });
    client.relays = [{ link: "2001:db8:1::1" }];
    const [ia] = (await client[kind](na(1, "2001:db8::10")))?.ias ?? [];
    expect(ia).toBe("na 1 1500 2400 2001:db8:1:: 3000/4000 2001:db8::10 0/0");
  });

  it("ends what is known where no subnet fits, and says NoBinding about what is not", async () => {
    const { client } = await start();
    await client.request(na(1));
    client.relays = [{ link: "2001:db8:ffff::1" }];
    const reply = await client[kind](na(1, "2001:db8::10"), na(2, "2001:db8::99"));
    expect(reply?.ias).toEqual(["na 1 0 0 2001:db8::10 0/0", "na 2 0 0 NoBinding"]);
  });

  it("takes nothing that somebody else has", async () => {
    const { server, client, other } = await start();
    await client.request(na(1));
    const reply = await other[kind](na(1, "2001:db8::10"));
    expect(reply?.ias).toEqual(["na 1 1500 2400 2001:db8::11 3000/4000 2001:db8::10 0/0"]);
    expect(server.leases()).toHaveLength(2);
  });
});

it("a SOLICIT is not told of leases that only a REQUEST would end", async () => {
  const { server, client } = await start();
  await client.request(na(1));
  server.reconfigure({ ...TIMES, subnet6: [{ ...LAN, pools: [{ pool: "2001:db8::20-2001:db8::2f" }] }] });
  expect((await client.solicit(na(1)))?.ias).toEqual(["na 1 1500 2400 2001:db8::20 3000/4000"]);
  expect(server.leases()).toEqual(["2001:db8::10/128 iaid 1 assigned"]);
});
