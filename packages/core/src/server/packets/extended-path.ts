/** The steps of a packet's way with what extensions contribute to them. Where they contribute nothing, the steps as they are. */
import type { Event, Identity, Query } from "@kotare/extension";
import { checkIdentity } from "../../extensions/check-identity.ts";
import { commitEvents } from "../../extensions/commit-events.ts";
import { loadFacts } from "../../extensions/load-facts.ts";
import { overEvent } from "../../extensions/observer.ts";
import { askerOf, PacketFacts } from "../../extensions/packet-facts.ts";
import type { Extensions } from "../../extensions/start-extensions.ts";
import { PacketEvent } from "./packet-event.ts";
import type { Attempted, Drop, PacketPath, PathTypes, Unsafe } from "./packet-path.ts";
import { shaped } from "./shaped-decision.ts";

export function extendPath<T extends PathTypes>(path: PacketPath<T>, extensions: Extensions): PacketPath<T> {
  const contributing = (what: "identify" | "turnsAway" | "admit" | "shape" | "facts" | "draw" | "commit") =>
    extensions.filter(({ contributions }) => contributions[what] !== undefined);
  const [identifying, admitting, shaping] = [contributing("identify"), contributing("admit"), contributing("shape")];
  const [asking, drawing, committing] = [contributing("facts"), contributing("draw"), contributing("commit")];
  const turning = contributing("turnsAway");
  const observing = extensions.filter(({ observer }) => observer.wants("exchange", "expired", "recovered"));
  let extended = path;
  if (identifying.length > 0) extended = { ...extended, place: identified(path, identifying) };
  if (turning.length > 0) extended = { ...extended, turnsAway: turnedAway(path, turning) };
  if (admitting.length > 0) extended = { ...extended, place: admitted(extended, admitting) };
  if (shaping.length > 0) extended = { ...extended, decide: shaped(path, shaping) };
  if (committing.length > 0) extended = { ...extended, commit: committed(path, committing) };
  if (committing.some(({ contributions }) => contributions.commitsElsewhere === true)) {
    extended = { ...extended, commitsElsewhere: true };
  }
  if (observing.some(({ contributions }) => contributions.timesPackets === true)) {
    extended = { ...extended, now: () => performance.now() };
  }
  if (observing.length > 0) extended = { ...extended, observe: observed(extended, observing) };
  if (asking.length > 0 || drawing.length > 0) extended = { ...extended, newFacts: () => new PacketFacts() };
  if (asking.length > 0) extended = { ...extended, load: (packets) => loadFacts(asking, packets) };
  return extended;
}

function identified<T extends PathTypes>({ place, drop, shown }: PacketPath<T>, extensions: Extensions): typeof place {
  return (message, ingress, facts) => {
    const { service, known } = facts;
    const subnetId = () => {
      const placed = place(message, ingress, facts);
      return isDrop(placed) ? undefined : shown.query(placed, service).subnetId;
    };
    const identity = identify(extensions, shown.message(message, ingress, service, subnetId), known);
    if (identity.drop !== undefined) return drop("extension-drop", identity.drop);
    return place(message, ingress, facts, identity);
  };
}

function turnedAway<T extends PathTypes>(
  { glance, nameType }: PacketPath<T>,
  extensions: Extensions,
): NonNullable<PacketPath<T>["turnsAway"]> {
  return (datagram) => {
    const type = glance(datagram);
    if (type === undefined) return undefined;
    const name = nameType(type);
    for (const extension of extensions) {
      if (extension.call("turnsAway", () => extension.contributions.turnsAway?.(name)) === true) return type;
    }
    return undefined;
  };
}

const NOTHING: Identity = {};

/** What they say together, until one of them drops it; of what there can be one of, the first one's word counts. */
function identify(extensions: Extensions, query: Query, known: PacketFacts | undefined): Identity {
  let together = NOTHING;
  for (const extension of extensions) {
    const before = together;
    const identity = extension.call("identify", () => {
      const { contributions } = extension;
      return checkIdentity(contributions.identify?.(query, askerOf(extension, known), before) ?? NOTHING, query.family);
    });
    if (identity.drop !== undefined) return { drop: `extension ${extension.name}: ${identity.drop}` };
    if (before === NOTHING) {
      together = identity;
      continue;
    }
    const classes = [...(before.classes ?? []), ...(identity.classes ?? [])];
    together = { ...identity, ...before, classes };
  }
  return together;
}

function isDrop(placed: object): placed is Drop {
  return "kind" in placed && placed.kind === "drop";
}

function admitted<T extends PathTypes>(
  { place, drop, shown }: PacketPath<T>,
  extensions: Extensions,
): PacketPath<T>["place"] {
  return (message, ingress, facts, identity) => {
    const { view, hosts, service, known } = facts;
    const before = view.missed + hosts.missed;
    const placed = place(message, ingress, facts, identity);
    // It is going to be placed again.
    if (isDrop(placed) || view.missed + hosts.missed > before || known?.lacks) return placed;
    const seen = shown.query(placed, service);
    for (const extension of extensions) {
      const refusal = extension.call("admit", () => extension.contributions.admit?.(seen, askerOf(extension, known)));
      if (refusal !== undefined) return drop("extension-drop", `extension ${extension.name}: ${refusal}`);
    }
    return placed;
  };
}

function committed<T extends PathTypes>(
  { shown, drop }: PacketPath<T>,
  extensions: Extensions,
): NonNullable<PacketPath<T>["commit"]> {
  return (answered, stored) => {
    const attempts = new Map<PacketEvent<T>, Attempted<T>>();
    for (const attempt of answered) {
      const event = PacketEvent.of(attempt, shown);
      if (event.changes.length > 0) attempts.set(event, attempt);
    }
    if (attempts.size === 0) return undefined;
    const events = [...attempts.keys()];
    const end = () => {
      for (const event of events) event.end();
    };
    const ask = async (): Promise<Unsafe<T>> => {
      const storedEvents = stored.then((those) => events.filter((event) => those.includes(attempts.get(event)!)));
      const refusals = await commitEvents(extensions, events, storedEvents);
      end();
      const unsafe = events.flatMap((event): [Attempted<T>, T["drop"] | Error][] => {
        const refusal = refusals.get(event);
        if (refusal === undefined) return [];
        return [[attempts.get(event)!, typeof refusal === "string" ? drop("extension-drop", refusal) : refusal]];
      });
      return new Map(unsafe);
    };
    return { attempts: [...attempts.values()], unsafe: ask(), end };
  };
}

function observed<T extends PathTypes>(
  { shown, now }: PacketPath<T>,
  extensions: Extensions,
): NonNullable<PacketPath<T>["observe"]> {
  return (answered) => {
    const left = now?.();
    // The memory of a packet, and of its reply, is used again before it is told.
    const events = answered.flatMap((attempt): Event[] => {
      const event = PacketEvent.of(attempt, shown, left);
      return [...event.over.map((lease) => overEvent(lease, false)), event.keep()];
    });
    for (const { observer } of extensions) observer.add(events);
  };
}
