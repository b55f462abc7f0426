/** Two servers' answers to the same clients: which differ, and in what. */
import { parseNumber, rangeOfPrefix } from "@kotare/convert/translate/address-ranges";
import type { Fields } from "../oracle/speech.ts";
import type { DhcpConfig, Family } from "../subject/server.ts";
import type { Surveyed } from "./ask-all.ts";

interface SubnetJson {
  readonly subnet: string;
  readonly pools?: readonly { readonly pool: string }[];
  readonly "pd-pools"?: readonly { readonly prefix: string; readonly "prefix-len": number }[];
}

/** @param own where the server is */
function subnetsIn(config: DhcpConfig, family: Family, own: string): SubnetJson[] {
  const key = `subnet${family}`;
  const networks = (config["shared-networks"] ?? []) as readonly DhcpConfig[];
  const lists = [...networks, config].flatMap((scope) => scope[key] as readonly SubnetJson[]);
  return lists.filter(({ subnet }) => !subnet.startsWith(own));
}

/** An address of each subnet for a relay, which no pool of the corpus has. */
export function linksIn(config: DhcpConfig, family: Family, own: string): string[] {
  return subnetsIn(config, family, own).map(({ subnet }) => {
    if (family === 6) return subnet.replace(/::\/\d+$/, "::fffe");
    return subnet.replace(/\d+\/\d+$/, (end) => String(Number.parseInt(end, 10) + 3));
  });
}

/** Addresses and prefixes by the pool: which one of it a client gets is the server's business. */
export function poolsIn(config: DhcpConfig, family: Family, own: string): (address: string) => string {
  const pools = subnetsIn(config, family, own).flatMap(({ pools = [], "pd-pools": prefixes = [] }) => [
    ...pools.map(({ pool }) => {
      const [first = "", last = ""] = pool.split(" - ");
      return { name: pool, first: parseNumber(first, family)!, last: parseNumber(last, family)! };
    }),
    ...prefixes.map(({ prefix, "prefix-len": length }) => {
      return { name: `${prefix}/${length}`, ...rangeOfPrefix(parseNumber(prefix, family)!, length, family) };
    }),
  ]);
  return (address) => {
    const number = parseNumber(address.split("/")[0]!, family);
    if (number === undefined) return address;
    return pools.find(({ first, last }) => first <= number && number <= last)?.name ?? address;
  };
}

export interface Comparison {
  readonly agreed: number;
  readonly asked: number;
  readonly differences: readonly string[];
}

/** Each answer agrees that has the same in all that a client uses. @param skip fields of an answer that are another matter, by the title of who asks */
export function compareSurveys(
  theirs: readonly Surveyed[],
  ours: readonly Surveyed[],
  poolOf: (address: string) => string,
  skip: (title: string, field: string, answer: Fields) => boolean,
): Comparison {
  const pooled = (text: string) => text.split(" ").map(poolOf).join(" ");
  const shown = ({ title, answer }: Surveyed) =>
    answer === undefined
      ? ["silence"]
      : Object.entries(answer)
          .filter(([name]) => !skip(title, name, answer))
          .map(([name, value]) => `${pooled(name)}=${pooled(value)}`)
          .sort();
  const other = new Map(ours.map((each) => [each.title, shown(each)]));
  const differences: string[] = [];
  for (const each of theirs) {
    const [a, b] = [shown(each), other.get(each.title) ?? ["not asked"]];
    const [lacking, added] = [a.filter((field) => !b.includes(field)), b.filter((field) => !a.includes(field))];
    if (lacking.length + added.length > 0)
      differences.push(`${each.title}: theirs ${lacking.join(" ")}; ours ${added.join(" ")}`);
  }
  return { agreed: theirs.length - differences.length, asked: theirs.length, differences };
}
