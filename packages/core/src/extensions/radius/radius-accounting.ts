/** Reports leases to RADIUS as sessions: they begin, go on, and end (RFC 2866). */
import type { Event, Lease } from "@kotare/extension";
import { parseHex } from "../../base/hex.ts";
import { LeaseState } from "../../leases/model/lease.ts";
import { callingStation, nasAddress, nasPort, textAttribute } from "./radius-attributes.ts";
import { Radius } from "./radius-dictionary.ts";
import { encodeAccountingRequest, type RadiusAttribute } from "./radius-packet.ts";
import type { RadiusParameters } from "./radius-parameters.ts";
import type { RadiusService } from "./radius-service.ts";
import { userNameOf } from "./radius-user.ts";
import { encodeInteger, encodeValue } from "./radius-value.ts";
import type { SessionHistory } from "./session-history.ts";

/** RFC 2866 §5.1. */
const Status = { start: 1, stop: 2, interimUpdate: 3 } as const;
type Status = (typeof Status)[keyof typeof Status];

interface Report {
  /** `undefined` where that depends on whether the session is known. */
  readonly status: Status | undefined;
  readonly lease: Lease;
}

export class RadiusAccounting {
  readonly #parameters: RadiusParameters;
  readonly #family: 4 | 6;
  readonly #service: RadiusService;
  /** What the access service wants to be told again of a client, by its name and port. */
  readonly #classesOf: (userName: string, port: RadiusAttribute) => readonly Uint8Array[];
  readonly #history: SessionHistory;
  /** Of each address, when its last report was made: the next one waits for it. */
  readonly #last = new Map<string, Promise<void>>();

  constructor(
    parameters: RadiusParameters,
    family: 4 | 6,
    service: RadiusService,
    history: SessionHistory,
    classesOf: (userName: string, port: RadiusAttribute) => readonly Uint8Array[],
  ) {
    this.#parameters = parameters;
    this.#family = family;
    this.#service = service;
    this.#history = history;
    this.#classesOf = classesOf;
  }

  async observe(events: readonly Event[]): Promise<void> {
    const { "peer-updates": reportsPeers } = this.#parameters.accounting;
    await Promise.all(events.flatMap((event) => reportsOf(event, reportsPeers).map((report) => this.#inTurn(report))));
  }

  #inTurn(report: Report): Promise<void> {
    const address = report.lease["ip-address"];
    const now = Date.now();
    const done = (this.#last.get(address) ?? Promise.resolve()).then(() => this.#report(report, now));
    this.#last.set(address, done);
    return done.finally(() => {
      if (this.#last.get(address) === done) this.#last.delete(address);
    });
  }

  async #report({ status: wanted, lease }: Report, now: number): Promise<void> {
    const address = lease["ip-address"];
    const known = this.#history.get(address);
    const status = wanted ?? (known === undefined ? Status.start : Status.interimUpdate);
    // Of one that goes on, nothing is known where we have been started since.
    const begun = (status === Status.start ? undefined : known) ?? formatTime(now);
    if (status === Status.stop) this.#history.end(address);
    else this.#history.begin(address, begun);
    const attributes = this.#attributesOf(status, lease, `${address}@${begun}`);
    if (attributes === undefined) return;
    await this.#service.ask((identifier, _, { secret }, local) => {
      const delay = { type: Radius.acctDelayTime, value: encodeInteger(Math.floor((Date.now() - now) / 1000)) };
      return encodeAccountingRequest(identifier, [...attributes, delay, nasAddress(local)], secret);
    });
  }

  /** In Kea's order, and named as Kea does here, whatever the access service is asked by. @returns `undefined` for a client without a name */
  #attributesOf(status: Status, lease: Lease, session: string): readonly RadiusAttribute[] | undefined {
    const parameters = this.#parameters;
    const mac = lease["hw-address"] ?? "";
    const clientId = parseHex(lease["client-id"] ?? lease.duid ?? "");
    const bytes = clientId?.length === 0 ? undefined : clientId;
    const known = { mac, clientId: bytes, flexId: undefined, circuitId: undefined };
    const type = `identifier-type${this.#family}` as const;
    const rules = { ...parameters, [type]: bytes === undefined ? "hw-address" : "client-id" };
    const name = userNameOf(known, this.#family, rules);
    if (name === undefined) return undefined;
    const port = nasPort(lease["subnet-id"], parameters);
    // What a lease does not say, the client is not found by.
    const asked = userNameOf(known, this.#family, parameters) ?? name;
    return [
      textAttribute(Radius.userName, name),
      ...callingStation(mac, rules, this.#family),
      leaseAttribute(lease),
      textAttribute(Radius.acctSessionId, session),
      { type: Radius.acctStatusType, value: encodeInteger(status) },
      ...this.#classesOf(asked, port).map((value) => ({ type: Radius.class, value })),
      port,
    ];
  }
}

/** @param reportsPeers whether what another server has told of its clients is reported here, too */
function reportsOf(event: Event, reportsPeers: boolean): readonly Report[] {
  switch (event.kind) {
    case "exchange":
      return event.changes.flatMap(({ kind, lease, before }): Report[] => {
        if (kind === "rely") return [];
        if (kind === "put" && lease.state === LeaseState.assigned) {
          return [{ status: before?.state === LeaseState.assigned ? Status.interimUpdate : Status.start, lease }];
        }
        const ended = before ?? lease;
        return ended.state === LeaseState.assigned ? [{ status: Status.stop, lease: ended }] : [];
      });
    case "expired":
      return event.lease.state === LeaseState.assigned ? [{ status: Status.stop, lease: event.lease }] : [];
    case "removed":
    case "written": {
      const { lease, from } = event;
      // What is fetched has been reported by the server that has given it.
      if (lease.state !== LeaseState.assigned || from === "fetched" || (from === "told" && !reportsPeers)) return [];
      return [{ status: event.kind === "removed" ? Status.stop : undefined, lease }];
    }
    default:
      return [];
  }
}

function addressOf({ "ip-address": address, "prefix-len": length, type }: Lease): string {
  return type === "IA_PD" ? `${address}/${length}` : address;
}

function leaseAttribute(lease: Lease): RadiusAttribute {
  const address = addressOf(lease);
  const [type, form] =
    lease.type === undefined
      ? ([Radius.framedIpAddress, "ipaddr"] as const)
      : lease.type === "IA_PD"
        ? ([Radius.delegatedIpv6Prefix, "ipv6prefix"] as const)
        : ([Radius.framedIpv6Address, "ipv6addr"] as const);
  return { type, value: encodeValue(address, { form, values: new Map() })! };
}

/** As in Kea: seconds, and milliseconds with three digits. */
function formatTime(time: number): string {
  return (time / 1000).toFixed(3);
}
