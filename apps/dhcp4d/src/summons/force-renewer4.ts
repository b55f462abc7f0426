/** RFC 3203: calls clients with FORCERENEW, by the way that their leases remember, until they come. */
import type { Ipv4 } from "@kotare/core/ip/ipv4";
import type { Lease4 } from "@kotare/core/leases/model/lease4";
import { type Reach4, reach4Of } from "@kotare/core/leases/user-context/reach4";
import type { Logger } from "@kotare/core/log/logger";
import type { ServedInterface } from "@kotare/core/server/interfaces/served-interfaces";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { Companion, Doors } from "@kotare/core/server/server-family";
import type { Refusal, Summoner } from "@kotare/core/summons/summoner";
import { Summons } from "@kotare/core/summons/summons";
import type { Service4 } from "../path/service4.ts";
import { summons4 } from "../report/messages4.ts";
import { encodeForcerenew, encodeSignedForcerenew } from "./encode-forcerenew4.ts";
import { clientOf } from "./force-renew-terms4.ts";

const NOBODY: readonly string[] = [];

/** What it has to know of the configuration. */
type Known = Pick<Service4, "own" | "authentication" | "scope">;

export class ForceRenewer4 implements Companion<unknown, Service4, Ipv4>, Summoner<Lease4> {
  readonly #log: Logger;
  readonly #ports: Ports;
  readonly #onSent: () => void;
  readonly #summons = new Summons();
  readonly #ending = new AbortController();
  #doors: Pick<Doors<Ipv4>, "served" | "newSendBatch"> | undefined;
  #service: Known | undefined;

  /** @param onSent called for each message that has left */
  constructor(log: Logger, ports: Ports, onSent: () => void) {
    this.#log = log;
    this.#ports = ports;
    this.#onSent = onSent;
  }

  open(doors: Pick<Doors<Ipv4>, "served" | "newSendBatch">): void {
    this.#doors = doors;
  }

  update(): void {}

  configure(_: unknown, service: Known): void {
    this.#service = service;
  }

  async stop(): Promise<void> {
    this.#ending.abort();
    this.#summons.stop();
  }

  get ending(): AbortSignal {
    return this.#ending.signal;
  }

  /** Whether no client is waited for. */
  get isEmpty(): boolean {
    return this.#summons.isEmpty;
  }

  /** @param address that a client has been acknowledged */
  heard(address: Ipv4): void {
    this.#summons.heard(String(address));
  }

  classesOf({ userContext }: Lease4): readonly string[] {
    return reach4Of(userContext)?.classes ?? NOBODY;
  }

  call(lease: Lease4): Refusal | undefined {
    const reach = reach4Of(lease.userContext);
    const { own, authentication } = this.#service ?? {};
    if (reach === undefined || own === undefined) return "no-secret";
    const link = this.#doors?.served(reach.dev);
    if (reach.key === undefined) {
      if (authentication?.choose(lease) === undefined) return "no-secret";
      if (link !== undefined && !this.#isOurs(reach.server, link)) return "other-server";
    } else if (reach.key !== own.secrets.id) return "other-server";
    if (link === undefined) return "unreachable";
    const { address } = lease;
    this.#summons.call(String(address), {
      send: () => this.#send(lease, reach),
      onUnheard: () => this.#log.log(summons4.DHCP4_FORCERENEW_UNHEARD, { address }),
    });
    return undefined;
  }

  /** Whether the client knows us by this server identifier. */
  #isOurs(server: Ipv4, { addresses }: ServedInterface<Ipv4>): boolean {
    return addresses.includes(server) || this.#service?.scope.serverIds.has(server) === true;
  }

  #send(lease: Lease4, reach: Reach4): void {
    const { address, hwaddr } = lease;
    const { own, authentication } = this.#service ?? {};
    const link = this.#doors?.served(reach.dev);
    // What is away may be back the next time.
    if (own === undefined || link === undefined) return;
    const { xid, server } = reach;
    const called = { address, hwaddr, xid, server };
    const key = reach.key === undefined ? authentication?.choose(lease) : undefined;
    const message =
      key === undefined
        ? encodeForcerenew(called, own.secrets.of(clientOf(lease)), own.replay.next())
        : encodeSignedForcerenew(called, key, own.replay.next());
    const batch = this.#doors?.newSendBatch();
    if (batch === undefined) return;
    const { buffer, offset } = batch.reserve(message.length);
    buffer.set(message, offset);
    batch.add(message.length, this.#destination(address, reach, link));
    const [failure] = batch.send();
    if (failure !== undefined) {
      this.#log.log(summons4.DHCP4_FORCERENEW_FAILED, { address, error: failure.code });
      return;
    }
    this.#onSent();
    this.#log.log(summons4.DHCP4_FORCERENEW_SENT, { address, interface: reach.dev });
  }

  #destination(address: Ipv4, { server, mac }: Reach4, { index, addresses }: ServedInterface<Ipv4>) {
    const source = addresses.includes(server) ? server : (addresses[0] ?? 0);
    return { ifindex: index, source, address, port: this.#ports.client, mac };
  }
}
