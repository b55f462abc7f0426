/** For which of Kea's hook points a script is called when something has come about, and with which environment. */
import type { Answer, Event, Exchange, Lease, LeaseChange, Query } from "@kotare/extension";
import { LeaseState } from "../../leases/model/lease.ts";
import type { ShownQuery } from "../parameter-tools.ts";
import { type Environment, withPrefix } from "./environment.ts";
import { leaseVariables, listVariables } from "./lease-variables.ts";
import { queryVariables4, type ScriptSubject4 } from "./query-variables4.ts";
import { iaVariables, queryVariables6, type ScriptSubject6 } from "./query-variables6.ts";

export interface ScriptCall {
  /** The script's one argument. */
  readonly point: string;
  readonly environment: Environment;
}

export function callsFor(event: Event, family: 4 | 6): readonly ScriptCall[] {
  switch (event.kind) {
    case "exchange":
      return exchangeCalls(event, family);
    case "expired":
      return [expireCall(event, family)];
    case "recovered":
      return [expireCall(event, family), leaseCall("recover", family, event.lease)];
    default:
      return [];
  }
}

function leaseCall(what: string, family: 4 | 6, lease: Lease, environment: Environment = {}): ScriptCall {
  const leases = leaseVariables(`LEASE${family}`, family, lease);
  return { point: `lease${family}_${what}`, environment: { ...environment, ...leases } };
}

function expireCall(
  { lease, isRemoved }: Extract<Event, { kind: "expired" | "recovered" }>,
  family: 4 | 6,
): ScriptCall {
  return leaseCall("expire", family, lease, { REMOVE_LEASE: String(isRemoved) });
}

/** What is said of each lease that a message is about, by the message's type. */
const POINTS: Readonly<Record<string, string | undefined>> = {
  DHCPREQUEST: "renew",
  DHCPRELEASE: "release",
  DHCPDECLINE: "decline",
  RENEW: "renew",
  REBIND: "rebind",
  RELEASE: "release",
  DECLINE: "decline",
};

/** Messages that are about leases, whatever comes of them. An offer is none yet. */
const COMMITTED = new Set(["DHCPACK", "", "REPLY", "ADDR-REG-REPLY"]);
const NOT_COMMITTED = new Set(["DHCPINFORM", "CONFIRM", "INFORMATION-REQUEST"]);

function exchangeCalls({ query, answer, changes }: Exchange, family: 4 | 6): readonly ScriptCall[] {
  if (!COMMITTED.has(answer.type) || NOT_COMMITTED.has(query.type)) return [];
  const asked = queryVariables(query);
  const what = POINTS[query.type];
  const isEnd = what === "release" || what === "decline";
  const calls: ScriptCall[] = [];
  for (const change of changes) {
    if (answer.type === "ADDR-REG-REPLY") calls.push(registerCall(asked, change));
    const lease = what === undefined ? undefined : leaseOf(change, isEnd);
    if (lease === undefined) continue;
    const more = isEnd ? {} : ofRenewal(query, answer, lease);
    calls.push(leaseCall(what!, family, lease, { ...asked, ...more }));
  }
  const committed = committedLeases(changes);
  const lists = {
    ...listVariables(`LEASES${family}`, family, committed.given),
    ...listVariables(`DELETED_LEASES${family}`, family, committed.deleted),
  };
  calls.push({ point: `leases${family}_committed`, environment: { ...asked, ...lists } });
  return calls;
}

/** RFC 9686: an address that its host has chosen itself. */
function registerCall(asked: Environment, { lease, before }: LeaseChange): ScriptCall {
  return {
    point: "addr6_register",
    environment: {
      ...asked,
      ADDRESS6: lease["ip-address"],
      ...(before && leaseVariables("OLD_LEASE6", 6, before)),
      ...leaseVariables("NEW_LEASE6", 6, lease),
    },
  };
}

function queryVariables(query: Query): Environment {
  return query.family === 4
    ? queryVariables4((query as ShownQuery<ScriptSubject4>).subject)
    : queryVariables6((query as ShownQuery<ScriptSubject6>).subject);
}

/** The lease that a renewal makes longer, or that is given back or declined. */
function leaseOf({ kind, lease, before }: LeaseChange, isEnd: boolean): Lease | undefined {
  if (kind === "rely") return lease;
  if (kind === "remove" || before === undefined) return undefined;
  return isEnd ? before : lease;
}

function ofRenewal(query: Query, answer: Answer, lease: Lease): Environment {
  if (query.family === 6) return iaVariables((query as ShownQuery<ScriptSubject6>).subject, lease.type, lease.iaid);
  const [prefix, length] = (answer.subnet ?? "").split("/");
  return {
    ...withPrefix("SUBNET4", { ID: answer.subnetId, NAME: answer.subnet, PREFIX: prefix, PREFIX_LEN: length }),
    ...withPrefix("PKT4", {
      CLIENT_ID:
        query.clientId === undefined
          ? ""
          : Buffer.from(query.clientId)
              .toString("hex")
              .replace(/..(?=.)/g, "$&:"),
      HWADDR: query.mac,
      HWADDR_TYPE: 1,
    }),
  };
}

/** As Kea counts them: what was given back is deleted, and what was declined is not. */
function committedLeases(changes: readonly LeaseChange[]) {
  const given: Lease[] = [];
  const deleted: Lease[] = [];
  for (const { kind, lease, before } of changes) {
    if (kind === "remove") deleted.push(lease);
    else if (kind === "put" && lease.state === LeaseState.reclaimed) deleted.push(released(before ?? lease));
    else if (kind === "put") given.push(lease);
  }
  return { given, deleted };
}

/** Kea's number for a lease that was given back, which we do not have. */
const RELEASED = 3;

function released(lease: Lease): Lease {
  const preferred = lease["preferred-lft"] === undefined ? {} : { "preferred-lft": 0 };
  return { ...lease, ...preferred, "valid-lft": 0, state: RELEASED };
}
