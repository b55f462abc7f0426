/** A configuration of dnsmasq's DHCPv4 server as one of ours. */
import { dhcp4Spaces } from "@kotare/core/dhcp4/options/dhcp4-spaces";
import { parseIpv4 } from "@kotare/core/ip/ipv4";
import { compileEntry } from "@kotare/core/options/compile-entry";
import { literal } from "../statements/kea-expression.ts";
import { parseNumber, rangeOfPrefix } from "../translate/address-ranges.ts";
import type { Json } from "../translate/parameters.ts";
import { append } from "../translate/write-subnets.ts";
import { type DnsmasqLine, parseTime, readLines, subnetOf } from "./lines.ts";

export interface DnsmasqConversion {
  readonly config: Json;
  readonly findings: readonly string[];
  readonly losses: number;
}

/** Of the name server, of TFTP and of router advertisements. */
const OTHERS = new RegExp(
  `^(${[
    "address|addn-hosts|all-servers|bind-.*|bogus-.*|cache-size|cname|conf-.*|dns-.*|dnssec.*|domain-needed",
    "enable-(ra|tftp)|except-interface|expand-hosts|group|host-record|interface|listen-address|local.*|log-.*|mx-.*",
    "neg-ttl|no-.*|pid-file|port|ptr-record|quiet-.*|ra-param|rebind-.*|resolv-file|server|srv-host|stop-dns-rebind",
    "strict-order|tftp-.*|trust-anchor|txt-record|user",
  ].join("|")})$`,
);

/** What Kea does anyway, or has no need of. */
const UNNEEDED = /^dhcp-(lease-max|sequential-ip|leasefile|no-override)$/;

/** dnsmasq's names of options that are not Kea's. */
const NAMES: Readonly<Record<string, string>> = {
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
};

/** Why a line is lost. */
class Lost extends Error {}

export function convertDnsmasq(text: string, file: string): DnsmasqConversion {
  return new DnsmasqConverter(file).convert(readLines(text));
}

class DnsmasqConverter {
  readonly #file: string;
  readonly #findings: { readonly line: number; readonly text: string }[] = [];
  readonly #subnets: Json[] = [];
  readonly #global: Json = {};
  /** Tests by the names of tags. */
  readonly #tags = new Map<string, string[]>();
  /** By their tests. */
  readonly #classes = new Map<string, Json>();
  #losses = 0;

  constructor(file: string) {
    this.#file = file;
  }

  convert(lines: readonly DnsmasqLine[]): DnsmasqConversion {
    // Tags and subnets are named before they are declared, too.
    const passes = [/^dhcp-(match|vendorclass|userclass|mac)$/, /^dhcp-range$/, /./];
    const pass = ({ key }: DnsmasqLine) => passes.findIndex((pattern) => pattern.test(key));
    for (const line of [...lines].sort((a, b) => pass(a) - pass(b))) this.#line(line);
    const hosts = this.#global["reservations"] !== undefined;
    const config: Json = {
      "interfaces-config": { interfaces: ["*"] },
      "control-socket": { "socket-type": "unix", "socket-name": "/run/kea/kea4-ctrl-socket" },
      "lease-database": { type: "memfile", persist: true },
      // dnsmasq's own.
      "valid-lifetime": 3600,
      ...(hosts && { "reservations-global": true, "reservations-in-subnet": true }),
      ...this.#global,
      ...(this.#classes.size > 0 && { "client-classes": [...this.#classes.values()] }),
      subnet4: this.#subnets,
    };
    const findings = this.#findings.sort((a, b) => a.line - b.line).map(({ text }) => text);
    return { config: { Dhcp4: config }, findings, losses: this.#losses };
  }

  #line(line: DnsmasqLine): void {
    const { key, value } = line;
    const parts = value.split(",").map((part) => part.trim());
    if (UNNEEDED.test(key)) return;
    try {
      if (key === "dhcp-range") this.#range(parts);
      else if (key === "dhcp-host") this.#host(parts);
      else if (/^dhcp-option(-force)?$/.test(key)) this.#option(parts, key.endsWith("force"));
      else if (key === "dhcp-boot") this.#boot(parts);
      else if (key === "dhcp-authoritative") this.#global["authoritative"] = true;
      else if (key === "domain") this.#domain(parts);
      else if (/^dhcp-(match|vendorclass|userclass|mac)$/.test(key)) this.#tag(key, parts);
      else if (OTHERS.test(key)) this.#tell("note", line, "is not about DHCP, and stays with dnsmasq");
      else throw new Lost("is nothing that the converter knows: see dnsmasq's manual, and set it by hand");
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      this.#losses++;
      this.#tell("lost", line, error.message);
    }
  }

  #tell(kind: "lost" | "note", { number, key, value }: DnsmasqLine, why: string): void {
    const text = `${this.#file}:${number}:1: ${kind}: "${value === "" ? key : `${key}=${value}`}" ${why}`;
    this.#findings.push({ line: number, text });
  }

  #range(parts: readonly string[]): void {
    const words = parts.filter((part) => !/^(set|tag|net|interface):/.test(part) && part !== "");
    if (words.length < parts.length)
      throw new Lost("has tags: make a class for these clients, and guard the pool with it");
    const [first = "", second = ""] = words;
    const isStatic = second === "static";
    const subnet = subnetOf(
      first,
      words.find((word) => word.startsWith("255.")),
    );
    if (subnet === undefined || (!isStatic && parseIpv4(second) === undefined)) {
      throw new Lost("is no range of IPv4 addresses: write its subnet by hand");
    }
    const json = this.#subnets.find((each) => each["subnet"] === subnet) ?? { id: this.#subnets.length + 1, subnet };
    if (!this.#subnets.includes(json)) this.#subnets.push(json);
    const time = parseTime(words.at(-1)!);
    if (time !== undefined) json["valid-lifetime"] = Math.max(time, 120);
    if (!isStatic) append(json, "pools", { pool: `${first} - ${second}` });
  }

  #host(parts: readonly string[]): void {
    const json: Json = {};
    for (const part of parts) {
      if (/^([0-9a-f]{1,2}:){5}[0-9a-f]{1,2}$/i.test(part) && json["hw-address"] === undefined) {
        json["hw-address"] = part.toLowerCase();
      } else if (part.startsWith("id:") && part !== "id:*") json["client-id"] = identifier(part.slice(3));
      else if (parseIpv4(part) !== undefined) json["ip-address"] = part;
      else if (part === "ignore") json["client-classes"] = ["DROP"];
      else if (/^[a-z][a-z0-9.-]*$/i.test(part)) json["hostname"] = part;
      else if (part !== "") throw new Lost(`has "${part}", which a reservation cannot say: make a class for it`);
    }
    const ways = [json["hw-address"], json["client-id"]].filter((way) => way !== undefined).length;
    if (ways !== 1) throw new Lost("must say in one way which client is meant: by a hardware address or an identifier");
    const address = json["ip-address"];
    const home = this.#subnets.find(({ subnet }) => address !== undefined && isIn(String(address), String(subnet)));
    if (home === undefined && address !== undefined) throw new Lost("has an address of no subnet: declare its range");
    append(home ?? this.#global, "reservations", json);
  }

  #option(parts: readonly string[], isForced: boolean): void {
    const { tags, rest } = splitTags(parts);
    const [which = "", ...values] = rest;
    const definition = definitionOf(which);
    const code = definition?.code ?? Number(which);
    if (/:/.test(which.replace(/^option:/, "")) || !(code > 0 && code < 255)) {
      throw new Lost("is an option of a vendor, or of DHCPv6: write it into option-data");
    }
    const data = values.join(", ").replace(/^"(.*)"$/, "$1");
    if (values.includes("0.0.0.0")) throw new Lost("has 0.0.0.0 for the server's own address: write the address");
    const identity = definition === undefined ? { code } : { name: definition.name };
    const asBytes = { ...identity, "csv-format": false, data: Buffer.from(data, "latin1").toString("hex") };
    const entry = [...(definition === undefined ? [] : [{ ...identity, data }]), asBytes].find(
      (each) => !("fault" in compileEntry(each, 0, dhcp4Spaces)),
    );
    if (entry === undefined) throw new Lost("has a value that the option cannot have: write it into option-data");
    append(this.#scope(tags), "option-data", { ...entry, ...(isForced && { "always-send": true }) });
  }

  #boot(parts: readonly string[]): void {
    const { tags, rest } = splitTags(parts);
    const [file = "", server = "", address = ""] = rest;
    if (address !== "" && parseIpv4(address) === undefined) throw new Lost("has no address for its server: write one");
    Object.assign(this.#scope(tags), {
      "boot-file-name": file,
      ...(server !== "" && { "server-hostname": server }),
      ...(address !== "" && { "next-server": address }),
    });
  }

  #domain(parts: readonly string[]): void {
    const [name = "", ...more] = parts;
    if (more.length > 0) throw new Lost("is the domain of some addresses: set domain-name in their subnet");
    append(this.#global, "option-data", { name: "domain-name", data: name });
  }

  /** `dhcp-match=set:efi,option:client-arch,7` and its kin: which clients have a tag. */
  #tag(key: string, parts: readonly string[]): void {
    const [set = "", which = "", ...values] = parts;
    const tag = set.replace(/^(set|net):/, "");
    const value = values.join(",");
    let test: string;
    if (key === "dhcp-vendorclass") test = beginning(60, which);
    else if (key === "dhcp-userclass") test = beginning(77, which);
    else if (key === "dhcp-mac") {
      const octets = which.split(":");
      const known = octets.filter((octet) => octet !== "*");
      if (octets.slice(0, known.length).includes("*"))
        throw new Lost("has a * before an octet: write the class by hand");
      test = `substring(pkt4.mac, 0, ${known.length}) == 0x${known.join("")}`;
    } else {
      const definition = definitionOf(which);
      const code = definition?.code ?? Number(which);
      if (!(code > 0 && code < 255)) throw new Lost("matches an option of a vendor: write the class by hand");
      if (value === "") test = `option[${code}].exists`;
      else if (code === 93) test = `option[93].hex == 0x${Number(value).toString(16).padStart(4, "0")}`;
      else test = beginning(code, value);
    }
    this.#tags.set(tag, [...(this.#tags.get(tag) ?? []), test]);
  }

  /** Where values for clients with these tags belong. */
  #scope(tags: readonly string[]): Json {
    if (tags.length === 0) return this.#global;
    const test = tags
      .map((tag) => {
        const tests = this.#tags.get(tag.replace(/^!/, ""));
        if (tests === undefined)
          throw new Lost(`has the tag "${tag}", which no line gives to clients by what they send`);
        const any = tests.join(" or ");
        return tag.startsWith("!") ? `not (${any})` : tests.length > 1 ? `(${any})` : any;
      })
      .join(" and ");
    const known = this.#classes.get(test);
    if (known !== undefined) return known;
    const json = { name: tags.join(" ").replaceAll("!", "not "), test };
    this.#classes.set(test, json);
    return json;
  }
}

function beginning(code: number, text: string): string {
  return `substring(option[${code}].hex, 0, ${text.length}) == ${literal(Buffer.from(text, "latin1"))}`;
}

function splitTags(parts: readonly string[]): { readonly tags: readonly string[]; readonly rest: readonly string[] } {
  const isTag = (part: string) => /^(tag|net):/.test(part);
  return { tags: parts.filter(isTag).map((part) => part.slice(4)), rest: parts.filter((part) => !isTag(part)) };
}

function definitionOf(which: string) {
  const name = which.replace(/^option:/, "");
  if (/^\d+$/.test(name)) return dhcp4Spaces.byCode("dhcp4", Number(name));
  return dhcp4Spaces.byName("dhcp4", NAMES[name] ?? name);
}

function identifier(text: string): string {
  return /^([0-9a-f]{2}:)+[0-9a-f]{2}$/i.test(text) ? text : Buffer.from(text, "latin1").toString("hex");
}

function isIn(address: string, prefix: string): boolean {
  const [network = "", length = ""] = prefix.split("/");
  const { first, last } = rangeOfPrefix(parseNumber(network, 4)!, Number(length), 4);
  const number = parseNumber(address, 4)!;
  return first <= number && number <= last;
}
