/** What a checked configuration of the DNS updater is: plain frozen data with all defaults, under Kea's own names. */
import type { z } from "zod";
import type { Frozen } from "./frozen.ts";
import type { DdnsDomain, DhcpDdnsFile, TSIG_ALGORITHMS, TsigKey } from "./schema/dhcp-ddns.ts";

/** The map inside `DhcpDdns`. */
export type DhcpDdnsConfig = Frozen<z.output<typeof DhcpDdnsFile>["DhcpDdns"]>;
export type DdnsDomainConfig = Frozen<z.output<typeof DdnsDomain>>;
export type TsigKeyConfig = Frozen<z.output<typeof TsigKey>>;
export type TsigAlgorithm = (typeof TSIG_ALGORITHMS)[number];
