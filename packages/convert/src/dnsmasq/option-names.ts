/** dnsmasq's names of options. */
import { dhcp4Spaces } from "@kotare/core/dhcp4/options/dhcp4-spaces";
import { dhcp6Spaces } from "@kotare/core/dhcp6/options/dhcp6-spaces";
import { compileEntry } from "@kotare/core/options/compile-entry";
import type { OptionSpaces } from "@kotare/core/options/option-spaces";
import type { Json } from "../translate/parameters.ts";
import { Lost } from "./lines.ts";
import { ntpServerBytes, type OptionValue, readValue, unquoted } from "./option-values.ts";

/** Those that are not Kea's. */
const NAMES = {
  4: {
    router: "routers",
    netmask: "subnet-mask",
    "dns-server": "domain-name-servers",
    "ntp-server": "ntp-servers",
    broadcast: "broadcast-address",
    hostname: "host-name",
    "tftp-server": "tftp-server-name",
    "bootfile-name": "boot-file-name",
    mtu: "interface-mtu",
    "static-route": "static-routes",
    "log-server": "log-servers",
    "nis-server": "nis-servers",
    "netbios-ns": "netbios-name-servers",
    "netbios-nodetype": "netbios-node-type",
    "client-arch": "client-system",
    "vendor-class": "vendor-class-identifier",
    "user-class": "user-class",
    "posix-timezone": "pcode",
    "tzdb-timezone": "tcode",
  },
  6: {
    "dns-server": "dns-servers",
    "sip-server-domain": "sip-server-dns",
    "sip-server": "sip-server-addr",
    "nis-server": "nis-servers",
    "nis+-server": "nisp-servers",
    "nis-domain": "nis-domain-name",
    "nis+-domain": "nisp-domain-name",
    "sntp-server": "sntp-servers",
    "posix-timezone": "new-posix-timezone",
    "tzdb-timezone": "new-tzdb-timezone",
    "client-arch": "client-arch-type",
  },
} as const satisfies Record<4 | 6, Readonly<Record<string, string>>>;

const NTP_SERVERS = 56;

export interface NamedOption {
  readonly code: number;
  readonly name: string;
}

export class OptionNames {
  readonly family: 4 | 6;
  readonly spaces: OptionSpaces;

  constructor(family: 4 | 6) {
    this.family = family;
    this.spaces = family === 4 ? dhcp4Spaces : dhcp6Spaces;
  }

  /** Whether an option of a line is for the other family. */
  isOther(which: string): boolean {
    return which.startsWith("option6:") !== (this.family === 6);
  }

  /** By a number, or by a name behind `option:` or `option6:`; `undefined` for what is of a vendor. */
  readonly byName = (which: string): NamedOption | undefined => {
    const name = which.replace(/^option6?:/, "");
    const space = `dhcp${this.family}` as const;
    const most = this.family === 4 ? 254 : 65_535;
    const names: Readonly<Record<string, string>> = NAMES[this.family];
    const code = /^\d+$/.test(name) ? Number(name) : undefined;
    if (code !== undefined && (code < 1 || code > most)) return undefined;
    if (name.includes(":")) return undefined;
    const known = code === undefined ? this.spaces.byName(space, names[name] ?? name) : this.spaces.byCode(space, code);
    if (known !== undefined) return { code: known.code, name: known.name };
    return code === undefined ? undefined : { code, name: "" };
  };

  /** An entry of `option-data`: as text where Kea's definition takes it, else as the bytes that dnsmasq sends. */
  entry({ code, name }: NamedOption, values: readonly string[]): Json {
    const isNtp = this.family === 6 && code === NTP_SERVERS;
    const bytes = isNtp ? ntpServerBytes(values) : readValue(values).bytes;
    const data = values.map((value) => unquoted(value.replace(/^\[(.*)\]$/, "$1"))).join(", ");
    const forms = [
      ...(name === "" || isNtp ? [] : [{ name, data }]),
      // Kea does not know all of our names.
      { code, "csv-format": false, data: bytes.toString("hex") },
    ];
    const entry = forms.find((each) => !("fault" in compileEntry(each, 0, this.spaces)));
    if (entry === undefined) throw new Lost("has a value that the option cannot have: write it into option-data");
    return entry;
  }

  /** What is looked for in an option of a client. */
  payloadOf({ code, name }: NamedOption, values: readonly string[]): OptionValue {
    const value = readValue(values);
    if (value.kind !== "number" || name === "") return value;
    const compiled = compileEntry({ code, data: values.join(",") }, 0, this.spaces);
    if ("fault" in compiled || compiled.entry.data === undefined) return value;
    return { kind: "number", bytes: Buffer.from(compiled.entry.data) };
  }
}
