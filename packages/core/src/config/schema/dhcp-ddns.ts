/** The whole of the DNS updater's configuration: `{ "DhcpDdns": { … } }`. */
import { z } from "zod";
import { controlSockets } from "./control-sockets.ts";
import { choice, count, milliseconds, port, remarks, schemaKey, seconds, text, unfilled } from "./field.ts";
import { HooksLibrary } from "./global.ts";
import { asKea, isEmpty } from "./kea-form.ts";
import { kotareServices, remarksWith } from "./kotare.ts";
import { loggers } from "./loggers.ts";
import { renamed } from "./renamed.ts";

const DnsServer = z
  .strictObject({
    "ip-address": text("Where it listens."),
    port: port("The port it listens on.").min(1).default(53),
    hostname: text("Kea: its name instead of an address. Neither Kea nor we support it.").default(""),
    "key-name": asKea(text("The key for this server; empty for the domain's.").default(""), { isSilent: isEmpty }),
    ...remarks,
  })
  .describe("A DNS server that takes updates.");

export const DdnsDomain = z
  .strictObject({
    name: text("The zone."),
    "key-name": asKea(text("The key that updates are signed with; empty for none.").default(""), { isSilent: isEmpty }),
    "dns-servers": z.array(DnsServer).default([]).describe("Servers of the zone, tried in this order."),
    ...remarks,
  })
  .describe("A zone that is updated.");

const domains = (doc: string) =>
  z.strictObject({ "ddns-domains": z.array(DdnsDomain).default([]).describe("The zones."), ...remarks }).describe(doc);

export const TSIG_ALGORITHMS = [
  "HMAC-MD5",
  "HMAC-SHA1",
  "HMAC-SHA224",
  "HMAC-SHA256",
  "HMAC-SHA384",
  "HMAC-SHA512",
] as const;

export const TsigKey = z
  .strictObject({
    name: text("The key's name, as the DNS servers know it."),
    algorithm: z
      .string()
      .toUpperCase()
      .pipe(z.enum(TSIG_ALGORITHMS))
      .describe("How messages are signed; HMAC-SHA256 is the usual one."),
    "digest-bits": count("To how many bits signatures are cut; 0 means that they are not.").default(0),
    secret: text("The secret in base 64.").optional(),
    "secret-file": text("A file that holds the secret in base 64.").optional(),
    ...remarks,
  })
  .describe("A secret shared with DNS servers (RFC 8945).");

/** Days: longer than anybody leaves a DNS server broken. */
const GIVE_UP_AFTER = 7 * 86_400;

/** Three days: longer than a weekend. */
const SET_ASIDE_AFTER = 3 * 86_400;
/** Of keys that are not filled in. */
export const KOTARE_DDNS_DEFAULTS = {
  crypto: "openssl",
  "queue-file": "kotare-ddns-queue",
  "max-queue-size": 200_000,
  "give-up-after": GIVE_UP_AFTER,
  "set-aside-after": SET_ASIDE_AFTER,
} as const;

/** Under `user-context`, where Kea accepts anything. */
const KotareDdns = z
  .strictObject({
    crypto: unfilled(
      choice("What computes signatures: the OpenSSL of Node.js, or node-forge, which is written in JavaScript.", [
        "openssl",
        "forge",
      ]),
      KOTARE_DDNS_DEFAULTS.crypto,
    ),
    "queue-file": unfilled(
      text("Where requests are kept until they are carried out; a relative path is in the data directory.").min(1),
      KOTARE_DDNS_DEFAULTS["queue-file"],
    ),
    "max-queue-size": unfilled(
      count("How many requests may wait, at 512 bytes each on average. More are not accepted until there is room.", {
        min: 1,
      }),
      KOTARE_DDNS_DEFAULTS["max-queue-size"],
    ),
    "give-up-after": unfilled(
      seconds("After which time an addition that fails is given up; 0 means never. Removals are never given up."),
      KOTARE_DDNS_DEFAULTS["give-up-after"],
    ),
    "set-aside-after": unfilled(
      seconds(
        "After which time a request that DNS servers refuse, addition or removal, is taken out of the queue and put " +
          "into a file beside it; 0 means never. When the queue is full, refused requests are taken out first.",
      ),
      KOTARE_DDNS_DEFAULTS["set-aside-after"],
    ),
    ...kotareServices,
  })
  .describe("Settings that Kea does not have.");

const DhcpDdns = renamed(
  z.strictObject({
    "ip-address": text("Where requests come in.").default("127.0.0.1"),
    port: port("The port on which requests come in.").min(1).default(53001),
    "dns-server-timeout": milliseconds("How long a DNS server may take to answer.").min(1).default(500),
    "ncr-protocol": choice("The transport of requests.", ["UDP", "TCP"]).default("UDP"),
    "ncr-format": choice("The format of requests.", ["JSON"]).default("JSON"),
    "forward-ddns": domains("Zones with names.").prefault({}),
    "reverse-ddns": domains("Zones with addresses, inside in-addr.arpa and ip6.arpa.").prefault({}),
    "tsig-keys": z.array(TsigKey).default([]).describe("Secrets shared with DNS servers."),
    ...controlSockets("kea-dhcp-ddns-server"),
    "hooks-libraries": z.array(HooksLibrary).default([]).describe("Extensions."),
    ...loggers,
    ...remarksWith(KotareDdns),
  }),
  { "control-socket": "control-sockets" },
  { "control-sockets": [] },
);

/** The file: nothing else may stand beside `DhcpDdns`. */
export const DhcpDdnsFile = z.strictObject({ DhcpDdns: DhcpDdns.describe("The DNS updater."), ...schemaKey });
