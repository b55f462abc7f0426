/** A configuration of dnsmasq's DHCP server as one of ours; each line is carried over, or told. */
import { family4, family6 } from "../translate/family.ts";
import type { Json } from "../translate/parameters.ts";
import { append } from "../translate/write-subnets.ts";
import { type DnsmasqHost, readHost } from "./hosts.ts";
import { guardPools, lastOf, setOption, timesOf } from "./keys.ts";
import { DEFINES_TAG, OTHERS, UNNEEDED } from "./line-kinds.ts";
import { type DnsmasqFiles, type DnsmasqLine, Lost, readLines } from "./lines.ts";
import { addLonePools, type LoneAddress } from "./lone-addresses.ts";
import { OptionNames } from "./option-names.ts";
import { splitParts } from "./option-values.ts";
import { type DnsmasqRange, isIn, type OwnAddress, readRange } from "./ranges.ts";
import { Tags } from "./tags.ts";

export interface DnsmasqConversion {
  readonly config: Json;
  readonly findings: readonly string[];
  readonly losses: number;
}

/** Seconds: dnsmasq's own. */
const USUAL = { 4: 3600, 6: 86_400 } as const;
/** RFC 4242 §3.1: when clients without leases ask again, at the soonest. */
const LEAST_REFRESH = 600;

const REFRESH = "information-refresh-time";

/** Of the lifetime. */
const T2 = 0.875;

/** @param addresses of the machine, where it is the one that serves */
export function convertDnsmasq(
  file: string,
  family: 4 | 6,
  files: DnsmasqFiles,
  addresses: readonly OwnAddress[],
): DnsmasqConversion {
  return new DnsmasqConverter(family, addresses).convert(readLines(file, files));
}

interface Place {
  readonly json: Json;
  readonly range: DnsmasqRange;
  readonly line: DnsmasqLine;
}

class DnsmasqConverter {
  readonly #family: 4 | 6;
  readonly #addresses: readonly OwnAddress[];
  readonly #options: OptionNames;
  readonly #tags: Tags;
  readonly #findings: { readonly order: number; readonly text: string }[] = [];
  readonly #places: Place[] = [];
  readonly #lone: (LoneAddress & { readonly line: DnsmasqLine; readonly identifiers: readonly Json[] })[] = [];
  readonly #global: Json = {};
  readonly #interfaces: string[] = [];
  /** Options that are sent, or kept from being sent, to everybody. */
  readonly #set = new Set<number>();
  #lines: readonly DnsmasqLine[] = [];
  #isNameServer = true;
  #areOnlyKnownServed = false;
  #losses = 0;

  constructor(family: 4 | 6, addresses: readonly OwnAddress[]) {
    this.#family = family;
    this.#addresses = addresses;
    this.#options = new OptionNames(family);
    this.#tags = new Tags(this.#options);
  }

  convert(lines: readonly DnsmasqLine[]): DnsmasqConversion {
    this.#lines = lines;
    // Ranges come before hosts, and may want their tags.
    for (const { key, value } of lines) if (key === "dhcp-host") this.#nameTags(splitParts(value));
    // Tags and subnets are named before they are declared, too.
    const passes = [DEFINES_TAG, /^dhcp-range$/, /^dhcp-host$/, /./];
    const pass = ({ key }: DnsmasqLine) => passes.findIndex((pattern) => pattern.test(key));
    for (const line of [...lines].sort((a, b) => pass(a) - pass(b))) this.#line(line);
    for (const place of this.#places) this.#addOwn(place);
    addLonePools(
      this.#lone.filter((each) => this.#isFree(each)),
      this.#tags,
      this.#family,
    );
    const family = this.#family === 4 ? family4 : family6;
    const hosts = this.#global["reservations"] !== undefined;
    const { classes } = this.#tags;
    const config: Json = {
      "interfaces-config": { interfaces: this.#interfaces.length > 0 ? this.#interfaces : ["*"] },
      "control-socket": { "socket-type": "unix", "socket-name": family.socket },
      "lease-database": { type: "memfile", persist: true },
      ...timesOf(USUAL[this.#family], this.#family),
      ...(this.#family === 6 && { "t2-percent": T2 }),
      // Clients have as many reservations as the line has addresses.
      "ip-reservations-unique": false,
      ...(hosts && { "reservations-global": true, "reservations-in-subnet": true }),
      ...this.#global,
      ...(classes.length > 0 && { "client-classes": classes }),
      [`subnet${this.#family}`]: [...new Set(this.#places.map(({ json }) => json))],
    };
    const findings = this.#findings.sort((a, b) => a.order - b.order).map(({ text }) => text);
    return { config: { [`Dhcp${this.#family}`]: config }, findings, losses: this.#losses };
  }

  #nameTags(parts: readonly string[]): void {
    if (parts.some((part) => part.startsWith("tag:"))) return;
    for (const part of parts) if (/^(set|net):/.test(part)) this.#tags.isOfHosts(part.slice(4));
  }

  #line(line: DnsmasqLine): void {
    const { key, value, fault } = line;
    const parts = splitParts(value);
    try {
      if (fault !== undefined) throw new Lost(fault);
      if (UNNEEDED.test(key)) return;
      if (key === "dhcp-range") this.#range(line, parts);
      else if (key === "dhcp-host") this.#host(line, parts);
      else if (/^dhcp-option(-force)?$/.test(key)) this.#option(line, parts, key.endsWith("force"));
      else if (key === "dhcp-boot") this.#boot(line, parts);
      else if (key === "dhcp-ignore") this.#ignore(parts);
      else if (key === "dhcp-authoritative") this.#authoritative();
      else if (key === "domain") this.#domain(line, parts);
      else if (key === "interface") this.#interfaces.push(...parts.filter((name) => !name.endsWith("*")));
      else if (DEFINES_TAG.test(key)) this.#define(line, parts);
      else if (key === "port" && value === "0") this.#isNameServer = false;
      else if (OTHERS.test(key)) this.#tell("note", line, "is not about DHCP, and stays with dnsmasq");
      else throw new Lost("is nothing that the converter knows: see dnsmasq's manual, and set it by hand");
    } catch (error) {
      if (!(error instanceof Lost)) throw error;
      this.#losses++;
      this.#tell("lost", line, error.message);
    }
  }

  #tell(kind: "lost" | "note", line: DnsmasqLine, why: string): void {
    const { file, number, key, value } = line;
    const text = `${file}:${number}:1: ${kind}: "${value === "" ? key : `${key}=${value}`}" ${why}`;
    this.#findings.push({ order: this.#lines.indexOf(line), text });
  }

  #tellOther(line: DnsmasqLine): void {
    this.#tell("note", line, `is about DHCPv${this.#family === 4 ? 6 : 4}: convert it for that server, too`);
  }

  #range(line: DnsmasqLine, parts: readonly string[]): void {
    const family = this.#family;
    const range = readRange(parts, family, this.#addresses);
    if (range === undefined) {
      this.#tellOther(line);
      return;
    }
    const { subnet, pool, seconds, tags, wanted, isAdvertised } = range;
    const known = this.#places.find(({ json }) => json["subnet"] === subnet)?.json;
    const json = known ?? { id: new Set(this.#places.map((place) => place.json)).size + 1, subnet };
    const own = this.#own(subnet);
    if (family === 6 && own !== undefined) json["interface"] = own.interface;
    if (seconds !== undefined) Object.assign(json, timesOf(seconds, family));
    if (pool !== undefined) {
      const guard = wanted.length > 0 && { "client-class": String(this.#tags.scope(wanted)["name"]) };
      append(json, "pools", { pool, ...guard });
    }
    for (const tag of tags) this.#tags.place(tag, json);
    this.#places.push({ json, range, line });
    if (isAdvertised) this.#tell("note", line, "sends router advertisements, which stay with dnsmasq");
  }

  /** What clients are told unless a line says otherwise: dnsmasq itself is their router and their name server. */
  #addOwn({ json, range: { subnet, addresses }, line }: Place): void {
    if (this.#areOnlyKnownServed) guardPools(json);
    const own = this.#own(subnet)?.address;
    const lacking: string[] = [];
    const has = (code: number, name: string) =>
      this.#set.has(code) ||
      (json["option-data"] as Json[] | undefined)?.some((each) => each["name"] === name) === true;
    const add = (code: number, name: string) => {
      if (has(code, name)) return;
      if (own === undefined) lacking.push(name);
      else append(json, "option-data", { name, data: own });
    };
    if (this.#family === 4) {
      add(3, "routers");
      if (this.#isNameServer) add(6, "domain-name-servers");
      const broadcast = lastOf(addresses.last);
      if (!has(28, "broadcast-address")) append(json, "option-data", { name: "broadcast-address", data: broadcast });
      if (own !== undefined && this.#global["next-server"] === undefined) json["next-server"] = own;
    } else {
      if (this.#isNameServer) add(23, "dns-servers");
      const seconds = Math.max(Number(json["valid-lifetime"] ?? USUAL[6]), LEAST_REFRESH);
      if (!has(32, REFRESH)) append(json, "option-data", { name: REFRESH, data: String(seconds) });
    }
    if (lacking.length === 0) return;
    this.#losses++;
    const what = lacking.join(" and ");
    this.#tell("lost", line, `has clients told dnsmasq's own address, which is not known here: set ${what}`);
  }

  #own(subnet: string): OwnAddress | undefined {
    const [network = "", length] = subnet.split("/");
    return this.#addresses.find(({ address }) => isIn(address, network, Number(length), this.#family));
  }

  #host(line: DnsmasqLine, parts: readonly string[]): void {
    const host = readHost(parts, this.#family);
    if (host === undefined) {
      this.#tellOther(line);
      return;
    }
    if (host.wanted.length > 0) {
      this.#hostWithTags(line, host);
      return;
    }
    const { identifiers, address, suffix, keys, tags, seconds, isIgnored } = host;
    const classes = isIgnored ? ["DROP"] : tags.map((tag) => this.#tags.host(tag));
    if (seconds !== undefined) classes.push(this.#tags.named(`leases of ${seconds} s`, timesOf(seconds, this.#family)));
    const whole = address ?? (suffix === undefined ? undefined : this.#complete(suffix));
    const home = whole === undefined ? undefined : this.#homeOf(whole);
    if (this.#family === 6 && keys["hostname"] !== undefined)
      this.#tell("note", line, "has a name, which clients are told only if they tell one themselves");
    const place = whole === undefined ? {} : this.#family === 4 ? { "ip-address": whole } : { "ip-addresses": [whole] };
    const more = { ...place, ...keys, ...(classes.length > 0 && { "client-classes": classes }) };
    for (const identifier of identifiers) append(home ?? this.#global, "reservations", { ...identifier, ...more });
  }

  /** @returns the subnet of an address */
  #homeOf(address: string): Json {
    const home = this.#places.find(({ json }) => {
      const [network = "", length] = String(json["subnet"]).split("/");
      return isIn(address, network, Number(length), this.#family);
    });
    if (home === undefined) throw new Lost("has an address of no subnet: declare its range");
    return home.json;
  }

  /** Reservations count for all of a client's messages. So those that want tags are tests of classes. */
  #hostWithTags(line: DnsmasqLine, host: DnsmasqHost): void {
    const { identifiers, address, suffix, keys, tags, wanted, seconds, isIgnored } = host;
    this.#tags.hostWith(identifiers, wanted, isIgnored ? ["DROP"] : tags);
    const { hostname } = keys;
    const whole = address ?? (suffix === undefined ? undefined : this.#complete(suffix));
    if (isIgnored || (whole ?? hostname ?? seconds) === undefined) return;
    const subnet = whole === undefined ? undefined : this.#homeOf(whole);
    const isTold = hostname !== undefined && this.#family === 4;
    if (hostname !== undefined)
      this.#tell(
        "note",
        line,
        `has a name for clients with a tag, which ${isTold ? "they are told, and " : ""}their leases lack`,
      );
    const name = `${String(hostname ?? whole ?? `leases of ${seconds} s`)} for ${wanted.join(" ").replaceAll("!", "not ")}`;
    const className = this.#tags.hostClass(name, identifiers, wanted, {
      ...(seconds !== undefined && timesOf(seconds, this.#family)),
      ...(isTold && { "option-data": [{ name: "host-name", data: hostname }] }),
    });
    if (subnet !== undefined && whole !== undefined)
      this.#lone.push({ line, identifiers, subnet, address: whole, className });
  }

  /** A reservation counts before a pool, whatever tags its client has. */
  #isFree({ line, identifiers }: { readonly line: DnsmasqLine; readonly identifiers: readonly Json[] }): boolean {
    const reserved = [this.#global, ...this.#places.map(({ json }) => json)]
      .flatMap((scope) => (scope["reservations"] ?? []) as Json[])
      .filter((each) => each["ip-address"] !== undefined || each["ip-addresses"] !== undefined);
    const isSame = (each: Json) =>
      identifiers.some((one) => Object.entries(one).every(([key, value]) => each[key] === value));
    if (!reserved.some(isSame)) return true;
    this.#losses++;
    this.#tell("lost", line, "has an address beside one that another line gives without tags: leave one of them");
    return false;
  }

  /** `[::5]` is in the network of the range. */
  #complete(suffix: string): string {
    const [place, ...more] = [...new Set(this.#places.map(({ json }) => String(json["subnet"])))];
    if (place === undefined || more.length > 0) throw new Lost("has an address without a network: write the whole one");
    return place.replace(/::\/\d+$/, suffix);
  }

  #option(line: DnsmasqLine, parts: readonly string[], isForced: boolean): void {
    const { tags, rest } = splitTags(parts);
    const [which = "", ...values] = rest;
    if (this.#options.isOther(which)) {
      this.#tellOther(line);
      return;
    }
    const option = this.#options.byName(which);
    if (option === undefined) throw new Lost("is an option of a vendor: write it into option-data");
    const isForAll = tags.length === 0;
    if (values.length === 0) {
      // It is not sent.
      if (!isForAll) throw new Lost("keeps an option from some clients: make a class, and use libdhcp_flex_option.so");
      this.#set.add(option.code);
      return;
    }
    const scopes = values.some(isSelf)
      ? this.#places.map(({ json }) => ({ scope: json, data: this.#withSelf(values, json) }))
      : [{ scope: isForAll ? this.#global : this.#tags.scope(tags), data: values }];
    for (const { scope, data } of scopes)
      setOption(scope, { ...this.#options.entry(option, data), ...always(isForced) });
    if (isForAll) this.#set.add(option.code);
  }

  #withSelf(values: readonly string[], { subnet }: Json): string[] {
    const own = this.#own(String(subnet))?.address;
    if (own === undefined)
      throw new Lost("stands for dnsmasq's own address, which is not known here: write the address");
    return values.map((value) => (isSelf(value) ? own : value));
  }

  #boot(line: DnsmasqLine, parts: readonly string[]): void {
    if (this.#family === 6) {
      this.#tellOther(line);
      return;
    }
    const { tags, file, server, address } = readBoot(parts);
    if (address !== "" && !/^\d+\.\d+\.\d+\.\d+$/.test(address))
      throw new Lost("has no address for its server: write one");
    const scope = this.#tags.scopeWithout(tags, this.#bootsAlone(line)) ?? this.#global;
    Object.assign(scope, {
      "boot-file-name": file,
      ...(server !== "" && { "server-hostname": server }),
      ...(address !== "" && { "next-server": address }),
    });
    // Clients that ask for options 66 and 67 get those.
    if (this.#lines.some(({ key }) => key === "dhcp-no-override")) return;
    for (const [code, text] of [
      [66, server],
      [67, file],
    ] as const) {
      if (text !== "")
        setOption(scope, { code, "csv-format": false, data: Buffer.from(`${text}\0`, "latin1").toString("hex") });
    }
  }

  /** Tags of those whom another line tells all: the last with tags, which may say less than this one. */
  #bootsAlone(line: DnsmasqLine): (readonly string[])[] {
    const own = readBoot(splitParts(line.value));
    const boots = this.#lines.filter(({ key }) => key === "dhcp-boot");
    const others = own.tags.length === 0 ? boots : boots.slice(boots.indexOf(line) + 1);
    return others
      .map(({ value }) => readBoot(splitParts(value)))
      .filter(({ tags }) => tags.length > 0)
      .filter((other) => (["file", "server", "address"] as const).some((key) => own[key] !== "" && other[key] === ""))
      .map(({ tags }) => tags);
  }

  #define(line: DnsmasqLine, parts: readonly string[]): void {
    const isOther = line.key === "dhcp-match" && this.#options.isOther(parts[1] ?? "");
    // dnsmasq knows circuits in DHCPv4 only.
    if (isOther || (line.key === "dhcp-circuitid" && this.#family === 6)) this.#tellOther(line);
    else {
      const difference = this.#tags.define(line.key, parts);
      if (difference !== undefined) this.#tell("note", line, difference);
    }
  }

  #authoritative(): void {
    if (this.#family === 4) this.#global["authoritative"] = true;
  }

  #ignore(parts: readonly string[]): void {
    const { tags } = splitTags(parts);
    if (tags.length === 1 && tags[0] === "!known") this.#areOnlyKnownServed = true;
    else this.#tags.drop(tags);
  }

  #domain(line: DnsmasqLine, [name = "", where]: readonly string[]): void {
    const isOther = where !== undefined && where.includes(":") !== (this.#family === 6);
    const scope = this.#places.find(({ json }) => json["subnet"] === where)?.json;
    const entry = { name: "domain-name", data: name };
    if (isOther) this.#tellOther(line);
    else if (this.#family === 6)
      this.#tell("note", line, "is in no option of DHCPv6: set domain-search, if clients shall look for names in it");
    else if (where === undefined) {
      if (!this.#set.has(15)) setOption(this.#global, entry);
    } else if (scope === undefined) throw new Lost("is the domain of some addresses: set domain-name in their subnet");
    else setOption(scope, entry);
  }
}

function readBoot(parts: readonly string[]) {
  const { tags, rest } = splitTags(parts);
  const [file = "", server = "", address = ""] = rest;
  return { tags, file, server, address };
}

function isSelf(value: string): boolean {
  return value === "0.0.0.0" || value === "[::]";
}

function always(isForced: boolean): Json {
  return isForced ? { "always-send": true } : {};
}

function splitTags(parts: readonly string[]): { readonly tags: readonly string[]; readonly rest: readonly string[] } {
  const isTag = (part: string) => /^(tag|net):/.test(part);
  return {
    tags: parts.filter(isTag).map((part) => part.slice(4)),
    rest: parts.filter((part) => !isTag(part) && part !== "encap:"),
  };
}
