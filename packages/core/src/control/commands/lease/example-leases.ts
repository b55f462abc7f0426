/** Leases as the reference page shows them. */
import type { Json } from "../../kea-json.ts";

type Family = 4 | 6;

export const exampleLease: Readonly<Record<Family, { readonly [key: string]: Json }>> = {
  4: {
    "client-id": "01:1a:1b:1c:1d:1e:1f",
    cltt: 1799999000,
    "fqdn-fwd": false,
    "fqdn-rev": false,
    hostname: "printer.example.org",
    "hw-address": "1a:1b:1c:1d:1e:1f",
    "ip-address": "192.0.2.17",
    state: 0,
    "subnet-id": 44,
    "valid-lft": 7200,
  },
  6: {
    cltt: 1799999000,
    duid: "00:03:00:01:1a:1b:1c:1d:1e:1f",
    "fqdn-fwd": false,
    "fqdn-rev": false,
    hostname: "printer.example.org",
    iaid: 1,
    "ip-address": "2001:db8:1::17",
    "preferred-lft": 3600,
    state: 0,
    "subnet-id": 66,
    type: "IA_NA",
    "valid-lft": 7200,
  },
};

export const exampleAddress: Readonly<Record<Family, string>> = { 4: "192.0.2.17", 6: "2001:db8:1::17" };
export const exampleSubnet: Readonly<Record<Family, number>> = { 4: 44, 6: 66 };

/** An answer with one lease. */
export function exampleList(family: Family, more: { readonly [key: string]: Json } = {}): Json {
  return {
    arguments: { ...more, leases: [exampleLease[family]] },
    result: 0,
    text: `1 IPv${family} lease(s) found.`,
  };
}
