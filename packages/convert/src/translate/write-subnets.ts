/** `subnet`, `subnet6`, `shared-network` and their pools. */
import { networkInterfaces } from "node:os";
import { netmask, parseIpv4 } from "@kotare/core/ip/ipv4";
import { keywordOf, rawOf } from "../dhcpd/clause.ts";
import { loseWithBlock } from "../statements/lose-with-block.ts";
import { readSettings } from "../statements/read-settings.ts";
import type { Settings } from "../statements/settings.ts";
import {
  addressesIn,
  contains,
  type DeclaredRange,
  formatNumber,
  parseNumber,
  prefixesOf,
  type Range,
  rangeOfPrefix,
  readRange,
} from "./address-ranges.ts";
import { PLACED } from "./known-hosts.ts";
import { allLifetimes, lifetimesOf } from "./lifetimes.ts";
import type { Network, Pool, Scope, Subnet } from "./model.ts";
import type { Json } from "./parameters.ts";
import { guardOf, NOBODY, takeBooting, takeFailover, takePermits, takeUnknownClients } from "./permits.ts";
import { LIFETIME, loseLifetimes, writeScope } from "./scope-writer.ts";
import type { Translation } from "./translation.ts";

export interface WrittenSubnet {
  readonly range: Range;
  readonly prefixLength: number;
  readonly json: Json;
  /** The settings around its hosts, the widest scope first. */
  readonly chain: readonly Settings[];
  readonly pools: Range[];
  /** Whether the network has other subnets, too. */
  readonly isShared: boolean;
  /** Of reserved addresses, where the times of the subnet are those of its one pool. */
  timesOfHosts: Json | undefined;
}

export class SubnetWriter {
  readonly #translation: Translation;
  readonly #globals: Settings;
  readonly #areUnknownServed: boolean;
  readonly written: WrittenSubnet[] = [];

  constructor(globals: Settings, translation: Translation) {
    this.#translation = translation;
    this.#globals = globals;
    this.#areUnknownServed = takeUnknownClients(globals, translation) ?? true;
    if (takeBooting(globals, translation)) translation.classes.drop("'' == ''");
  }

  network(network: Network): Json | undefined {
    const { ledger, around } = this.#translation;
    if (network.subnets.length === 0) {
      loseWithBlock(network.clause, "has no subnet", "leave it out", ledger);
      return undefined;
    }
    ledger.carry(network.clause);
    const settings = readSettings(network.statements, around);
    const areServed = takeUnknownClients(settings.always, this.#translation) ?? this.#areUnknownServed;
    const outer = [this.#globals];
    const keys = writeScope({ level: "network", label: network.name, settings, outer }, this.#translation);
    const chain = [...outer, settings.always];
    const begin = this.written.length;
    const isShared = network.subnets.length > 1;
    const subnets = network.subnets.flatMap((subnet) => this.subnet(subnet, chain, areServed, isShared));
    for (const pool of network.pools) this.#pool(pool, this.written.slice(begin), areServed);
    return {
      name: network.name || `network ${begin + 1}`,
      ...keys,
      [`subnet${this.#translation.family.number}`]: subnets,
    };
  }

  subnet(
    subnet: Subnet,
    outer: readonly Settings[] = [this.#globals],
    areServed = this.#areUnknownServed,
    isShared = false,
  ): Json[] {
    const { ledger, around, family } = this.#translation;
    const prefix = readPrefix(subnet);
    const isOther = (keywordOf(subnet.clause) === "subnet6") !== (family.number === 6);
    if (prefix === undefined || isOther || this.#isThere(prefix.range)) {
      const why = isOther
        ? `is for the server of DHCPv${family.number === 4 ? 6 : 4}`
        : prefix === undefined
          ? "is no prefix"
          : "is declared a second time";
      loseWithBlock(
        subnet.clause,
        why,
        isOther ? "convert it for that server" : "put its statements into the first",
        ledger,
      );
      return [];
    }
    ledger.carry(subnet.clause);
    const settings = readSettings(subnet.statements, around);
    const own = takeUnknownClients(settings.always, this.#translation) ?? areServed;
    const closed = takeBooting(settings.always, this.#translation) ? [NOBODY] : [];
    const label = `${formatNumber(prefix.range.first, family.number)}/${prefix.length}`;
    const keys = writeScope({ level: "subnet", label, settings, outer }, this.#translation);
    const json: Json = { id: this.written.length + 1, subnet: label, ...this.#link(subnet, prefix.range), ...keys };
    const entry: WrittenSubnet = {
      range: prefix.range,
      prefixLength: prefix.length,
      json,
      chain: [...outer, settings.always],
      pools: [],
      isShared,
      timesOfHosts: undefined,
    };
    this.written.push(entry);
    if (isShared && family.number === 6 && keys["option-data"] !== undefined) {
      ledger.note(
        subnet.clause,
        "gives its options to clients with an address of it: dhcpd gives them with its prefixes, too, and never to INFORMATION-REQUEST",
      );
    }
    this.#ranges(subnet.ranges, [entry], {}, own, closed);
    const isAlone = subnet.pools.length === 1 && subnet.ranges.length === 0;
    for (const pool of subnet.pools) this.#pool(pool, [entry], own, closed, isAlone);
    return [json];
  }

  #isThere({ first, last }: Range): boolean {
    return this.written.some(({ range }) => range.first === first && range.last === last);
  }

  /** In DHCPv6 the addresses of clients do not tell the link that they are on. */
  #link({ clause }: Subnet, range: Range): Json {
    const { family, ledger } = this.#translation;
    if (family.number === 4) return {};
    for (const [name, addresses] of Object.entries(networkInterfaces())) {
      for (const { address } of addresses ?? []) {
        const number = parseNumber(address, 6);
        if (number !== undefined && range.first <= number && number <= range.last) return { interface: name };
      }
    }
    const why =
      "needs a word for Kea if it is on a link of the server: Kotare sees that by the interface's address, Kea does not";
    ledger.note(clause, why, 'give it "interface": "NAME"');
    return {};
  }

  /**
   * @param subnets that the addresses may be of
   * @param isAlone whether all addresses of the subnet are of this pool, so that its times may be the subnet's
   */
  #pool(
    pool: Pool,
    subnets: readonly WrittenSubnet[],
    areServed: boolean,
    closed: readonly string[] = [],
    isAlone = false,
  ): void {
    const { ledger, around } = this.#translation;
    const settings = readSettings(pool.statements, around);
    const tests = takePermits(settings.always, this.#translation);
    takeFailover(settings.always, this.#translation);
    const ranges = pool.ranges.flatMap((clause) => readRange(clause) ?? []);
    const home = subnets.find(({ range }) => ranges.some((each) => contains(range, each)));
    if (home === undefined) {
      loseWithBlock(pool.clause, "has no addresses of a subnet", "give it a range, or leave it out", ledger);
      return;
    }
    ledger.carry(pool.clause);
    if (isAlone) this.#takeLifetimes(settings.always, home);
    else loseLifetimes(settings.always, this.#translation);
    const label = `pool ${formatNumber(ranges[0]!.first, this.#translation.family.number)}`;
    const keys = writeScope({ level: "pool", label, settings, outer: home.chain }, this.#translation);
    this.#ranges(pool.ranges, subnets, keys, areServed, [...closed, ...tests]);
  }

  /** The times of a subnet's only pool are the subnet's. */
  #takeLifetimes(settings: Settings, home: WrittenSubnet): void {
    const { ledger, family } = this.#translation;
    const times = lifetimesOf([...home.chain, settings], family.number);
    if (Object.keys(times).length === 0) return;
    Object.assign(home.json, times);
    home.timesOfHosts = allLifetimes(home.chain, family.number);
    for (const [name, { clause }] of settings.parameters) {
      if (!LIFETIME.test(name)) continue;
      settings.parameters.delete(name);
      ledger.carry(clause);
    }
  }

  #ranges(
    clauses: readonly Scope["clause"][],
    subnets: readonly WrittenSubnet[],
    keys: Json,
    areServed: boolean,
    tests: readonly string[] = [],
  ): void {
    const { ledger } = this.#translation;
    const placed = this.#translation.hasTwins ? ` and not member('${PLACED}')` : "";
    const guard = guardOf([...(areServed ? [] : [`member('KNOWN')${placed}`]), ...tests], this.#translation);
    for (const clause of clauses) {
      const range = readRange(clause);
      const home = range && subnets.find((each) => contains(each.range, range));
      if (range === undefined || (home === undefined && range.prefixLength === undefined)) {
        ledger.lose(clause, "is no range of addresses of the subnet", "correct the addresses");
        continue;
      }
      this.#range(range, home ?? subnets[0]!, { ...guard, ...keys });
    }
  }

  #range(range: DeclaredRange, { json, pools }: WrittenSubnet, keys: Json): void {
    const { ledger, family, hooks } = this.#translation;
    const { clause } = range;
    if (range.isTemporary) {
      ledger.lose(
        clause,
        "is for temporary addresses, which Kea does not give",
        "leave it out: clients make temporary addresses themselves",
      );
      return;
    }
    if (pools.some(({ first, last }) => first <= range.last && range.first <= last)) {
      ledger.lose(clause, "overlaps another range of the subnet", "make one range of the two");
      return;
    }
    pools.push({ first: range.first, last: range.last });
    ledger.carry(clause);
    if (range.isForBootp) hooks.set("libdhcp_bootp.so", undefined);
    if (range.prefixLength !== undefined) {
      const { prefixLength } = range;
      const written = prefixesOf(range, prefixLength).map(({ address, length }) => ({
        prefix: address,
        "prefix-len": length,
        "delegated-len": prefixLength,
        ...keys,
      }));
      append(json, "pd-pools", ...written);
      return;
    }
    const [first, last] = [range.first, range.last].map((number) => formatNumber(number, family.number));
    append(json, "pools", { pool: `${first} - ${last}`, ...keys });
  }
}

/** Puts entries behind those of a list, which may not be there yet. */
export function append(json: Json, key: string, ...entries: readonly Json[]): void {
  json[key] = [...((json[key] as Json[] | undefined) ?? []), ...entries];
}

function readPrefix({ clause: { head } }: Subnet): { readonly range: Range; readonly length: number } | undefined {
  const keyword = head[0]!.text.toLowerCase();
  if (keyword === "subnet6") {
    const [address = "", length = ""] = rawOf(head.slice(1)).replace(/\s/g, "").split("/");
    const number = parseNumber(address, 6);
    const bits = Number(length);
    return number === undefined || !(bits >= 0 && bits <= 128) || length === ""
      ? undefined
      : { range: rangeOfPrefix(number, bits, 6), length: bits };
  }
  const [address = "", , mask = ""] = addressesIn(head.slice(1));
  const [number, bits] = [parseNumber(address, 4), parseIpv4(mask)];
  if (number === undefined || bits === undefined) return undefined;
  const length = Math.clz32(~bits >>> 0);
  return bits === netmask(length) ? { range: rangeOfPrefix(number, length, 4), length } : undefined;
}
