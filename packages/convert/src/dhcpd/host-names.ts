/** Names of hosts that a file has where an address belongs. */
import { lookup } from "node:dns/promises";
import type { Clause } from "./clause.ts";
import { parseAddress, type Resolve } from "./option-value.ts";

/** Looks up all that may be a host's name. @returns what knows their addresses */
export async function resolveNames(clauses: readonly Clause[]): Promise<Resolve> {
  const found = new Map<string, readonly string[]>();
  const wanted = [...new Set(candidates(clauses))];
  await Promise.all(
    wanted.flatMap((name) =>
      ([4, 6] as const).map(async (family) => {
        try {
          const addresses = await lookup(name, { all: true, family });
          found.set(
            `${family} ${name}`,
            addresses.flatMap(({ address }) => parseAddress(address, family) ?? []),
          );
        } catch {
          // Told where the name stands.
        }
      }),
    ),
  );
  return (name, family) => found.get(`${family} ${name}`) ?? [];
}

/** Statements whose values are addresses, or may be. */
const ADDRESSED = /^(option|next-server|fixed-address6?|primary6?|secondary6?|address|peer)$/i;

/** Texts in quotes are none, so that few words that are no names are looked up. */
function candidates(clauses: readonly Clause[]): string[] {
  return clauses.flatMap(({ head, block = [] }) => {
    const inside = candidates(block);
    if (!ADDRESSED.test(head[0]?.text ?? "") || head.some(({ text }) => text === "=" || text === "space"))
      return inside;
    const names: string[] = [];
    let text = "";
    let end = -1;
    for (const token of head.slice(1)) {
      const isPart = token.kind === "word" || (token.kind === "mark" && token.text === ".");
      if (token.start !== end) {
        names.push(text);
        text = "";
      }
      text = isPart ? text + token.text : "";
      end = token.end;
    }
    names.push(text);
    // The option's own name has no dot, or a space of options before it; both are no names of hosts.
    const known = names
      .filter((name) => /^[a-z][\w-]*(\.[\w-]+)*$/i.test(name))
      .slice(head[0]?.text.toLowerCase() === "option" ? 1 : 0);
    return [
      ...inside,
      ...known.filter((name) => !/^(true|false|on|off|infinite|address|hardware|ethernet)$/i.test(name)),
    ];
  });
}
