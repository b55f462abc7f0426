/** What a server of a pair tells the DNS, until it is killed. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { ddnsMessages } from "@kotare/core/ddns/messages";
import { NameSender } from "@kotare/core/ddns/name-sender";
import { namedFamily4, nameRulesOf4 } from "@kotare/core/ddns/named-family4";
import type { TestUpdater } from "@kotare/core/ddns/testing/test-updater";
import type { Memfile4 } from "@kotare/core/leases/file/memfile4";
import type { LeaseBatch4 } from "@kotare/core/leases/model/lease-store4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import type { NamedServer4 } from "./test-server4-options.ts";

export class PairNames {
  readonly sender: NameSender<Lease4, LeaseBatch4>;
  readonly #markFile: string;
  #isDead = false;

  /** @param markFile where it is noted down what the updater knows */
  constructor(server: NamedServer4, store: Memfile4, markFile: string, updater: TestUpdater) {
    this.#markFile = markFile;
    this.sender = new NameSender({
      family: namedFamily4(store),
      store,
      now: () => server.leaseClock.wall(),
      monotonic: () => server.leaseClock.monotonic(),
      markFile,
      log: server.log,
      messages: ddnsMessages,
      openChannel: (settings, events) => {
        const channel = updater.openChannel(settings, events);
        return { ...channel, send: (datagram) => (this.#isDead ? undefined : channel.send(datagram)) };
      },
    });
    this.sender.askKeeper((lease) => server.keeperOf(lease));
    // The server's configuration is read after this.
    queueMicrotask(() => {
      const { config, scope } = server.pipeline.service;
      this.sender.configure(config["dhcp-ddns"], nameRulesOf4(scope));
    });
  }

  /** Its last word to the disk has been said. */
  die(): void {
    this.#isDead = true;
    const mark = readMark(this.#markFile);
    void this.sender.stop();
    if (mark === undefined) rmSync(this.#markFile, { force: true });
    else writeFileSync(this.#markFile, mark);
  }
}

function readMark(path: string): Buffer | undefined {
  try {
    return readFileSync(path);
  } catch {
    return undefined;
  }
}
