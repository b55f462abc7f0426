import { describe, expect, it } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";

const CONFIG = {
  "decline-probation-period": 600,
  subnet6: [
    {
      id: 1,
      subnet: "2001:db8::/64",
      pools: [{ pool: "2001:db8::10-2001:db8::10" }],
      "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 56, "delegated-len": 56 }],
    },
  ],
};

async function bind() {
  const server = await TestServer6.start(CONFIG);
  const client = new TestClient6(server, 1);
  await client.request(na(1), pd(2));
  return { server, client, other: new TestClient6(server, 2) };
}

const BOUND = ["2001:db8::10/128 iaid 1 assigned", "2001:db8:8000::/56 iaid 2 assigned"];

describe("RFC 8415 §18.3.7: RELEASE", () => {
  it("ends addresses and prefixes, which others may have then", async () => {
    const { server, client, other } = await bind();
    const reply = await client.release(na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    expect(reply).toMatchObject({ type: "REPLY", status: "Success", ias: ["na 1 0 0 Success", "pd 2 0 0 Success"] });
    expect(server.leases()).toEqual(BOUND.map((text) => text.replace("assigned", "reclaimed")));
    await other.request(na(5), pd(6));
    expect(server.leases()).toEqual(["2001:db8::10/128 iaid 5 assigned", "2001:db8:8000::/56 iaid 6 assigned"]);
  });

  it.each([
    ["another client", true, 1],
    ["another association", false, 7],
  ])("leaves alone what %s has, and says NoBinding", async (_, isOther, iaid) => {
    const { server, client, other } = await bind();
    const reply = await (isOther ? other : client).release(na(iaid, "2001:db8::10"));
    expect(reply).toMatchObject({ status: "Success", ias: [`na ${iaid} 0 0 NoBinding`] });
    expect(server.leases()).toEqual(BOUND);
  });

  it("twice changes nothing the second time (#4670)", async () => {
    const { server, client } = await bind();
    await client.release(na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    const file = server.fileText();
    const again = await client.release(na(1, "2001:db8::10"), pd(2, "2001:db8:8000::/56"));
    expect(again).toMatchObject({ status: "Success", ias: ["na 1 0 0 Success", "pd 2 0 0 Success"] });
    expect(server.fileText()).toBe(file);
    expect(server.log.lines.filter((line) => line.startsWith("DHCP6_RELEASE_"))).toHaveLength(2);
  });

  it("ends what there is beside what there is not", async () => {
    const { server, client } = await bind();
    const reply = await client.release(na(1, "2001:db8::10", "2001:db8::99"), pd(3));
    expect(reply?.ias).toEqual(["na 1 0 0 NoBinding", "pd 3 0 0 NoBinding"]);
    expect(server.leases()[0]).toBe("2001:db8::10/128 iaid 1 reclaimed");
  });
});

describe("RFC 8415 §18.3.8: DECLINE", () => {
  it("keeps an address from everybody until the probation is over", async () => {
    const { server, client, other } = await bind();
    const reply = await client.decline(na(1, "2001:db8::10"));
    expect(reply).toMatchObject({ status: "Success", ias: ["na 1 0 0 Success"] });
    const declined = server.lease("address", "2001:db8::10")!;
    expect(declined).toMatchObject({ validLifetime: 600, preferredLifetime: 0, hostname: "", hwtype: 0 });
    expect(declined.duid).toHaveLength(0);
    for (const each of [client, other]) expect((await each.request(na(1)))?.ias).toEqual(["na 1 0 0 NoAddrsAvail"]);
    server.clock.advance(600);
    expect((await other.request(na(1)))?.ias[0]).toContain("2001:db8::10");
  });

  it("is not for prefixes", async () => {
    const { server, client } = await bind();
    expect(await client.decline(pd(2, "2001:db8:8000::/56"))).toMatchObject({ status: "Success", ias: [] });
    expect(server.leases()).toEqual(BOUND);
  });

  it("is not for what somebody else has", async () => {
    const { server, other } = await bind();
    expect((await other.decline(na(1, "2001:db8::10")))?.ias).toEqual(["na 1 0 0 NoBinding"]);
    expect(server.leases()).toEqual(BOUND);
  });
});
