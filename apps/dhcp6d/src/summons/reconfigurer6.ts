/** RFC 8415 §18.3.11: calls clients with RECONFIGURE, by the way that their leases remember, until they come. */
import { latin1 } from "@kotare/core/base/bytes";
import type { Ipv6Key } from "@kotare/core/ip/ipv6-key";
import type { Lease6 } from "@kotare/core/leases/model/lease6";
import { type Reach6, reach6Of } from "@kotare/core/leases/user-context/reach6";
import type { Logger } from "@kotare/core/log/logger";
import type { ServedInterface } from "@kotare/core/server/interfaces/served-interfaces";
import type { Ports } from "@kotare/core/server/interfaces/sockets";
import type { Companion, Doors } from "@kotare/core/server/server-family";
import type { Refusal, Summoner } from "@kotare/core/summons/summoner";
import { Summons } from "@kotare/core/summons/summons";
import type { Service6 } from "../path/service6.ts";
import { summons6 } from "../report/messages6.ts";
import { encodeReconfigure, type ReconfigureType, wrapForRelays } from "./encode-reconfigure6.ts";

/** More than the longest message takes in as many relays as there may be. */
const LIMIT = 8192;
const NOBODY: readonly string[] = [];

/** A client that is called, and how. */
interface Call {
  readonly duid: Uint8Array;
  readonly reach: Reach6;
  readonly type: ReconfigureType;
}

export class Reconfigurer6 implements Companion<unknown, Service6, Ipv6Key>, Summoner<Lease6> {
  readonly #log: Logger;
  readonly #ports: Ports;
  readonly #onSent: () => void;
  readonly #summons = new Summons();
  readonly #ending = new AbortController();
  #doors: Pick<Doors<Ipv6Key>, "served" | "newSendBatch"> | undefined;
  #service: Pick<Service6, "own" | "serverDuid"> | undefined;

  /** @param onSent called for each message that has left */
  constructor(log: Logger, ports: Ports, onSent: () => void) {
    this.#log = log;
    this.#ports = ports;
    this.#onSent = onSent;
  }

  open(doors: Pick<Doors<Ipv6Key>, "served" | "newSendBatch">): void {
    this.#doors = doors;
  }

  update(): void {}

  configure(_: unknown, service: Pick<Service6, "own" | "serverDuid">): void {
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

  heard(duid: Uint8Array): void {
    this.#summons.heard(latin1(duid));
  }

  classesOf({ userContext }: Lease6): readonly string[] {
    return reach6Of(userContext)?.classes ?? NOBODY;
  }

  call({ duid, userContext }: Lease6, type: string): Refusal | undefined {
    const reach = reach6Of(userContext);
    const own = this.#service?.own;
    if (reach === undefined || own === undefined) return "no-secret";
    if (reach.key !== own.secrets.id) return "other-server";
    if (this.#doors?.served(reach.dev) === undefined) return "unreachable";
    const call = { duid, reach, type: type as ReconfigureType };
    this.#summons.call(latin1(duid), {
      send: () => this.#send(call),
      onUnheard: () => this.#log.log(summons6.DHCP6_RECONFIGURE_UNHEARD, { duid }),
    });
    return undefined;
  }

  #send({ duid, reach, type }: Call): void {
    const { own, serverDuid } = this.#service ?? {};
    const link = this.#doors?.served(reach.dev);
    const batch = this.#doors?.newSendBatch();
    // What is away may be back the next time.
    if (own === undefined || serverDuid === undefined || link === undefined || batch === undefined) {
      batch?.discard();
      return;
    }
    const ids = { clientId: duid, serverId: serverDuid };
    const message = encodeReconfigure(ids, type, own.secrets.of(duid), own.replay.next());
    const { buffer, offset } = batch.reserve(LIMIT);
    const length = wrapForRelays(message, reach.relays, buffer, offset, LIMIT);
    if (length === undefined) {
      batch.discard();
      return;
    }
    batch.add(length, this.#destination(reach, link));
    const [failure] = batch.send();
    if (failure !== undefined) {
      this.#log.log(summons6.DHCP6_RECONFIGURE_FAILED, { duid, error: failure.code });
      return;
    }
    this.#onSent();
    this.#log.log(summons6.DHCP6_RECONFIGURE_SENT, { duid, destination: reach.via, interface: reach.dev });
  }

  #destination({ via: address, port, relays }: Reach6, { index, addresses }: ServedInterface<Ipv6Key>) {
    const { client, server } = this.#ports;
    const usual = relays.length === 0 ? client : server;
    return { ifindex: index, source: addresses[0]!, address, port: port ?? usual, mac: undefined };
  }
}
