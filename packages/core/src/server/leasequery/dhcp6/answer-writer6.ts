/** What is told of leases by TCP (RFC 5460 §5, RFC 7653): DHCPv6 messages, framed. */

import { latin1 } from "../../../base/bytes.ts";
import type { Seconds } from "../../../base/clock.ts";
import { MessageType6 } from "../../../dhcp6/message-type6.ts";
import { MessageWriter6 } from "../../../dhcp6/message-writer6.ts";
import type { Message6 } from "../../../dhcp6/message6.ts";
import type { Status6 } from "../../../dhcp6/option-index6.ts";
import { Option6 } from "../../../dhcp6/option6.ts";
import { StatusCode6 } from "../../../dhcp6/status-code6.ts";
import type { Lease6 } from "../../../leases/model/lease6.ts";
import { type AddFrame, collectFrames } from "../frames.ts";
import type { AnswerWriter, FeedStatus, Refusal } from "../queries.ts";
import { type ClientParts, writeClientData } from "./lease-data6.ts";

const REFUSALS: Readonly<Record<Refusal, Status6>> = {
  "not-supported": { code: StatusCode6.NotSupported, text: "Changes are not told here." },
  "not-allowed": {
    code: StatusCode6.NotAllowed,
    text: "It needs a connection of its own, and TLS where that is asked for.",
  },
  terminated: { code: StatusCode6.QueryTerminated, text: "The server tells no more changes." },
};
const UNREADABLE: Status6 = { code: StatusCode6.QueryTerminated, text: "The leases cannot be read." };
const STATUSES: Readonly<Record<Exclude<FeedStatus, "alive">, Status6>> = {
  begun: { code: StatusCode6.Success, text: "" },
  "data-missing": { code: StatusCode6.DataMissing, text: "Changes since then are not all known." },
  "caught-up": { code: StatusCode6.CatchUpComplete, text: "" },
};

interface Terms {
  /** Whether each answer says the time (RFC 7653 §9.3). */
  readonly hasTime: boolean;
  /** RFC 7653 §9.3: codes of options that are not told. */
  readonly withheld: ReadonlySet<number>;
}

export class AnswerWriter6 implements AnswerWriter<Lease6> {
  readonly #query: Message6;
  readonly #serverDuid: Uint8Array;
  readonly #hasTime: boolean;
  readonly #parts: ClientParts;
  #isFirst = true;

  constructor(query: Message6, serverDuid: Uint8Array, { hasTime, withheld }: Terms) {
    this.#query = query;
    this.#serverDuid = serverDuid;
    this.#hasTime = hasTime;
    this.#parts = { hasClientId: !withheld.has(Option6.clientId), hasRelays: !withheld.has(Option6.lqRelayData) };
  }

  /** What a client has goes together, as far as it comes together. */
  leases(leases: readonly Lease6[], now: Seconds): Uint8Array {
    return collectFrames((add) => {
      for (const together of groupByClient(leases)) {
        // What is too long for a message can only be what relays have said.
        if (!this.#tell(add, together, now, this.#parts)) {
          this.#tell(add, together, now, { ...this.#parts, hasRelays: false });
        }
      }
    });
  }

  /** RFC 5460 §6.3: where nothing is told there is one REPLY, and no DONE. */
  done(isWhole: boolean, now: Seconds): Uint8Array {
    const status = isWhole ? undefined : UNREADABLE;
    const type = this.#isFirst ? MessageType6.LEASEQUERY_REPLY : MessageType6.LEASEQUERY_DONE;
    return this.#message(type, (writer) => {
      writeStatus(writer, this.#isFirst ? (status ?? NOTHING_FOUND) : status);
      if (this.#hasTime) writeTime(writer, now);
    });
  }

  refuse(refusal: Refusal, now: Seconds): Uint8Array {
    const type = this.#isFirst ? MessageType6.LEASEQUERY_REPLY : MessageType6.LEASEQUERY_DONE;
    return this.#message(type, (writer) => {
      writeStatus(writer, REFUSALS[refusal]);
      writeTime(writer, now);
    });
  }

  /** RFC 7653: the first message is a REPLY, what follows is DATA, also where there is none. */
  status(status: FeedStatus, now: Seconds): Uint8Array {
    return this.#message(this.#takeType(), (writer) => {
      if (status !== "alive") writeStatus(writer, STATUSES[status]);
      writeTime(writer, now);
    });
  }

  #tell(add: AddFrame, leases: readonly Lease6[], now: Seconds, parts: ClientParts): boolean {
    const isFirst = this.#isFirst;
    const isWritten = addMessage(add, this.#query, this.#serverDuid, this.#takeType(), (writer) => {
      if (isFirst) writeStatus(writer, FOUND);
      writeClientData(writer, leases, now, parts);
      if (this.#hasTime) writeTime(writer, now);
    });
    if (!isWritten) this.#isFirst = isFirst;
    return isWritten;
  }

  #takeType(): MessageType6 {
    const type = this.#isFirst ? MessageType6.LEASEQUERY_REPLY : MessageType6.LEASEQUERY_DATA;
    this.#isFirst = false;
    return type;
  }

  #message(type: MessageType6, writeOptions: (writer: MessageWriter6) => void): Uint8Array {
    return collectFrames((add) => void addMessage(add, this.#query, this.#serverDuid, type, writeOptions));
  }
}

const FOUND: Status6 = { code: StatusCode6.Success, text: "" };
const NOTHING_FOUND: Status6 = { code: StatusCode6.Success, text: "There is no active lease." };

/** RFC 7653 §6.3.1: times on the wire count from the year 2000, and not from 1970 as those of DHCPv4. */
export const EPOCH6: Seconds = Date.UTC(2000, 0, 1) / 1000;

function writeTime(writer: MessageWriter6, now: Seconds): void {
  writer.optionU32(Option6.lqBaseTime, Math.max(0, now - EPOCH6) % 2 ** 32);
}

function groupByClient(leases: readonly Lease6[]): Iterable<readonly Lease6[]> {
  const [first] = leases;
  if (leases.length < 2) return first === undefined ? [] : [leases];
  const groups = new Map<string, Lease6[]>();
  for (const lease of leases) {
    const key = `${lease.subnetId} ${latin1(lease.duid)}`;
    const there = groups.get(key);
    if (there === undefined) groups.set(key, [lease]);
    else there.push(lease);
  }
  for (const group of groups.values()) if (group.length > 1) group.sort((a, b) => b.cltt - a.cltt);
  return groups.values();
}

function writeStatus(writer: MessageWriter6, status: Status6 | undefined): void {
  if (status !== undefined) writer.status(status.code, status.text);
}

/** Its answer to a query that is about no lease, framed. */
export function writeStatus6(
  query: Message6,
  serverDuid: Uint8Array,
  status: Status6 | undefined,
  type: MessageType6 = MessageType6.LEASEQUERY_REPLY,
): Uint8Array {
  return collectFrames((add) => void addMessage(add, query, serverDuid, type, (writer) => writeStatus(writer, status)));
}

/** Both sides are named in a REPLY, and not again (RFC 5460 §5.3). */
function addMessage(
  add: AddFrame,
  query: Message6,
  serverDuid: Uint8Array,
  type: MessageType6,
  writeOptions: (writer: MessageWriter6) => void,
): boolean {
  return add((buffer, start, limit) => {
    const writer = new MessageWriter6(buffer, start, limit).begin(type, query.transactionId);
    if (type === MessageType6.LEASEQUERY_REPLY || type === MessageType6.REPLY) {
      if (query.clientId !== undefined) writer.option(Option6.clientId, query.clientId);
      writer.option(Option6.serverId, serverDuid);
    }
    writeOptions(writer);
    return writer.finish();
  });
}
