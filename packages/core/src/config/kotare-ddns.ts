/** The DNS updater's settings that Kea does not have, with their defaults. */
import type { DhcpDdnsConfig } from "./dhcp-ddns-config.ts";
import { KOTARE_DDNS_DEFAULTS } from "./schema/dhcp-ddns.ts";

type Kotare = NonNullable<NonNullable<DhcpDdnsConfig["user-context"]>["kotare"]>;

export type HmacCrypto = NonNullable<Kotare["crypto"]>;

/** Times are in seconds. */
export function kotareDdns(config: DhcpDdnsConfig) {
  const given: Kotare = config["user-context"]?.kotare ?? {};
  return {
    crypto: given.crypto ?? KOTARE_DDNS_DEFAULTS.crypto,
    queueFile: given["queue-file"] ?? KOTARE_DDNS_DEFAULTS["queue-file"],
    maxQueueSize: given["max-queue-size"] ?? KOTARE_DDNS_DEFAULTS["max-queue-size"],
    giveUpAfter: given["give-up-after"] ?? KOTARE_DDNS_DEFAULTS["give-up-after"],
    setAsideAfter: given["set-aside-after"] ?? KOTARE_DDNS_DEFAULTS["set-aside-after"],
  };
}
