/** Two real servers of a DHCPv4 pair. */
import { join } from "node:path";
import { noNames } from "@kotare/core/ddns/testing/no-names";
import { parameterTools } from "@kotare/core/extensions/parameter-tools";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import type { Memfile4 } from "@kotare/core/leases/file/memfile4";
import { Process } from "@kotare/core/server/testing/pair/pair-machine";
import { type PairOptions, TestPair, type Which } from "@kotare/core/server/testing/pair/test-pair";
import type { MemoryDatagram } from "@kotare/netio/testing/memory-transport";
import { VirtualTime } from "@kotare/testkit/virtual-time";
import { PairNames } from "./pair-names.ts";
import { type Dhcp4Text, ETH0, LEASE_FILE, parseText4, TestServer4 } from "./test-server4.ts";
import type { NamedServer4 } from "./test-server4-options.ts";

/** Of the servers. */
export const ADDRESSES = ["192.0.2.1", "192.0.2.2"] as const;

export class TestPair4 extends TestPair<TestServer4, Dhcp4Text> {
  readonly #folder: string | undefined;

  /** @param folder where servers note down what the DNS updaters know; without it they tell them nothing */
  constructor(options: PairOptions<Dhcp4Text>, folder?: string) {
    super(4, LEASE_FILE, new VirtualTime(), options);
    this.#folder = folder;
  }

  protected async open(which: Which, reply: (payload: Uint8Array) => void): Promise<Process<TestServer4>> {
    const machine = this.machines[which];
    const { config, random } = this.options;
    const interfaces = [{ ...ETH0, addresses: [parseIpv4(ADDRESSES[which])!] }];
    const folder = this.#folder;
    let names: PairNames | undefined;
    const openNames = (of: NamedServer4, store: Memfile4) => {
      if (folder !== undefined) names = new PairNames(of, store, join(folder, machine.name), machine.updater);
      return names?.sender ?? noNames;
    };
    const server = await TestServer4.start(config, { machine, interfaces, random, openNames });
    server.transport.onSent = ({ payload }) => reply(payload);
    return new Process(server, names);
  }

  protected tools(config: Dhcp4Text) {
    return parameterTools(parseText4(config), 4);
  }

  /** A message of a client, at once. */
  deliver(which: Which, datagram: MemoryDatagram): void {
    this.run(which, (server) => void server.serve(datagram));
  }
}
