/** Exchanges that change leases. Tests only. */
import type { Exchange, Lease, LeaseChange } from "@kotare/extension";

/** Of the address 192.0.2.`number`. */
export function lease4(number: number, cltt = 1000): Lease {
  return {
    "ip-address": `192.0.2.${number}`,
    "subnet-id": 1,
    "hw-address": `02:00:00:00:00:0${number}`,
    cltt,
    "valid-lft": 100,
    state: 0,
    hostname: "",
    "fqdn-fwd": false,
    "fqdn-rev": false,
  };
}

/** Of the client with that number. */
export function exchange(number: number, ...changes: readonly [LeaseChange["kind"], Lease][]): Exchange {
  const mac = `02:00:00:00:00:0${number}`;
  const query = { family: 4, mac, type: "DHCPREQUEST" } as Exchange["query"];
  return {
    kind: "exchange",
    query,
    answer: { type: "DHCPACK" } as Exchange["answer"],
    reply: undefined,
    changes: changes.map(([kind, lease]) => ({ kind, lease, row: rowOf(kind, lease), before: undefined })),
  };
}

function rowOf(kind: LeaseChange["kind"], { "ip-address": address, "valid-lft": lifetime, cltt }: Lease): string {
  return `${address},${kind === "remove" ? 0 : lifetime},${cltt}\n`;
}
