/** Kea's keys for TLS with a database, and what they are to Node. */
import { readTlsFiles, type TlsFiles, type TlsMaterial } from "../base/tls-files.ts";
import type { Dhcp4Config } from "../config/dhcp4-config.ts";

/** Files are read for each connection: they may have changed. */
export interface TlsSettings extends TlsFiles {
  readonly ciphers: string | undefined;
  /** Whether the server must show a certificate of the trust anchor's, and whether for its name. */
  readonly verify: "nothing" | "certificate" | "name";
}

type TlsKeys = Pick<
  Dhcp4Config["lease-database"] | Dhcp4Config["hosts-databases"][number],
  "ssl-mode" | "trust-anchor" | "cert-file" | "key-file" | "cipher-list"
>;

/** As Kea has it, any of the files asks for TLS, and so do ciphers. */
export function tlsSettings(config: TlsKeys): TlsSettings | undefined {
  const mode = config["ssl-mode"];
  const isAsked = (["trust-anchor", "cert-file", "key-file", "cipher-list"] as const).some(
    (key) => config[key] !== undefined,
  );
  if (mode === "disable" || (mode === undefined && !isAsked) || mode === "prefer") return undefined;
  const isVerified = mode === undefined || mode === "verify-ca";
  return {
    trustAnchor: config["trust-anchor"],
    certificate: config["cert-file"],
    key: config["key-file"],
    ciphers: config["cipher-list"],
    verify: mode === "verify-full" ? "name" : isVerified ? "certificate" : "nothing",
  };
}

/** Of `tls.connect`. */
interface NodeTlsOptions extends TlsMaterial {
  rejectUnauthorized: boolean;
  ciphers?: string;
}

/** @throws Error with the key of what cannot be read */
export function nodeTlsOptions(tls: TlsSettings): NodeTlsOptions {
  const { ciphers, verify } = tls;
  return { rejectUnauthorized: verify !== "nothing", ...readTlsFiles(tls), ...(ciphers !== undefined && { ciphers }) };
}
