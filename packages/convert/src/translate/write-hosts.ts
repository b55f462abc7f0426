/** `host` as reservations. */
import { formatHex } from "@kotare/core/base/hex";
import { parseIpv6Prefix } from "@kotare/core/ip/ipv6";
import { type Clause, positionOf, splitAtCommas } from "../dhcpd/clause.ts";
import { readOptionName } from "../dhcpd/option-registry.ts";
import { readOptionValue } from "../dhcpd/option-value.ts";
import { relayOf } from "../statements/kea-expression.ts";
import { loseWithBlock, messageOf } from "../statements/lose-with-block.ts";
import { readSettings } from "../statements/read-settings.ts";
import type { Parameter, Settings } from "../statements/settings.ts";
import { parseNumber } from "./address-ranges.ts";
import { areKnownTold, PLACED } from "./known-hosts.ts";
import type { Scope } from "./model.ts";
import { isOn, type Json, textOf } from "./parameters.ts";
import { LIFETIME, splitScope, writeClassesOf, writeSettings } from "./scope-writer.ts";
import type { Translation } from "./translation.ts";
import { append, type WrittenSubnet } from "./write-subnets.ts";

type Identifier = "hw-address" | "client-id" | "duid" | "circuit-id" | "flex-id";

/** By options, as dhcpd names them. */
const IDENTIFIERS: Readonly<Record<string, Identifier>> = {
  "dhcp6.client-id": "duid",
  "agent.circuit-id": "circuit-id",
  "dhcp.dhcp-client-identifier": "client-id",
};

/** Where a reservation is: in a subnet, or for all of them. */
interface Home {
  readonly subnet: WrittenSubnet | undefined;
  readonly addresses: Json;
}

export class HostWriter {
  readonly #translation: Translation;
  readonly #globals: Settings;
  readonly #subnets: readonly WrittenSubnet[];
  readonly #identified = new Set<string>();
  readonly #reserved = new Map<string, string>();
  readonly #classes = new Set<string>();
  readonly #labels = new Map<string, string>();
  /** Reservations for all subnets. */
  readonly global: Json[] = [];
  readonly identifiers = new Set<Identifier>();
  /** Whether an address is reserved for one client only. */
  isUnique = true;

  constructor(globals: Settings, subnets: readonly WrittenSubnet[], translation: Translation) {
    this.#translation = translation;
    this.#globals = globals;
    this.#subnets = subnets;
  }

  write(host: Scope): void {
    const { ledger, around } = this.#translation;
    const settings = readSettings(host.statements, around);
    const { always } = settings;
    const identifiers = this.#identify(always, host);
    const homes = this.#homes(always);
    if (identifiers.length === 0) {
      const why = "says of no client that it is meant";
      loseWithBlock(host.clause, why, "give it hardware ethernet, or the client's identifier", ledger);
      return;
    }
    ledger.carry(host.clause);
    const ddnsName = this.#ddnsName(always);
    for (const { subnet, addresses } of homes) {
      const outer = subnet?.chain ?? [this.#globals];
      const names = { ...this.#names(host.name, always, outer), ...ddnsName };
      const scope = { level: "host" as const, label: this.#label(host, settings, outer), settings, outer };
      const { kept, rest } = splitScope(scope, this.#translation);
      const classes = this.#dropped(kept);
      if (settings.branches.length > 0 || !rest.isEmpty) {
        classes.push(scope.label);
        if (!this.#classes.has(scope.label)) {
          this.#classes.add(scope.label);
          this.#translation.classes.add("declared", { name: scope.label });
          writeClassesOf(scope, rest, this.#translation);
        }
      }
      const keys = writeSettings(kept, "host", outer, this.#translation);
      if (subnet?.timesOfHosts !== undefined && !hasTimes(always)) classes.push(this.#timesOf(subnet));
      for (const [type, value] of identifiers) {
        if (subnet !== undefined) this.#twin(subnet, type, value, classes);
        const json = {
          [type]: value,
          ...addresses,
          ...names,
          ...(classes.length > 0 && { "client-classes": classes }),
          ...keys,
        };
        this.#put(host, subnet, type, value, json);
      }
    }
  }

  /** The reservation for all subnets of a host that has an address in one. */
  #twin({ isShared }: WrittenSubnet, type: Identifier, value: string, classes: readonly string[]): void {
    const { hasTwins, classes: book, model } = this.#translation;
    const key = ` ${type} ${value}`;
    const isNeeded = hasTwins && (areKnownTold(model) || (isShared && classes.length > 0));
    if (!isNeeded || this.#identified.has(key)) return;
    if (!this.#classes.has(PLACED)) book.add("declared", { name: PLACED });
    this.#classes.add(PLACED);
    this.#identified.add(key);
    this.global.push({ [type]: value, "client-classes": [PLACED, ...classes.filter((name) => name !== "DROP")] });
  }

  /** The class of the hosts of a subnet whose own times are those of its pool. */
  #timesOf({ json, timesOfHosts }: WrittenSubnet): string {
    const name = `hosts of ${String(json["subnet"])}`;
    if (!this.#classes.has(name)) this.#translation.classes.add("declared", { name, ...timesOfHosts });
    this.#classes.add(name);
    return name;
  }

  #put(host: Scope, subnet: WrittenSubnet | undefined, type: Identifier, value: string, json: Json): void {
    const place = subnet === undefined ? "" : String(subnet.json["id"]);
    const key = `${place} ${type} ${value}`;
    if (this.#identified.has(key)) {
      const why = "is for a client that has a reservation there already, which dhcpd takes, too";
      this.#translation.ledger.lose(host.clause, why, "leave one of the two out");
      return;
    }
    this.#identified.add(key);
    this.identifiers.add(type);
    for (const address of [json["ip-address"] ?? [], json["ip-addresses"] ?? []].flat() as string[]) {
      const holder = this.#reserved.get(address);
      if (holder !== undefined && holder !== `${type} ${value}`) this.isUnique = false;
      this.#reserved.set(address, `${type} ${value}`);
    }
    if (subnet === undefined) this.global.push(json);
    else append(subnet.json, "reservations", json);
  }

  /** Hosts that need the same classes, as those of a group do, share them. */
  #label(host: Scope, settings: ReturnType<typeof readSettings>, outer: readonly Settings[]): string {
    const scope = { level: "host" as const, label: host.name, settings, outer };
    const { rest } = splitScope(scope, this.#translation);
    const clauses = [
      ...settings.branches.map(({ clause }) => clause),
      ...[...rest.options.values(), ...rest.parameters.values(), ...rest.computed].map(({ clause }) => clause),
    ];
    const key = clauses.map(keyOf).join(" ");
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const label = this.#translation.classes.name(`host ${host.name}`);
    this.#labels.set(key, label);
    return label;
  }

  /** Takes what says which client is meant. */
  #identify({ parameters, options }: Settings, host: Scope): [Identifier, string][] {
    const { ledger, family } = this.#translation;
    const found: [Identifier, string][] = [];
    const clientId = options.get("dhcp 61");
    if (clientId !== undefined && family.number === 4) {
      options.delete("dhcp 61");
      ledger.carry(clientId.clause);
      found.push(["client-id", formatHex(clientId.value.bytes)]);
    }
    for (const name of ["uid", "dhcp-client-identifier"]) {
      const parameter = take(parameters, name);
      if (parameter !== undefined) this.#octets("client-id", parameter, found);
    }
    const hardware = take(parameters, "hardware");
    if (hardware !== undefined) {
      const address = hardware.words
        .slice(1)
        .map(({ text }) => text)
        .join("");
      const groups = address.split(":");
      if (groups.every((group) => /^[0-9a-f]{1,2}$/i.test(group))) {
        ledger.carry(hardware.clause);
        found.push(["hw-address", groups.map((group) => group.padStart(2, "0").toLowerCase()).join(":")]);
      } else ledger.lose(hardware.clause, "is no hardware address", "correct it");
    }
    const given = take(parameters, "host-identifier");
    if (given !== undefined) this.#byOption(given, found);
    if (found.length === 0 && parameters.has("dynamic")) ledger.carry(host.clause);
    return found;
  }

  #octets(type: Identifier, { words, clause }: Parameter, found: [Identifier, string][]): void {
    const { ledger, resolve } = this.#translation;
    try {
      const { bytes } = readOptionValue(words, "X", resolve);
      if (type === "duid" && (bytes.length < 3 || bytes.length > 130)) {
        ledger.lose(clause, `is no DUID: it has ${bytes.length} bytes, and not from 3 to 130`, "correct it");
        return;
      }
      found.push([type, formatHex(bytes)]);
      ledger.carry(clause);
    } catch (error) {
      ledger.lose(clause, `is no identifier: ${messageOf(error)}`, "correct it");
    }
  }

  /** `host-identifier option agent.circuit-id "x"`. */
  #byOption(parameter: Parameter, found: [Identifier, string][]): void {
    const { words, clause } = parameter;
    const relay = words[0]?.text.toLowerCase() === "v6relopt" ? Number(words[1]?.text) : undefined;
    const { space, name, length } = readOptionName(words.slice(relay === undefined ? 1 : 2));
    const value = { ...parameter, words: words.slice(length + (relay === undefined ? 1 : 2)) };
    const type = relay === undefined ? IDENTIFIERS[`${space}.${name}`] : undefined;
    this.#octets(type ?? "flex-id", value, found);
    if (type !== undefined) return;
    const { ledger, around } = this.#translation;
    const code = around.registry.byName(space, name)?.code;
    if (code === undefined) {
      ledger.lose(clause, `identifies the client by ${space}.${name}, which is no option`, "correct it");
      return;
    }
    const expression =
      space === "agent" ? `relay4[${code}].hex` : `${relay ? `${relayOf(relay)}.` : ""}option[${code}].hex`;
    const why = `identifies the client by ${space}.${name}: its reservation waits for a library that Kotare and Kea 3 have`;
    const library = { library: "libdhcp_flex_id.so", parameters: { "identifier-expression": expression } };
    ledger.lose(clause, why, `add ${JSON.stringify(library)} to hooks-libraries`);
  }

  /** Takes the addresses, by the subnets that they are of. */
  #homes({ parameters }: Settings): Home[] {
    const { family } = this.#translation;
    const homes: { subnet: WrittenSubnet | undefined; list: string[]; prefixes: string[] }[] = [];
    const at = (subnet: WrittenSubnet | undefined) => {
      const known = homes.find((home) => home.subnet === subnet);
      if (known !== undefined) return known;
      const home = { subnet, list: [], prefixes: [] };
      homes.push(home);
      return home;
    };
    for (const name of ["fixed-address", "fixed-address6"]) {
      const parameter = take(parameters, name);
      if (parameter !== undefined) this.#addresses(parameter, (subnet, address) => at(subnet).list.push(address));
    }
    const prefix = take(parameters, "fixed-prefix6");
    if (prefix !== undefined && parseIpv6Prefix(textOf(prefix)) === undefined) {
      this.#translation.ledger.lose(prefix.clause, "is no prefix", "correct it");
    } else if (prefix !== undefined) {
      this.#translation.ledger.carry(prefix.clause);
      (homes[0] ?? at(this.#subnets.length === 1 ? this.#subnets[0] : undefined)).prefixes.push(textOf(prefix));
    }
    if (homes.length === 0) return [{ subnet: undefined, addresses: {} }];
    return homes.flatMap(({ subnet, list, prefixes }): Home[] => {
      if (family.number === 6) {
        const addresses = {
          ...(list.length > 0 && { "ip-addresses": list }),
          ...(prefixes.length > 0 && { prefixes }),
        };
        return [{ subnet, addresses }];
      }
      return list.slice(0, 1).map((address) => ({ subnet, addresses: { "ip-address": address } }));
    });
  }

  #addresses(parameter: Parameter, put: (subnet: WrittenSubnet, address: string) => void): void {
    const { ledger, family, resolve } = this.#translation;
    const { words, clause } = parameter;
    const isFour = family.number === 4;
    const seen = new Set<WrittenSubnet>();
    for (const part of splitAtCommas(words)) {
      let fields: readonly string[];
      try {
        fields = readOptionValue(part, isFour ? "IA" : "6A", resolve).fields;
      } catch (error) {
        ledger.lose(clause, `is not carried over: ${messageOf(error)}`, "write an address");
        continue;
      }
      ledger.carry(clause);
      for (const address of fields) {
        const number = parseNumber(address, family.number)!;
        const subnet = this.#subnets.find(({ range }) => range.first <= number && number <= range.last);
        if (subnet === undefined)
          ledger.lose(clause, `${address} is of no subnet`, "declare the subnet, or correct the address");
        else if (isFour && seen.has(subnet)) {
          ledger.lose(clause, `has a second address of the subnet, ${address}: Kea reserves one`, "leave one out");
        } else {
          seen.add(subnet);
          put(subnet, address);
        }
      }
    }
  }

  #ddnsName({ parameters }: Settings): Json {
    const given = parameters.get("ddns-hostname");
    if (given?.words[0]?.kind !== "string" || !this.#translation.hasDdns) return {};
    parameters.delete("ddns-hostname");
    this.#translation.ledger.carry(given.clause);
    return { hostname: textOf(given) };
  }

  /** dhcpd tells a host its declared name where it is asked to. */
  #names(name: string, { options, parameters }: Settings, outer: readonly Settings[]): Json {
    const asked = [...outer, { parameters }].findLast((each) => each.parameters.has("use-host-decl-names"));
    const isDeclared = asked !== undefined && isOn(asked.parameters.get("use-host-decl-names")!);
    const own = options.get("dhcp 12");
    if (own === undefined) return isDeclared ? { hostname: name } : {};
    return this.#translation.hasDdns ? { hostname: Buffer.from(own.value.bytes).toString("latin1") } : {};
  }

  /** `deny booting`: no answer. */
  #dropped({ parameters }: Settings): string[] {
    const booting = parameters.get("booting");
    if (booting === undefined || isOn(booting)) return [];
    parameters.delete("booting");
    this.#translation.ledger.carry(booting.clause);
    return ["DROP"];
  }
}

function hasTimes({ parameters }: Settings): boolean {
  return [...parameters.keys()].some((name) => LIFETIME.test(name));
}

function take(parameters: Map<string, Parameter>, name: string): Parameter | undefined {
  const parameter = parameters.get(name);
  parameters.delete(name);
  return parameter;
}

function keyOf(clause: Clause): string {
  const { file, line, column } = positionOf(clause);
  return `${file}:${line}:${column}`;
}
