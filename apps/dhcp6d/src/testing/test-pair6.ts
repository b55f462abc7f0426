/** Two real servers of a DHCPv6 pair. */
import { parseHex } from "@kotare/core/base/hex";
import { parameterTools } from "@kotare/core/extensions/parameter-tools";
import { Process } from "@kotare/core/server/testing/pair/pair-machine";
import { type PairOptions, TestPair, type Which } from "@kotare/core/server/testing/pair/test-pair";
import { VirtualTime } from "@kotare/testkit/virtual-time";
import { type Dhcp6Text, LEASE_FILE, parseText6, TestServer6 } from "./test-server6.ts";

/** Of the servers. */
export const DUIDS = ["00:03:00:01:02:00:00:00:00:f1", "00:03:00:01:02:00:00:00:00:f2"] as const;

export class TestPair6 extends TestPair<TestServer6, Dhcp6Text> {
  constructor(options: PairOptions<Dhcp6Text>) {
    super(6, LEASE_FILE, new VirtualTime(), options);
  }

  protected async open(which: Which, reply: (payload: Uint8Array) => void): Promise<Process<TestServer6>> {
    const machine = this.machines[which];
    const serverDuid = parseHex(DUIDS[which])!;
    const server = await TestServer6.start(this.options.config, { machine, serverDuid });
    server.random = this.options.random();
    server.transport.onSent = ({ payload }) => reply(payload);
    return new Process(server, undefined);
  }

  protected tools(config: Dhcp6Text) {
    return parameterTools(parseText6(config), 6);
  }

  /** A message of a client, at once. */
  deliver(which: Which, packet: Uint8Array): void {
    this.run(which, (server) => void server.serve(packet));
  }
}
