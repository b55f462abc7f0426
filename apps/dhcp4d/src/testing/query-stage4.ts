/** dhcp4d for tests of leasequery by TCP: a server, the listener beside it, and requesters. */
import { queryListener4 } from "@kotare/core/server/leasequery/dhcp4/query-listener4";
import { buildMessage4, type Message4Fields, type OptionBytes, subOptions } from "@kotare/testkit/build-message4";
import { ownLoopback } from "@kotare/testkit/own-loopback";
import { QueryConnection } from "@kotare/testkit/query-connection";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { onTestFinished, vi } from "vitest";
import { TestClient4 } from "./test-client4.ts";
import { type Dhcp4Text, TestServer4 } from "./test-server4.ts";
import type { TestServer4Options } from "./test-server4-options.ts";

/** The only requester, and where it asks. */
export const HOST = ownLoopback();
export const PORT = 6767;

const [BULK, DONE] = [14, 15];
const TYPES: Readonly<Record<number, string>> = { 11: "UNASSIGNED", 13: "ACTIVE", 15: "DONE", 17: "STATUS", 18: "TLS" };

/** Option 154 of a query for everything: what was never leased has not changed since. */
export const LEASED: OptionBytes = [154, [0, 0, 0, 0]];

export function queryConfig4(advanced: object, kotare?: object): Dhcp4Text {
  return {
    "valid-lifetime": 1000,
    "renew-timer": 500,
    "rebind-timer": 800,
    "store-extended-info": true,
    ...(kotare === undefined ? {} : { "user-context": { kotare } }),
    subnet4: [
      { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] },
      { id: 2, subnet: "198.51.100.0/24", pools: [{ pool: "198.51.100.10-198.51.100.99" }] },
    ],
    "hooks-libraries": [
      {
        library: "libdhcp_lease_query.so",
        parameters: {
          requesters: [HOST],
          advanced: { "bulk-query-enabled": true, "lease-query-ip": HOST, "lease-query-tcp-port": PORT, ...advanced },
        },
      },
    ],
  };
}

export class QueryStage4 {
  readonly server: TestServer4;
  readonly listener: ReturnType<typeof queryListener4>;

  private constructor(server: TestServer4) {
    this.server = server;
    this.listener = queryListener4({ store: server.served, leaseClock: server.clock, log: server.log });
    onTestFinished(() => this.listener.stop());
  }

  /** @param kotare in the global `user-context` @param more of the configuration */
  static async start(
    advanced: object = {},
    kotare?: object,
    options?: TestServer4Options,
    more: Dhcp4Text = {},
  ): Promise<QueryStage4> {
    const config = { ...queryConfig4(advanced, kotare), ...more };
    const stage = new QueryStage4(await TestServer4.start(config, options));
    const { service } = stage.server.pipeline;
    stage.listener.configure(service.config, service);
    await vi.waitUntil(() => stage.server.log.ids.includes("LEASE_QUERY_LISTENING"), { timeout: 60_000 });
    return stage;
  }

  async connect(from = HOST): Promise<QueryConnection> {
    const connection = await QueryConnection.open(HOST, PORT, from);
    onTestFinished(() => connection[Symbol.dispose]());
    return connection;
  }

  /** All answers up to the end. */
  async ask(...messages: readonly Uint8Array[]): Promise<string[]> {
    const connection = await this.connect();
    connection.send(...messages);
    return (await connection.until(isDone)).map(readLine);
  }

  /** A client behind a relay that says where it is. @param remote its remote id */
  async bind(number: number, remote: number, giaddr = "192.0.2.1"): Promise<TestClient4> {
    const client = new TestClient4(this.server, number, { clientId: Uint8Array.of(1, 2, number) });
    await client.bind({ giaddr, options: [[82, subOptions([2, [remote]], [12, [1, 2, 3]])]] });
    return client;
  }

  metric(name: string): unknown {
    const found = this.listener.metrics().find((each) => each.name === name)!;
    return [...found.samples()].flat()[0]!.value;
  }
}

/** A DHCPBULKLEASEQUERY, unless it is told otherwise. */
export function query(fields: Message4Fields = {}, ...options: readonly OptionBytes[]): Uint8Array {
  return buildMessage4({ type: BULK, chaddr: "", htype: 0, xid: 7, ...fields, options });
}

/** What a message tells: `ACTIVE 192.0.2.1`, `DONE`, `DONE 3`. */
export function readLine(message: Uint8Array): string {
  const told = readMessage4(message);
  const type = TYPES[told.option(53)![0]!] ?? "another";
  const address = told.ciaddr === "0.0.0.0" ? [] : [told.ciaddr];
  return [type, ...address, ...(told.option(151) ?? [])].join(" ");
}

export function isDone(message: Uint8Array): boolean {
  return readMessage4(message).option(53)![0] === DONE;
}
