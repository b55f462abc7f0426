/**
 * What a request asks of the DNS, as updates one after the other (RFC 4703 §5, and Kea's other modes). Pure: a step and
 * the server's answer give the next one.
 */
import type { NameChangeRequest } from "@kotare/core/ncr/name-change-request";
import { Rcode } from "../dns/response.ts";
import type { RecordClass, RecordType, UpdateRecord } from "../dns/update-message.ts";
import { reverseName } from "./reverse-name.ts";

/** One UPDATE, or a part of one that several requests share. */
export interface Step {
  readonly prerequisites: readonly UpdateRecord[];
  readonly updates: readonly UpdateRecord[];
  /** What follows when it is carried out. */
  readonly then: Next;
  /** What follows when a prerequisite does not hold, by the rcode that says so. */
  readonly unless: Partial<Record<PrerequisiteRcode, Next>>;
  /** What it takes for granted of the name, where it could begin with the opposite. */
  readonly presumes?: Presumption;
}

/** Whether a name is nobody's, or held by the client itself. */
export type Presumption = "free" | "held";

export type Next =
  | { readonly kind: "done" }
  | { readonly kind: "step"; readonly step: () => Step }
  /** Somebody else has the name: for good, as far as this request is concerned. */
  | { readonly kind: "conflict"; readonly why: string };

/** RFC 2136 §3.2: a prerequisite does not hold, and nothing was changed. */
const PREREQUISITE_RCODES = [Rcode.NXDOMAIN, Rcode.YXDOMAIN, Rcode.YXRRSET, Rcode.NXRRSET] as const;
export type PrerequisiteRcode = (typeof PREREQUISITE_RCODES)[number];

export function isPrerequisiteRcode(rcode: number): rcode is PrerequisiteRcode {
  return PREREQUISITE_RCODES.some((each) => each === rcode);
}

const done: Next = { kind: "done" };

/**
 * The first step for the records at the name. What is presumed makes it shorter when it is true, and is of no matter else:
 * either way the other step follows.
 */
export function planForward(request: NameChangeRequest, presumption: Presumption): Step {
  return request.change === "add" ? planAdd(request, presumption) : planRemove(request);
}

/** The first step for the record at the address. */
export function planReverse(request: NameChangeRequest): Step {
  const { conflictResolutionMode: mode, fqdn } = request;
  const at = recordsAt(reverseName(request.address));
  const noted = mode === "no-check-without-dhcid" ? [] : [at.removeAll("DHCID")];
  if (request.change === "remove") {
    // Somebody else may have the address by now.
    return mode === "check-with-dhcid" || mode === "check-exists-with-dhcid"
      ? step([at.has("PTR", fqdn)], [at.removeAll("ANY")], done, gone)
      : step([], [at.removeAll("PTR"), ...noted], done);
  }
  const dhcid = mode === "no-check-without-dhcid" ? [] : [at.add("DHCID", dhcidOf(request), request.ttl)];
  return step([], [at.removeAll("PTR"), ...noted, at.add("PTR", fqdn, request.ttl), ...dhcid], done);
}

/** There is nothing there that would have to go. */
const gone = { [Rcode.NXDOMAIN]: done, [Rcode.NXRRSET]: done, [Rcode.YXRRSET]: done };

function planAdd(request: NameChangeRequest, presumption: Presumption): Step {
  const { conflictResolutionMode: mode, ttl } = request;
  const dhcid = dhcidOf(request);
  const at = recordsAt(request.fqdn);
  const type = addressType(request);
  const address = at.add(type, request.address, ttl);
  const note = at.add("DHCID", dhcid, ttl);
  switch (mode) {
    case "no-check-with-dhcid":
      return step([], [at.removeAll(type), at.removeAll("DHCID"), address, note], done);
    case "no-check-without-dhcid":
      return step([], [at.removeAll(type), address], done);
    case "check-with-dhcid":
    case "check-exists-with-dhcid": {
      const isOurs = mode === "check-with-dhcid";
      const holder = isOurs
        ? "another client, or somebody made it by hand"
        : "no client: it has no DHCID record, so somebody made it by hand";
      const conflict: Next = { kind: "conflict", why: `the name is held by ${holder}` };
      // RFC 4703 §5.3.1: as if nobody had the name …
      const free = (): Step => ({
        ...step([at.isFree()], [address, note], done, { [Rcode.YXDOMAIN]: { kind: "step", step: held } }),
        presumes: "free",
      });
      // … §5.3.2: as if we had it. It may go in between.
      const held = (): Step => {
        const prerequisites = isOurs ? [at.isInUse(), at.has("DHCID", dhcid)] : [at.isInUse(), at.hasAny("DHCID")];
        const updates = isOurs
          ? [at.removeAll(type), address]
          : [at.removeAll(type), at.removeAll("DHCID"), address, note];
        const unless: Step["unless"] = {
          [Rcode.NXDOMAIN]: { kind: "step", step: free },
          [Rcode.NXRRSET]: conflict,
          [Rcode.YXRRSET]: conflict,
        };
        return { ...step(prerequisites, updates, done, unless), presumes: "held" };
      };
      return presumption === "free" ? free() : held();
    }
  }
}

/** RFC 4703 §5.5: the address goes, and the name when it has no other. */
function planRemove(request: NameChangeRequest): Step {
  const { conflictResolutionMode: mode } = request;
  const at = recordsAt(request.fqdn);
  const type = addressType(request);
  if (mode === "no-check-with-dhcid") return step([], [at.removeAll(type), at.removeAll("DHCID")], done);
  if (mode === "no-check-without-dhcid") return step([], [at.removeAll(type)], done);
  const isOurs = mode === "check-with-dhcid";
  const note = isOurs ? at.has("DHCID", dhcidOf(request)) : at.hasAny("DHCID");
  const last = (): Step =>
    step([note, at.hasNone("A"), at.hasNone("AAAA")], [at.removeAll(isOurs ? "ANY" : "DHCID")], done, gone);
  return step([note], [at.remove(type, request.address)], { kind: "step", step: last }, gone);
}

function dhcidOf({ dhcid }: NameChangeRequest): Uint8Array {
  return Buffer.from(dhcid, "hex");
}

function step(
  prerequisites: readonly UpdateRecord[],
  updates: readonly UpdateRecord[],
  then: Next,
  unless: Step["unless"] = {},
): Step {
  return { prerequisites, updates, then, unless };
}

function addressType({ address }: NameChangeRequest): "A" | "AAAA" {
  return address.includes(":") ? "AAAA" : "A";
}

/** Prerequisites (RFC 2136 §2.4) and updates (§2.5) at one name. */
function recordsAt(name: string) {
  const record = (of: RecordClass, type: RecordType, data?: UpdateRecord["data"], ttl = 0): UpdateRecord => {
    return { name, type, class: of, ttl, data };
  };
  return {
    /** §2.4.5 */
    isFree: () => record("NONE", "ANY"),
    /** §2.4.4 */
    isInUse: () => record("ANY", "ANY"),
    /** §2.4.2: this and no other of its type. */
    has: (type: RecordType, data: string | Uint8Array) => record("IN", type, data),
    /** §2.4.1 */
    hasAny: (type: RecordType) => record("ANY", type),
    /** §2.4.3 */
    hasNone: (type: RecordType) => record("NONE", type),
    /** §2.5.1 */
    add: (type: RecordType, data: string | Uint8Array, ttl: number) => record("IN", type, data, ttl),
    /** §2.5.2, §2.5.3 */
    removeAll: (type: RecordType) => record("ANY", type),
    /** §2.5.4 */
    remove: (type: RecordType, data: string) => record("NONE", type, data),
  };
}
