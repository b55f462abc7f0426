import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { beforeEach, describe, expect, it } from "vitest";
import { buildMessage6, na, option, TestClient6, type TestRelay6 } from "../testing/test-client6.ts";
import { TestServer6 } from "../testing/test-server6.ts";
import { isKnown6 } from "./urgency6.ts";

const SUBNET = { id: 1, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::10-2001:db8::99" }] };
const RELAY: TestRelay6 = { link: "2001:db8::1" };

describe("who renews is known", () => {
  let server: TestServer6;
  let client: TestClient6;
  beforeEach(async () => {
    server = await TestServer6.start({ subnet6: [SUBNET] });
    client = new TestClient6(server, 1);
    await client.solicit(na(1));
    await client.request(na(1));
  });

  const renewal = (duid: string, relays: readonly TestRelay6[] = []) =>
    buildMessage6(MessageType6.RENEW, [option(Option6.clientId, duid), na(1)], relays);
  const isKnown = (payload: Uint8Array) => {
    const buffer = new Uint8Array(payload.length + 10).fill(1);
    buffer.set(payload, 10);
    return isKnown6({ buffer, offset: 10, length: payload.length }, server.store.begin());
  };

  it("by its DUID, also behind relays", () => {
    expect(isKnown(renewal(client.duid))).toBe(true);
    expect(isKnown(renewal(client.duid, [RELAY, RELAY]))).toBe(true);
    expect(isKnown(renewal(new TestClient6(server, 2).duid))).toBe(false);
  });

  it("not by an offer", async () => {
    const other = new TestClient6(server, 2);
    await other.solicit(na(1));
    expect(isKnown(renewal(other.duid))).toBe(false);
  });

  it("not by a message that cannot be read, or that names nobody", () => {
    expect(isKnown(renewal(client.duid).subarray(0, 9))).toBe(false);
    expect(isKnown(buildMessage6(MessageType6.RENEW, [na(1)]))).toBe(false);
  });

  it("where the leases are in a database, and nothing is known at once", () => {
    const payload = renewal(new TestClient6(server, 9).duid);
    const view = {
      missed: 0,
      byDuid() {
        view.missed += 1;
        return [];
      },
    };
    expect(isKnown6({ buffer: payload, offset: 0, length: payload.length }, view)).toBe(true);
  });
});
