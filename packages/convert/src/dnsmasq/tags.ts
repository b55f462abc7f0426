/** Tags of dnsmasq as classes: which clients have one, and where values for some tags belong. */
import { literal } from "../statements/kea-expression.ts";
import type { Json } from "../translate/parameters.ts";
import { Lost } from "./lines.ts";
import type { OptionNames } from "./option-names.ts";

export class Tags {
  readonly #options: OptionNames;
  /** Tests by the names of tags. */
  readonly #tests = new Map<string, string[]>();
  /** Tags that clients of a range, or of hosts, have. */
  readonly #places = new Map<string, Json>();
  readonly #ofHosts = new Set<string>();
  /** By their tests. */
  readonly #classes = new Map<string, Json>();

  constructor(options: OptionNames) {
    this.#options = options;
  }

  get classes(): readonly Json[] {
    // What depends on the reservation comes last.
    const isLate = ({ test }: Json) => String(test).includes("KNOWN");
    const all = [...this.#classes.values()];
    return [...all.filter((each) => !isLate(each)), ...all.filter(isLate)];
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

  /** Without a test: reservations name it. */
  named(name: string, keys: Json): string {
    this.#classes.set(name, { name, ...keys });
    return name;
  }

  /** `dhcp-match=set:efi,option:client-arch,7` and its kin: which clients have a tag. */
  define(key: string, [set = "", which = "", ...values]: readonly string[]): void {
    const tag = set.replace(/^(set|net):/, "");
    this.#tests.set(tag, [...(this.#tests.get(tag) ?? []), this.#test(key, which, values)]);
  }

  #test(key: string, which: string, values: readonly string[]): string {
    const { family, byName } = this.#options;
    if (key === "dhcp-vendorclass" && family === 4) return contains(60, which);
    if (key === "dhcp-userclass") return contains(family === 4 ? 77 : 15, which);
    if (key === "dhcp-vendorclass") throw new Lost("matches a vendor class of DHCPv6: write the class by hand");
    if (key === "dhcp-circuitid" || key === "dhcp-remoteid" || key === "dhcp-subscrid") {
      const code = { "dhcp-circuitid": 1, "dhcp-remoteid": 2, "dhcp-subscrid": 6 }[key];
      const bytes = /^([0-9a-f]{2}:)+[0-9a-f]{2}$/i.test(which)
        ? Buffer.from(which.replaceAll(":", ""), "hex")
        : Buffer.from(which, "latin1");
      if (family === 6) throw new Lost("matches what a relay of DHCPv6 says: write the class by hand");
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
    const value = values.join(",");
    const { code, name } = option;
    if (value === "") return `option[${code}].exists`;
    if (/^(client-system|client-arch-type)$/.test(name) && /^\d+$/.test(value))
      return `option[${code}].hex == 0x${Number(value).toString(16).padStart(4, "0")}`;
    if (value.endsWith("*")) return beginning(code, value.slice(0, -1));
    return `option[${code}].hex == ${literal(Buffer.from(value, "latin1"))}`;
  }

  /** @throws {Lost} for a tag that no line gives */
  testOf(tags: readonly string[]): string {
    const parts = tags.map((tag) => {
      const name = tag.replace(/^!/, "");
      const tests =
        name === "known"
          ? ["member('KNOWN')"]
          : this.#ofHosts.has(name)
            ? [`member('${name}')`]
            : this.#tests.get(name);
      if (tests === undefined)
        throw new Lost(`has the tag "${name}", which no line gives to clients by what they send`);
      const any = tests.join(" or ");
      return tag.startsWith("!") ? `not (${any})` : tests.length > 1 ? `(${any})` : any;
    });
    const isLate = tags.some((tag) => this.#ofHosts.has(tag.replace(/^!/, "")));
    return [...(isLate ? ["member('KNOWN')"] : []), ...parts].join(" and ");
  }

  /** Where values for clients with these tags belong; `undefined` for all clients. */
  scope(tags: readonly string[]): Json {
    const [tag = "", ...more] = tags;
    const place = more.length === 0 ? this.#places.get(tag) : undefined;
    if (place !== undefined) return place;
    if (tags.some((each) => this.#places.has(each))) {
      throw new Lost("is for some clients of a range: write a class for them, and let the subnet require it");
    }
    const isHosts = more.length === 0 && this.#ofHosts.has(tag);
    const key = isHosts ? tag : this.testOf(tags);
    const known = this.#classes.get(key);
    if (known !== undefined) return known;
    const json: Json = { name: tags.join(" ").replaceAll("!", "not "), ...(!isHosts && { test: key }) };
    this.#classes.set(key, json);
    return json;
  }

  /** Those who get nothing. */
  drop(tags: readonly string[]): void {
    const before = this.#classes.get("DROP")?.["test"];
    const test = this.testOf(tags);
    this.#classes.set("DROP", { name: "DROP", test: before === undefined ? test : `${String(before)} or ${test}` });
  }
}

function beginning(code: number, text: string): string {
  return `substring(option[${code}].hex, 0, ${text.length}) == ${literal(Buffer.from(text, "latin1"))}`;
}

/** dnsmasq looks for the text anywhere; where it begins is what people mean. */
function contains(code: number, text: string): string {
  return beginning(code, text);
}
