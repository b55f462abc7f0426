import { describe, expect, it } from "vitest";
import { na, pd, TestClient6 } from "../testing/test-client6.ts";
import { ip6, TestServer6 } from "../testing/test-server6.ts";

const kotare = (routes: boolean) => ({ "user-context": { kotare: { "pd-routes": routes } } });
const ON = kotare(true);
const OFF = kotare(false);
const DUID = "00:02:00:00:00:09:00:01";
const POOL = { prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 };
const LAN = { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::1f" }] };
const PREFIX = "2001:db8:8000::";

describe("the next hop of a delegated prefix", () => {
  const config = (global: object = ON, pool: object = {}) => ({
    ...global,
    subnet6: [{ ...LAN, "pd-pools": [{ ...POOL, ...pool }] }],
  });
  const contextOf = (server: TestServer6, prefix = PREFIX) => server.lease("prefix", prefix)?.userContext;
  const kept = (via: string, dev = "eth0") => `{ "kotare": { "pd-route": { "via": "${via}", "dev": "${dev}" } } }`;

  it("is the client, where it comes from", async () => {
    const server = await TestServer6.start(config());
    const client = new TestClient6(server, 1);
    client.ingress = { source: ip6("fe80::77"), interfaceName: "eth7" };
    await client.request(na(1), pd(2));
    expect(contextOf(server)).toBe(kept("fe80::77", "eth7"));
    expect(server.lease("address", "2001:db8::10")?.userContext).toBe("");
  });

  it("follows a client that comes from elsewhere", async () => {
    const server = await TestServer6.start(config());
    const client = new TestClient6(server, 1);
    await client.request(pd(2));
    client.ingress = { source: ip6("fe80::3") };
    await client.renew(pd(2, `${PREFIX}/56`));
    expect(contextOf(server)).toBe(kept("fe80::3"));
  });

  it("is the relay nearest to us", async () => {
    const server = await TestServer6.start({ ...config(), "store-extended-info": true });
    const client = new TestClient6(server, 1);
    client.relays = [{ link: "::", peer: "2001:db8:9::2" }, { link: "2001:db8::1" }];
    client.ingress = { source: ip6("2001:db8:9::1") };
    await client.request(pd(2));
    expect(JSON.parse(contextOf(server)!)).toMatchObject({
      ISC: { "relay-info": [{ peer: "fe80::2" }, { peer: "2001:db8:9::2" }] },
      kotare: { "pd-route": { via: "2001:db8:9::1", dev: "eth0" } },
    });
  });

  it.each([
    { title: "nowhere", global: {}, pool: {}, context: "" },
    { title: "in the pool only", global: {}, pool: ON, context: kept("fe80::2") },
    { title: "everywhere but in the pool", global: ON, pool: OFF, context: "" },
  ])("is kept where the nearest scope says so: $title", async ({ global, pool, context }) => {
    const server = await TestServer6.start(config(global, pool));
    await new TestClient6(server, 1).request(pd(2));
    expect(contextOf(server)).toBe(context);
  });

  it("is inherited by a reservation outside of all pools from its subnet", async () => {
    const subnet = (change: object) => ({
      ...LAN,
      reservations: [{ duid: DUID, prefixes: ["2001:db8:7000::/48"] }],
      ...change,
    });
    const network = (change: object) => ({
      "shared-networks": [{ name: "n", ...ON, subnet6: [subnet(change)] }],
    });
    const server = await TestServer6.start(network({}));
    const client = new TestClient6(server, 1);
    await client.request(pd(2));
    expect(contextOf(server, "2001:db8:7000::")).toBe(kept("fe80::2"));
    server.reconfigure(network(OFF));
    await client.renew(pd(2, "2001:db8:7000::/48"));
    expect(contextOf(server, "2001:db8:7000::")).toBe("");
  });
});
