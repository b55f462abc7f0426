/** Where a client may be served, and what is reserved for it there. */
import { formatHex } from "../../base/hex.ts";
import type { Section } from "../../control/explanation.ts";
import { nameSubnet } from "./subnet-trace.ts";

interface Place {
  readonly subnet: {
    readonly id: number;
    readonly text: string;
    readonly network: { readonly name: string } | undefined;
  };
  readonly host: { readonly identifierType: string; readonly identifier: Uint8Array } | undefined;
}

/** @param looked how the subnet was looked for, where somebody looked on */
export function explainSubnet(places: readonly Place[], looked: readonly string[]): Section {
  const [first, ...others] = places;
  const found = first === undefined ? "no subnet is for this client" : `selected: ${nameSubnet(first.subnet)}`;
  return { title: "subnet", lines: [...looked, found, ...describeNetwork(first?.subnet.network, others)] };
}

function describeNetwork(network: { readonly name: string } | undefined, others: readonly Place[]): readonly string[] {
  if (network === undefined) return [];
  const rest = others.map(({ subnet }) => nameSubnet(subnet)).join(", ");
  return [`of shared network ${network.name}; after it: ${rest || "no other subnet for this client"}`];
}

/** @param describe what a reservation gives, in words */
export function explainReservations<P extends Place>(
  places: readonly P[],
  identifiers: readonly string[],
  describe: (host: NonNullable<P["host"]>) => readonly string[],
): Section {
  const lines = places.flatMap(({ subnet, host }) => {
    if (host === undefined) return `${nameSubnet(subnet)}: none`;
    const { identifierType, identifier } = host;
    return [
      `${nameSubnet(subnet)}: by ${identifierType} ${formatHex(identifier)}`,
      ...describe(host as NonNullable<P["host"]>).map((line) => `  ${line}`),
    ];
  });
  if (identifiers.length === 0) return { title: "reservations", lines: ["there are none"] };
  return { title: "reservations", lines: [`looked for by ${identifiers.join(", ")}`, ...lines] };
}
