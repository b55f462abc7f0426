/** Lease files of any size, as Kea would have left them. */
import { closeSync, mkdirSync, openSync, writeSync } from "node:fs";
import { formatIpv4 } from "@kotare/core/ip/ipv4";
import { leaseFile } from "../subject/server.ts";

const HEADER =
  "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname,state,user_context,pool_id\n";
const LIFETIME = 86_400;
const ROWS_A_WRITE = 10_000;

function mac(number: number): string {
  const hex = number.toString(16).padStart(8, "0");
  return `06:00:${hex.replace(/..(?=.)/g, "$&:")}`;
}

/** Writes leases of these addresses, each to a client of its own, all good for a day. */
export function writeLeases(folder: string, subnetId: number, addresses: Iterable<number>): void {
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const file = openSync(leaseFile({ folder }), "w", 0o640);
  const expire = Math.floor(Date.now() / 1000) + LIFETIME;
  let text = HEADER;
  let rows = 0;
  for (const address of addresses) {
    const hwaddr = mac(++rows);
    text += `${formatIpv4(address)},${hwaddr},01:${hwaddr},${LIFETIME},${expire},${subnetId},0,0,host-${rows}.example.org,0,,0\n`;
    if (rows % ROWS_A_WRITE === 0) {
      writeSync(file, text);
      text = "";
    }
  }
  writeSync(file, text);
  closeSync(file);
}

/** `count` addresses from `first` on, `step` apart. */
export function* addressesFrom(first: number, count: number, step = 1): Generator<number> {
  for (let i = 0; i < count; i++) yield first + i * step;
}
