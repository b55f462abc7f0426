/** What goes to the DNS updater and comes back, from when it is configured until that changes. */
import { randomInt } from "node:crypto";
import type { Milliseconds, Seconds } from "../base/clock.ts";
import { DecodeError } from "../base/decode-error.ts";
import type { DhcpDdnsConfig } from "../config/dhcp4-config.ts";
import type { Lease } from "../leases/model/lease.ts";
import type { LeaseBatch } from "../leases/model/lease-store.ts";
import { keyOfRemoval, owedRemovals } from "../leases/user-context/owed-removals.ts";
import type { Logger } from "../log/logger.ts";
import { decodeConfirmation, encodeRequests, formatRequest } from "../ncr/ncr-datagram.ts";
import { type Due, type DueNames, type Flight, owesUnsent } from "./due-names.ts";
import type { DdnsMessages } from "./messages.ts";
import { nameRequest } from "./name-request.ts";
import type { NamedFamily, RulesOf } from "./named-family.ts";
import { NamesInFlight } from "./names-in-flight.ts";
import { isSameName, nameKey } from "./published-name.ts";
import { RequestWindow } from "./request-window.ts";
import { mostBytesTo, openUpdateChannel, type UpdateChannel } from "./update-channel.ts";

const TICK: Milliseconds = 100;
/** Numbers that JSON carries exactly, with room for a long life. */
const FIRST_NUMBERS = 2 ** 40;

export interface UpdateSessionParts<L extends Lease, Batch extends LeaseBatch<L>> {
  readonly family: NamedFamily<L, Batch>;
  /** Of the lease clock. */
  readonly now: () => Seconds;
  readonly monotonic: () => Milliseconds;
  readonly log: Logger;
  readonly messages: DdnsMessages;
  readonly openChannel?: typeof openUpdateChannel;
}

export interface UpdateSessionEvents<L extends Lease> {
  /** A removal has been confirmed. Who is told lands the request when that stands in its lease. */
  onRemoved(flight: Flight<L>): void;
  /** Requests are done with, and there is much room again. */
  onRoom(): void;
  /** It has been found out whether the updater confirms. */
  onConfirms(): void;
}

/** What is sent at once. */
interface Round {
  /** Names that must wait, and nobody may be told of before them. */
  readonly blocked: Set<string>;
  readonly now: Seconds;
}

export class UpdateSession<L extends Lease, Batch extends LeaseBatch<L>> {
  /** Whether something waits for what is in flight. */
  isHeld = false;
  readonly #parts: UpdateSessionParts<L, Batch>;
  readonly #events: UpdateSessionEvents<L>;
  readonly #due: DueNames<L>;
  readonly #rulesOf: RulesOf<L>;
  readonly #names = new NamesInFlight();
  readonly #channel: UpdateChannel;
  readonly #window: RequestWindow<Flight<L>>;
  #ticker: NodeJS.Timeout | undefined;

  /** @param confirms whether the updater is known to confirm */
  constructor(
    parts: UpdateSessionParts<L, Batch>,
    settings: DhcpDdnsConfig,
    confirms: boolean | undefined,
    due: DueNames<L>,
    rulesOf: RulesOf<L>,
    events: UpdateSessionEvents<L>,
  ) {
    this.#parts = parts;
    this.#events = events;
    this.#due = due;
    this.#rulesOf = rulesOf;
    const { openChannel = openUpdateChannel } = parts;
    const to = {
      address: settings["server-ip"],
      port: settings["server-port"],
      senderAddress: settings["sender-ip"],
      senderPort: settings["sender-port"],
    };
    this.#channel = openChannel(to, {
      onDatagram: (bytes) => this.#receive(bytes),
      onRefusal: (error) => this.#refused(error),
    });
    const most = mostBytesTo(to.address);
    const send = (requests: readonly string[]) => {
      for (const datagram of encodeRequests(requests, most)) this.#channel.send(datagram);
    };
    this.#window = new RequestWindow(send, parts.monotonic, randomInt(FIRST_NUMBERS), confirms);
  }

  /** `undefined` where nobody knows. */
  get confirms(): boolean | undefined {
    return this.#window.confirms;
  }

  /** What is on its way is forgotten. */
  close(): void {
    clearInterval(this.#ticker);
    this.#channel[Symbol.dispose]();
  }

  /** Sends what there is room for in the window. */
  tell(): void {
    const round: Round = { blocked: new Set(), now: this.#parts.now() };
    for (const due of this.#due) {
      if (this.#window.isFull) break;
      this.#tellOf(due, round);
    }
    this.isHeld = this.#window.isFull || round.blocked.size > 0;
    this.#window.flush();
    if (!this.#window.isEmpty) this.#ticker ??= setInterval(() => this.#tick(), TICK).unref();
  }

  #tellOf(due: Due<L>, round: Round): void {
    for (const removal of owedRemovals(due.lease.userContext).removals) {
      const key = keyOfRemoval(removal);
      if (due.removing.includes(key)) continue;
      const { fqdn } = removal;
      const name = nameKey(fqdn);
      if (this.#mustWait(due, name, round)) return;
      due.removing = [...due.removing, key];
      due.adding = undefined;
      this.#send(round, { due, lease: due.lease, removal, fqdn, name });
    }
    const { lease, adding, added: fqdn } = due;
    if (fqdn === undefined) return;
    if (adding !== undefined && isSameName(adding, lease, this.#parts.family.identify)) return;
    const name = nameKey(fqdn);
    if (this.#mustWait(due, name, round)) return;
    due.adding = lease;
    this.#send(round, { due, lease, removal: undefined, fqdn, name });
  }

  /** What may be sent again must not overtake: one at a time for an address and for a name. */
  #mustWait(due: Due<L>, name: string, { blocked }: Round): boolean {
    const isBusy = due.adding !== undefined || due.removing.length > 0 || this.#names.has(name);
    if (isBusy && this.#window.confirms !== false) blocked.add(name);
    return blocked.has(name) || this.#window.isFull;
  }

  #send({ now }: Round, flight: Flight<L>): void {
    this.#names.add(flight.name);
    const { family, log, messages } = this.#parts;
    const request = nameRequest(family, this.#rulesOf(flight.lease), flight, this.#window.nextNumber);
    if (log.isEnabled(messages.DHCP_DDNS_NCR_SENT)) {
      log.log(messages.DHCP_DDNS_NCR_SENT, { change: request.change, name: request.fqdn, address: request.address });
    }
    this.#window.open(flight, formatRequest(request, now));
  }

  #receive(bytes: Uint8Array): void {
    try {
      const before = this.#window.confirms;
      this.#done(this.#window.confirm(decodeConfirmation(bytes)));
      if (this.#window.confirms !== before) this.#events.onConfirms();
    } catch (error) {
      if (!(error instanceof DecodeError)) throw error;
      this.#parts.log.log(this.#parts.messages.DHCP_DDNS_BAD_CONFIRMATION, { error: error.message });
    }
  }

  #refused(error: Error): void {
    if (!this.#window.refuse()) return;
    this.#parts.log.log(this.#parts.messages.DHCP_DDNS_UPDATER_AWAY, { error: error.message });
  }

  #tick(): void {
    const wasUnknown = this.#window.confirms === undefined;
    this.#done(this.#window.tick());
    if (wasUnknown && this.#window.confirms === false) {
      this.#parts.log.log(this.#parts.messages.DHCP_DDNS_NOT_CONFIRMED);
    }
    if (!this.#window.isEmpty) return;
    clearInterval(this.#ticker);
    this.#ticker = undefined;
  }

  #done(flights: readonly Flight<L>[]): void {
    if (flights.length === 0) return;
    const added = flights.filter((flight) => flight.removal === undefined);
    for (const flight of flights) if (flight.removal !== undefined) this.#events.onRemoved(flight);
    this.land(added);
  }

  /** Nothing more is to be done for these requests. */
  land(flights: readonly Flight<L>[]): void {
    for (const flight of flights) this.#landOne(flight);
    if (this.#window.isRoomy) this.#events.onRoom();
  }

  #landOne({ due, lease, removal, name }: Flight<L>): void {
    this.#names.remove(name);
    if (removal !== undefined) {
      const key = keyOfRemoval(removal);
      due.removing = due.removing.filter((each) => each !== key);
    } else if (due.adding === lease) {
      due.adding = undefined;
      // One that has ended meanwhile and come again is to lose its name first, and get it anew.
      if (!owesUnsent(due) && isSameName(lease, due.lease, this.#parts.family.identify)) due.added = undefined;
    }
    this.#due.settle(due);
  }
}
