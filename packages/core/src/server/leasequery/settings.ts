/** What the configuration says of leasequery by TCP. */
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import { leaseQueryParameters } from "../../extensions/lease-query/lease-query-parameters.ts";
import type { RequesterRules } from "./requester.ts";
import type { QueryTls } from "./tls-upgrade.ts";

export type LeasequeryConfig = Pick<Dhcp4Config, "hooks-libraries" | "user-context">;

export interface LeasequerySettings {
  readonly address: string;
  readonly port: number;
  readonly requesters: readonly string[];
  readonly maxConnections: number;
  readonly pageSize: number;
  /** Whether leases are found by the ids of relays. */
  readonly hasRelayIds: boolean;
  readonly rules: RequesterRules;
  /** So many leases that were removed are remembered; `undefined` where no changes are told. */
  readonly history: number | undefined;
  /** Codes of options that nobody is told. */
  readonly withheld: ReadonlySet<number>;
  readonly tls: QueryTls | undefined;
}

/** @returns `undefined` where no connections are taken */
export function leasequerySettings(config: LeasequeryConfig, family: 4 | 6): LeasequerySettings | undefined {
  const parameters = leaseQueryParameters(config, family);
  const advanced = parameters?.advanced;
  if (parameters === undefined || advanced?.["bulk-query-enabled"] !== true) return undefined;
  const active = config["user-context"]?.kotare?.["active-leasequery"];
  const tls =
    active?.["cert-file"] === undefined
      ? undefined
      : {
          trustAnchor: active["trust-anchor"],
          certificate: active["cert-file"],
          key: active["key-file"],
          isCertRequired: active["cert-required"],
        };
  return {
    address: advanced["lease-query-ip"],
    port: advanced["lease-query-tcp-port"],
    requesters: parameters.requesters,
    maxConnections: advanced["max-requester-connections"],
    pageSize: advanced["max-leases-per-fetch"],
    hasRelayIds: advanced["extended-info-tables-enabled"] ?? true,
    rules: {
      maxQueries: advanced["max-concurrent-queries"],
      idleTime: advanced["max-requester-idle-time"],
      active: active === undefined ? "no" : active.insecure ? "insecure" : "secure",
      hasTls: tls !== undefined,
    },
    history: active?.["max-removed-leases"],
    withheld: new Set(active?.["withheld-options"]),
    tls,
  };
}
