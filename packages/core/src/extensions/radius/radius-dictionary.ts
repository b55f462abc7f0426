/** Names of RADIUS attributes, their types, and names of values: those of the RFCs, and what a file adds to them. */
import { readSmallFile } from "../../base/regular-file.ts";

export type RadiusType = "string" | "integer" | "ipaddr" | "ipv6addr" | "ipv6prefix";

export interface DictionaryEntry {
  readonly name: string;
  readonly type: number;
  readonly form: RadiusType;
  /** Names of numbers. */
  readonly values: ReadonlyMap<string, number>;
}

export const Radius = {
  userName: 1,
  nasIpAddress: 4,
  nasPort: 5,
  framedIpAddress: 8,
  replyMessage: 18,
  class: 25,
  callingStationId: 31,
  acctStatusType: 40,
  acctDelayTime: 41,
  acctSessionId: 44,
  framedPool: 88,
  nasIpv6Address: 95,
  framedIpv6Pool: 100,
  delegatedIpv6Prefix: 123,
  framedIpv6Address: 168,
} as const;

/** RFC 2865, 2866, 2869, 3162, 4372, 4675, 4818 and 6911; without a type they are strings. */
const NAMES = `
  1 User-Name, 2 User-Password, 3 CHAP-Password, 4 NAS-IP-Address ipaddr, 5 NAS-Port integer, 6 Service-Type integer,
  7 Framed-Protocol integer, 8 Framed-IP-Address ipaddr, 9 Framed-IP-Netmask ipaddr, 10 Framed-Routing integer,
  11 Filter-Id, 12 Framed-MTU integer, 13 Framed-Compression integer, 14 Login-IP-Host ipaddr, 15 Login-Service integer,
  16 Login-TCP-Port integer, 18 Reply-Message, 19 Callback-Number, 20 Callback-Id, 22 Framed-Route,
  23 Framed-IPX-Network ipaddr, 24 State, 25 Class, 26 Vendor-Specific, 27 Session-Timeout integer,
  28 Idle-Timeout integer, 29 Termination-Action integer, 30 Called-Station-Id, 31 Calling-Station-Id,
  32 NAS-Identifier, 33 Proxy-State, 34 Login-LAT-Service, 35 Login-LAT-Node, 36 Login-LAT-Group,
  37 Framed-AppleTalk-Link integer, 38 Framed-AppleTalk-Network integer, 39 Framed-AppleTalk-Zone,
  40 Acct-Status-Type integer, 41 Acct-Delay-Time integer, 42 Acct-Input-Octets integer, 43 Acct-Output-Octets integer,
  44 Acct-Session-Id, 45 Acct-Authentic integer, 46 Acct-Session-Time integer, 47 Acct-Input-Packets integer,
  48 Acct-Output-Packets integer, 49 Acct-Terminate-Cause integer, 50 Acct-Multi-Session-Id, 51 Acct-Link-Count integer,
  52 Acct-Input-Gigawords integer, 53 Acct-Output-Gigawords integer, 55 Event-Timestamp integer, 56 Egress-VLANID,
  57 Ingress-Filters integer, 58 Egress-VLAN-Name, 59 User-Priority-Table, 60 CHAP-Challenge, 61 NAS-Port-Type integer,
  62 Port-Limit integer, 63 Login-LAT-Port, 64 Tunnel-Type, 65 Tunnel-Medium-Type integer, 66 Tunnel-Client-Endpoint,
  67 Tunnel-Server-Endpoint, 68 Acct-Tunnel-Connection, 69 Tunnel-Password, 70 ARAP-Password, 71 ARAP-Features,
  72 ARAP-Zone-Access integer, 73 ARAP-Security integer, 74 ARAP-Security-Data, 75 Password-Retry integer,
  76 Prompt integer, 77 Connect-Info, 78 Configuration-Token, 79 EAP-Message, 80 Message-Authenticator,
  81 Tunnel-Private-Group-ID, 82 Tunnel-Assignment-ID, 83 Tunnel-Preference, 84 ARAP-Challenge-Response,
  85 Acct-Interim-Interval integer, 86 Acct-Tunnel-Packets-Lost integer, 87 NAS-Port-Id, 88 Framed-Pool,
  89 Chargeable-User-Identity, 90 Tunnel-Client-Auth-ID, 91 Tunnel-Server-Auth-ID, 92 NAS-Filter-Rule,
  94 Originating-Line-Info, 95 NAS-IPv6-Address ipv6addr, 96 Framed-Interface-Id, 97 Framed-IPv6-Prefix ipv6prefix,
  98 Login-IPv6-Host ipv6addr, 99 Framed-IPv6-Route, 100 Framed-IPv6-Pool, 101 Error-Cause integer, 102 EAP-Key-Name,
  123 Delegated-IPv6-Prefix ipv6prefix, 168 Framed-IPv6-Address ipv6addr, 169 DNS-Server-IPv6-Address ipv6addr,
  170 Route-IPv6-Information ipv6prefix`;

/** As people write them who have known RADIUS for long. */
const ALIASES: Readonly<Record<string, string>> = { Password: "User-Password" };

const FORMS: Readonly<Record<string, RadiusType>> = {
  string: "string",
  integer: "integer",
  date: "integer",
  ipaddr: "ipaddr",
  ipv6addr: "ipv6addr",
  ipv6prefix: "ipv6prefix",
};

/** Bytes of a file. */
const MOST = 1024 * 1024;

export class RadiusDictionary {
  readonly #byName = new Map<string, DictionaryEntry & { readonly values: Map<string, number> }>();

  constructor() {
    for (const entry of NAMES.split(",")) {
      const [type, name, form = "string"] = entry.trim().split(" ");
      this.#add(name!, Number(type), FORMS[form]!);
    }
  }

  /** @throws Error when it cannot be read, or has a line that is none of a dictionary */
  readFile(path: string): void {
    const lines = readSmallFile(path, MOST).toString("utf8").split("\n");
    for (const [i, line] of lines.entries()) {
      const words = line.replace(/#.*/, "").trim().split(/\s+/);
      if (words[0] !== "" && !this.#take(words))
        throw new Error(`${path}:${i + 1}: is no line of a dictionary: ${line}`);
    }
  }

  find({ name, type }: { readonly name?: string | undefined; readonly type?: number | undefined }) {
    if (name !== undefined) return this.#byName.get(ALIASES[name] ?? name);
    for (const entry of this.#byName.values()) if (entry.type === type) return entry;
    return undefined;
  }

  #take([kind, ...words]: readonly string[]): boolean {
    const [name, second, third] = words as [string, string, string];
    if (words.length !== 3) return false;
    if (kind === "ATTRIBUTE") {
      const [type, form] = [Number(second), FORMS[third]];
      if (!Number.isInteger(type) || form === undefined) return false;
      // Numbers beyond a byte are what servers of RADIUS have for themselves.
      if (type > 0 && type < 256) this.#add(name, type, form);
      return true;
    }
    if (kind !== "VALUE" || !/^\d+$/.test(third)) return false;
    this.#byName.get(name)?.values.set(second, Number(third));
    return true;
  }

  #add(name: string, type: number, form: RadiusType): void {
    this.#byName.set(name, { name, type, form, values: this.#byName.get(name)?.values ?? new Map() });
  }
}
