/** What is wrong with the parameters of pairs beyond their types: as Kea has it, and what would never work. */
import type { Peer, Relationship } from "./relationship-schema.ts";

/** Where, from the map that is looked at, and what. */
export type Fault = readonly [path: readonly (string | number)[], message: string];

export function* faultsOf(given: Relationship): Generator<Fault> {
  yield* faultsOfRoles(given);
  const { peers, mode, "this-server-name": own } = given;
  const names = peers.map(({ name }) => name);
  if (!names.includes(own)) yield [["this-server-name"], `is none of the peers: ${names.join(", ")}`];
  for (const [i, peer] of peers.entries()) {
    if (names.indexOf(peer.name) < i) yield [["peers", i, "name"], "is the name of another peer, too"];
    for (const [path, message] of faultsOfPeer({ ...given, ...peer })) yield [["peers", i, ...path], message];
  }
  if (given["wait-backup-ack"] && mode !== "passive-backup") yield [["wait-backup-ack"], "is for passive-backup"];
  if (mode === "hot-standby" && (given["delayed-updates-limit"] ?? 0) > 0) {
    yield [["delayed-updates-limit"], "is for load-balancing"];
  }
  if (given["heartbeat-delay"] === 0 && mode !== "passive-backup") {
    yield [["heartbeat-delay"], "of 0 would have the servers wait for each other for ever"];
  }
  const states = given["state-machine"]?.states.map(({ state }) => state) ?? [];
  for (const [i, state] of states.entries()) {
    if (states.indexOf(state) < i) yield [["state-machine", "states", i, "state"], "is told before"];
  }
}

const PARTNER = { "hot-standby": "standby", "load-balancing": "secondary", "passive-backup": undefined } as const;

function* faultsOfRoles({ peers, mode }: Relationship): Generator<Fault> {
  const count = (role: string) => peers.filter((peer) => peer.role === role).length;
  if (count("primary") !== 1) yield [["peers"], "have to have one primary"];
  for (const role of ["standby", "secondary"] as const) {
    const isPartner = role === PARTNER[mode];
    if (isPartner && count(role) !== 1) yield [["peers"], `have to have one ${role}, for ${mode}`];
    if (!isPartner && count(role) > 0) yield [["peers"], `have a ${role}, which there is none of in ${mode}`];
  }
}

const TLS = ["trust-anchor", "cert-file", "key-file"] as const;

/** @param peer with what its relationship says for it */
function* faultsOfPeer(peer: Omit<Peer, "comment" | "user-context">): Generator<Fault> {
  const given = TLS.filter((key) => peer[key]);
  const [lacking] = TLS.filter((key) => !peer[key]);
  if (given.length > 0 && lacking !== undefined) yield [[], `lacks ${lacking}: TLS takes all of ${TLS.join(", ")}`];
  if (given.length === 0 && peer.url.protocol === "https:")
    yield [["url"], `is for TLS, which takes ${TLS.join(", ")}`];
  for (const what of ["user", "password"] as const) {
    if (peer[`basic-auth-${what}`] !== undefined && peer[`basic-auth-${what}-file`] !== undefined) {
      yield [[`basic-auth-${what}-file`], `is one too many: there is a basic-auth-${what}`];
    }
  }
  if (peer["basic-auth-user"]?.includes(":")) yield [["basic-auth-user"], "must not have a colon"];
}

/** Of several relationships: one server, the hub, has a partner for each group of its subnets. */
export function* faultsOfAll(relationships: readonly Relationship[]): Generator<Fault> {
  if (relationships.length < 2) return;
  const names = relationships.map(({ peers }) => peers.map(({ name }) => name));
  for (const [i, { mode, peers }] of relationships.entries()) {
    if (mode !== "hot-standby") yield [[i, "mode"], "is not for a server with several relationships: hot-standby is"];
    const before = new Set(names.slice(0, i).flat());
    for (const [at, peer] of peers.entries()) {
      if (contradicts(peer, relationships.slice(0, i))) {
        yield [
          [i, "peers", at],
          "asks for another login or other files of TLS than the relationship before at this url",
        ];
      }
    }
    for (const [at, { name }] of peers.entries()) {
      if (before.has(name)) yield [[i, "peers", at, "name"], "is the name of a peer of another relationship, too"];
    }
  }
}

/** Of the listener that relationships share, all have to say the same. */
const SHARED = [
  "basic-auth-user",
  "basic-auth-password",
  "basic-auth-user-file",
  "basic-auth-password-file",
  ...TLS,
] as const;

/** Whether a peer has the url of another one, and says other things of it. */
function contradicts(peer: Peer, before: readonly Relationship[]): boolean {
  const others = before.flatMap(({ peers }) => peers).filter(({ url }) => url.href === peer.url.href);
  return others.some((other) => SHARED.some((key) => other[key] !== peer[key]));
}
