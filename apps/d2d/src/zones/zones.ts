/** The zones that are updated, and which of them a name is in. */

import { nameKey } from "@kotare/core/config/ddns/name-key";
import type { DdnsDomainConfig, DhcpDdnsConfig } from "@kotare/core/config/dhcp-ddns-config";
import { type HmacCrypto, kotareDdns } from "@kotare/core/config/kotare-ddns";
import { formatLabels, parseLabels } from "@kotare/core/wire/domain-name";
import type { ServerAddress } from "../dns/exchange.ts";
import { forgeHmac } from "../tsig/forge-hmac.ts";
import type { HmacBackEnd } from "../tsig/hmac.ts";
import { opensslHmac } from "../tsig/openssl-hmac.ts";
import { loadTsigKey, type TsigKey } from "../tsig/tsig-key.ts";

export interface DnsServer extends ServerAddress {
  readonly key: TsigKey | undefined;
}

export interface Zone {
  /** RFC 1035 §5.1 text that ends in a dot. */
  readonly name: string;
  /** In the order in which they are tried; at least one. */
  readonly servers: readonly DnsServer[];
}

/** With the dot behind it. */
const FIRST_LABEL = /^(?:\\.|[^.\\])*\./;

export class ZoneTable {
  readonly #zones: ReadonlyMap<string, Zone>;

  constructor(zones: readonly Zone[]) {
    this.#zones = new Map(zones.map((zone) => [zone.name.toLowerCase(), zone]));
  }

  get size(): number {
    return this.#zones.size;
  }

  /** The zone whose name is the longest end of `name`. */
  find(name: string): Zone | undefined {
    for (let rest = name.toLowerCase(); rest !== ""; ) {
      const zone = this.#zones.get(rest);
      if (zone !== undefined) return zone;
      rest = rest.slice(FIRST_LABEL.exec(rest)?.[0].length ?? rest.length);
    }
    return this.#zones.get(".");
  }
}

export interface Zones {
  readonly forward: ZoneTable;
  readonly reverse: ZoneTable;
  /** Names of all keys. */
  readonly keys: readonly string[];
}

const BACK_ENDS: Readonly<Record<HmacCrypto, HmacBackEnd>> = {
  openssl: opensslHmac,
  forge: forgeHmac,
};

/** @throws when the secret of a key cannot be read */
export function compileZones(config: DhcpDdnsConfig): Zones {
  const backEnd = BACK_ENDS[kotareDdns(config).crypto];
  const keys = new Map(config["tsig-keys"].map((key) => [nameKey(key.name), loadTsigKey(key, backEnd)]));
  const table = (domains: readonly DdnsDomainConfig[]) => new ZoneTable(domains.map((domain) => compile(domain, keys)));
  return {
    forward: table(config["forward-ddns"]["ddns-domains"]),
    reverse: table(config["reverse-ddns"]["ddns-domains"]),
    keys: config["tsig-keys"].map(({ name }) => name),
  };
}

function compile(domain: DdnsDomainConfig, keys: ReadonlyMap<string, TsigKey>): Zone {
  return {
    name: formatLabels(parseLabels(domain.name)),
    servers: domain["dns-servers"].map((server) => ({
      address: server["ip-address"],
      port: server.port,
      key: keys.get(nameKey(server["key-name"] || domain["key-name"])),
    })),
  };
}
