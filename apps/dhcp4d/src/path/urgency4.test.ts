import { beforeEach, describe, expect, it } from "vitest";
import { TestClient4 } from "../testing/test-client4.ts";
import { TestServer4 } from "../testing/test-server4.ts";
import { isKnown4 } from "./urgency4.ts";

const SUBNET = { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10 - 192.0.2.99" }] };

describe("who renews is known", () => {
  let server: TestServer4;
  let client: TestClient4;
  beforeEach(async () => {
    server = await TestServer4.start({ subnet4: [SUBNET] });
    client = new TestClient4(server, 1);
    await client.bind();
  });

  const isKnown = (who: TestClient4, address: string) => {
    const { payload } = who.renewMessage(address);
    const buffer = new Uint8Array(payload.length + 10).fill(1);
    buffer.set(payload, 10);
    return isKnown4({ buffer, offset: 10, length: payload.length }, server.store.begin());
  };

  it("by the address and the hardware address of its lease", () => {
    expect(isKnown(client, "192.0.2.10")).toBe(true);
    expect(isKnown(client, "192.0.2.11")).toBe(false);
    expect(isKnown(new TestClient4(server, 2), "192.0.2.10")).toBe(false);
  });

  it("not by what it has given back", async () => {
    await client.release("192.0.2.10");
    expect(isKnown(client, "192.0.2.10")).toBe(false);
  });

  it("not by an offer", async () => {
    const other = new TestClient4(server, 2);
    await other.discover();
    expect(isKnown(other, "192.0.2.11")).toBe(false);
  });

  it("where the leases are in a database, and nothing is known at once", () => {
    const { payload } = client.renewMessage("192.0.2.77");
    const view = { missed: 0, byAddress: () => void view.missed++ };
    expect(isKnown4({ buffer: payload, offset: 0, length: payload.length }, view)).toBe(true);
  });
});
