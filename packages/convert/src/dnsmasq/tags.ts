/** Tags of dnsmasq as classes: which clients have one, and where values for some tags belong. */
import { literal } from "../statements/kea-expression.ts";
import type { Json } from "../translate/parameters.ts";
import { Lost } from "./lines.ts";
import type { OptionNames } from "./option-names.ts";
import { unquoted } from "./option-values.ts";

/** Where Kea's expressions look for what dnsmasq looks for everywhere: no longer than what PXE sends. */
const PLACES = 32;

export class Tags {
  readonly #options: OptionNames;
  /** Tests by the names of tags. */
  readonly #tests = new Map<string, string[]>();
  /** Tags that clients of a range, or of hosts, have. */
  readonly #places = new Map<string, Json>();
  readonly #ofHosts = new Set<string>();
  /** By their tests. */
  readonly #classes = new Map<string, Json>();
  /** Of pools, by their names: they name classes, which come before them. */
  readonly #guards = new Map<string, Json>();
  /** Whose options have some value somewhere, by their names. */
  readonly #seeking = new Map<string, Json>();

  constructor(options: OptionNames) {
    this.#options = options;
  }

  get classes(): readonly Json[] {
    // What others name comes first, and what depends on the reservation last. dnsmasq's last line wins, and Kea's first class.
    const rank = ({ test }: Json) => (test === undefined ? 0 : String(test).includes("KNOWN") ? 2 : 1);
    const all = [...this.#classes.values()].reverse();
    return [...this.#seeking.values(), ...all.sort((a, b) => rank(a) - rank(b)), ...this.#guards.values()];
  }

  /** Clients of a subnet have it. */
  place(tag: string, subnet: Json): void {
    this.#places.set(tag, subnet);
  }

  /** Clients of a reservation have it. @returns the class of the reservation */
  host(tag: string): string {
    this.#ofHosts.add(tag);
    return String(this.scope([tag])["name"]);
  }

  isOfHosts(tag: string): void {
    this.#ofHosts.add(tag);
  }

  /** Clients of these identifiers who have all of some tags have others, too; or get nothing. */
  hostWith(identifiers: readonly Json[], wanted: readonly string[], tags: readonly string[]): void {
    const test = this.#hostTest(identifiers, wanted);
    for (const tag of tags) {
      if (tag === "DROP") this.#dropIf(test);
      else this.#tests.set(tag, [...(this.#tests.get(tag) ?? []), test]);
    }
  }

  /** Clients of these identifiers who have all of some tags. @returns the name of their class, which has these keys */
  hostClass(name: string, identifiers: readonly Json[], wanted: readonly string[], keys: Json): string {
    return String(this.#class(`host ${name}`, { name, test: this.#hostTest(identifiers, wanted), ...keys })["name"]);
  }

  #hostTest(identifiers: readonly Json[], wanted: readonly string[]): string {
    const who = identifiers.map((identifier) => isClient(identifier, this.#options.family)).join(" or ");
    return `(${who}) and ${this.testOf(wanted)}`;
  }

  /** @param guard the class of those who are meant, or all @returns the class of these without some others */
  without(guard: string | undefined, others: readonly string[]): string {
    const name = `${guard ?? "all"} without ${others.join(", ")}`;
    const tests = [...(guard === undefined ? [] : [guard]).map((each) => `member('${each}')`)];
    for (const other of others) tests.push(`not member('${other}')`);
    this.#guards.set(name, { name, test: tests.join(" and ") });
    return name;
  }

  /** Without a test: reservations name it. */
  named(name: string, keys: Json): string {
    this.#classes.set(name, { name, ...keys });
    return name;
  }

  /** `dhcp-match=set:efi,option:client-arch,7` and its kin: which clients have a tag. @returns how that differs */
  define(key: string, [set = "", which = "", ...values]: readonly string[]): string | undefined {
    const tag = set.replace(/^(set|net):/, "");
    const test = this.#test(key, which, values);
    this.#tests.set(tag, [...(this.#tests.get(tag) ?? []), test]);
    if (!test.includes("member(")) return undefined;
    return `is looked for at the first ${PLACES} octets of the option, and by dnsmasq at all of them`;
  }

  #test(key: string, which: string, values: readonly string[]): string {
    const { family, byName } = this.#options;
    const text = Buffer.from([which, ...values].map(unquoted).join(","), "latin1");
    if (key === "dhcp-vendorclass" && family === 4) return this.#contains(60, text, 1);
    if (key === "dhcp-userclass") return this.#contains(family === 4 ? 77 : 15, text, 1);
    if (key === "dhcp-vendorclass") return this.#vendorClass6(which, values);
    if (key === "dhcp-circuitid" || key === "dhcp-remoteid" || key === "dhcp-subscrid") {
      const code = { "dhcp-circuitid": 1, "dhcp-remoteid": 2, "dhcp-subscrid": 6 }[key];
      const code6 = { "dhcp-circuitid": 18, "dhcp-remoteid": 37, "dhcp-subscrid": 38 }[key];
      const bytes = /^([0-9a-f]{2}:)+[0-9a-f]{2}$/i.test(which)
        ? Buffer.from(which.replaceAll(":", ""), "hex")
        : Buffer.from(which, "latin1");
      // The relay that is nearest to the client.
      if (family === 6) return `relay6[-1].option[${code6}].hex == ${literal(bytes)}`;
      return `relay4[${code}].hex == ${literal(bytes)}`;
    }
    if (key === "dhcp-mac") {
      const octets = which.replace(/^\d\d?-/, "").split(":");
      const known = octets.filter((octet) => octet !== "*");
      if (octets.slice(0, known.length).includes("*") || family === 6)
        throw new Lost("is no beginning of an address: write the class by hand");
      return `substring(pkt4.mac, 0, ${known.length}) == 0x${known.join("")}`;
    }
    const option = byName(which);
    if (option === undefined) throw new Lost("matches an option of a vendor: write the class by hand");
    const { code } = option;
    if (values.length === 0) return `option[${code}].exists`;
    if (/^([0-9a-f]{1,2}|\*)(:([0-9a-f]{1,2}|\*))+$/i.test(values.join(",")))
      return octets(code, values[0]!.split(":"));
    const { kind, bytes } = this.#options.payloadOf(option, values);
    return this.#contains(code, bytes, kind === "text" ? 1 : bytes.length);
  }

  /** Without `enterprise:` dnsmasq means the vendor 0. */
  #vendorClass6(which: string, values: readonly string[]): string {
    const vendor = /^enterprise:(\d+)$/.exec(which)?.[1];
    const text = (vendor === undefined ? [which, ...values] : values).map(unquoted).join(",");
    const has = this.#contains(16, Buffer.from(text, "latin1"), 1);
    return `substring(option[16].hex, 0, 4) == 0x${Number(vendor ?? 0)
      .toString(16)
      .padStart(8, "0")} and ${has}`;
  }

  /** A class of its own, because the test is long. */
  #contains(code: number, bytes: Buffer, step: number): string {
    const shown = bytes.toString("latin1");
    const name = `option ${code} has ${/^[\w .:-]+$/.test(shown) ? shown : bytes.toString("hex")}`;
    const places = Array.from({ length: Math.ceil(PLACES / step) }, (_, i) => i * step);
    const test = places.map((at) => `substring(option[${code}].hex, ${at}, ${bytes.length}) == ${literal(bytes)}`);
    this.#seeking.set(name, { name, test: test.join(" or ") });
    return `member('${name}')`;
  }

  /** @throws {Lost} for a tag that no line gives */
  testOf(tags: readonly string[]): string {
    const parts = tags.map((tag) => {
      const name = tag.replace(/^!/, "");
      const tests = this.#testsOf(name);
      if (tests === undefined)
        throw new Lost(`has the tag "${name}", which no line gives to clients by what they send`);
      const any = tests.join(" or ");
      return tag.startsWith("!") ? `not (${any})` : tests.length > 1 ? `(${any})` : any;
    });
    // Kea looks at what depends on KNOWN when it has the reservation.
    const late = tags.filter((tag) => this.#ofHosts.has(tag.replace(/^!/, "")));
    if (late.length === 0) return parts.join(" and ");
    const isAny = late.every((tag) => tag.startsWith("!"));
    return [isAny ? "(member('KNOWN') or member('UNKNOWN'))" : "member('KNOWN')", ...parts].join(" and ");
  }

  /** Each of them is enough. */
  #testsOf(tag: string): readonly string[] | undefined {
    if (tag === "known") return ["member('KNOWN')"];
    return this.#ofHosts.has(tag) ? [`member('${tag}')`] : this.#tests.get(tag);
  }

  /** Where values for clients with these tags belong. */
  scope(tags: readonly string[]): Json {
    const [tag = "", ...more] = tags;
    const place = more.length === 0 ? this.#places.get(tag) : undefined;
    if (place !== undefined) return place;
    if (tags.some((each) => this.#places.has(each))) {
      throw new Lost("is for some clients of a range: write a class for them, and let the subnet require it");
    }
    const isHosts = more.length === 0 && this.#ofHosts.has(tag);
    return isHosts ? this.#class(tag, { name: tag }) : this.#tested(tags.join(" "), this.testOf(tags));
  }

  /** The same without those who have some of other tags. */
  scopeWithout(tags: readonly string[], others: readonly (readonly string[])[]): Json | undefined {
    const isPlace = (tag: string) => this.#places.has(tag);
    const apart = others.filter((each) => each.every((tag) => this.#testsOf(tag.replace(/^!/, "")) !== undefined));
    if (apart.length === 0 || tags.some(isPlace)) return tags.length === 0 ? undefined : this.scope(tags);
    const tests = [
      ...(tags.length === 0 ? [] : [this.testOf(tags)]),
      ...apart.map((each) => `not (${this.testOf(each)})`),
    ];
    const name = [...tags, "without", apart.map((each) => each.join(" ")).join(" or ")].join(" ");
    return this.#tested(name, tests.join(" and "));
  }

  #tested(name: string, test: string): Json {
    return this.#class(test, { name: name.replaceAll("!", "not "), test });
  }

  #class(key: string, json: Json): Json {
    const known = this.#classes.get(key) ?? json;
    this.#classes.set(key, known);
    return known;
  }

  /** Those who get nothing. */
  drop(tags: readonly string[]): void {
    this.#dropIf(this.testOf(tags));
  }

  #dropIf(test: string): void {
    const before = this.#classes.get("DROP")?.["test"];
    this.#classes.set("DROP", { name: "DROP", test: before === undefined ? test : `${String(before)} or ${test}` });
  }
}

/** As Kea's expression. @throws {Lost} for an identifier that DHCPv6's have no part for */
function isClient(identifier: Json, family: 4 | 6): string {
  const [[type, value]] = Object.entries(identifier) as [[string, string]];
  const bytes = `0x${value.replaceAll(":", "")}`;
  if (type === "hw-address" && family === 4) return `pkt4.mac == ${bytes}`;
  if (type === "hw-address")
    throw new Lost("knows a client of DHCPv6 with a tag by its hardware address: use its DUID");
  return `option[${family === 4 ? 61 : 1}].hex == ${bytes}`;
}

/** At the beginning, where `*` stands for any octet. */
function octets(code: number, known: readonly string[]): string {
  const places = known.flatMap((octet, i) => (octet === "*" ? [] : [{ octet: octet.padStart(2, "0"), i }]));
  return places.map(({ octet, i }) => `substring(option[${code}].hex, ${i}, 1) == 0x${octet}`).join(" and ");
}
