/** The server's place on the wire, and the network that it serves. */
import { linkLocal } from "../../wire/ipv6-text.ts";

const MAC = "02:00:00:00:00:01";

export const SERVER = {
  address: "2001:db8::1",
  linkLocal: linkLocal(MAC),
  mac: MAC,
  prefix: "2001:db8::1/64",
  /** DUID-EN (RFC 8415 §11.3). */
  duid: Uint8Array.of(0, 2, 0, 0, 0x7e, 0xd9, 1, 2, 3, 4),
};

/** Makes the server call itself `SERVER.duid`. */
export const SERVER_ID = { type: "EN", "enterprise-id": 0x7ed9, identifier: "01020304", persist: false };

/** A network with options worth comparing; most scenes change one thing of it. */
export const LAN = {
  id: 1,
  subnet: "2001:db8::/64",
  interface: "eth0",
  pools: [{ pool: "2001:db8::10 - 2001:db8::fff" }],
  "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 48, "delegated-len": 56 }],
  "option-data": [
    { name: "dns-servers", data: "2001:db8::53, 2001:db8::54" },
    { name: "domain-search", data: "example.org, lab.example.org" },
    { name: "sntp-servers", data: "2001:db8::123" },
  ],
};
