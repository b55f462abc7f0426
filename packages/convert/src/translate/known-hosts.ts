/** In dhcpd a host with an address is known in every subnet; in Kea only where its reservation is, so it gets a second one. */
import { type Clause, keywordOf } from "../dhcpd/clause.ts";
import { is } from "../dhcpd/token.ts";
import type { Model, Scope } from "./model.ts";

/** The class of hosts that have an address somewhere: where a whole subnet is for known clients, dhcpd does not mean them. */
export const PLACED = "host with an address";

/** Whether hosts with an address may need a reservation for all subnets, too. */
export function needsTwins(model: Model): boolean {
  const { networks, subnets, hosts } = model;
  const all = [...subnets, ...networks.flatMap((network) => network.subnets)];
  const arePlaced = hosts.some(({ statements }) => statements.some((clause) => /^fixed-/.test(keywordOf(clause))));
  // Where a network has several subnets, Kea learns the classes of a reservation late unless it is for all.
  const isWide = networks.some((network) => network.subnets.length > 1);
  return arePlaced && all.length > 1 && (isWide || areKnownTold(model));
}

/** Whether pools or conditions tell known clients from others. */
export function areKnownTold({ networks, subnets, hosts, classes, globals }: Model): boolean {
  const all = [...subnets, ...networks.flatMap((network) => network.subnets)];
  const pools = [...networks, ...all].flatMap((each) => each.pools);
  const inConditions = (scopes: readonly Scope[]) => scopes.some(({ statements }) => asksIfKnown(statements));
  return (
    pools.some(({ statements }) => statements.some(isPermit)) ||
    asksIfKnown(globals) ||
    inConditions([...networks, ...all, ...pools, ...hosts, ...classes])
  );
}

function isPermit({ head }: Clause): boolean {
  return /^(allow|deny)$/i.test(head[0]?.text ?? "") && /^(un)?known(-clients)?$/i.test(head[1]?.text ?? "");
}

function asksIfKnown(clauses: readonly Clause[]): boolean {
  return clauses.some((clause) => {
    const isCondition = /^(if|elsif|else|match|switch|set)$/.test(keywordOf(clause));
    return (isCondition && clause.head.some((token) => is(token, "known"))) || asksIfKnown(clause.block ?? []);
  });
}
