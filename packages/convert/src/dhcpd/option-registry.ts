/** Which options a file of dhcpd's knows: the standard ones, and those that it defines itself. */
import type { Clause } from "./clause.ts";
import { type KnownOption, knownOptions } from "./option-names.ts";
import { is, type Token } from "./token.ts";

export type DhcpdOption = KnownOption & {
  /** The statement that defines it; `undefined` for a standard one. */
  readonly clause?: Clause;
};

export class OptionRegistry {
  /** The space of the options that the server sends. */
  readonly main: "dhcp" | "dhcp6";
  readonly #byName = new Map<string, DhcpdOption>();
  readonly #byCode = new Map<string, DhcpdOption>();
  /** Those of the file, in its order. */
  readonly defined: DhcpdOption[] = [];

  constructor(family: 4 | 6) {
    // The server of DHCPv6 reads DHCPv4's names, too.
    this.main = family === 4 ? "dhcp" : "dhcp6";
    for (const option of knownOptions) this.#add(option);
  }

  define(option: DhcpdOption): void {
    this.defined.push(option);
    this.#add(option);
  }

  #add(option: DhcpdOption): void {
    this.#byName.set(`${option.space} ${option.name}`, option);
    this.#byCode.set(`${option.space} ${option.code}`, option);
  }

  byCode(space: string, code: number): DhcpdOption | undefined {
    return this.#byCode.get(`${space} ${code}`);
  }

  /** @param name in small letters; `unknown-N` and `option-N` are codes */
  byName(space: string, name: string): DhcpdOption | undefined {
    const named = this.#byName.get(`${space} ${name}`);
    const code = /^(?:unknown|option)-(\d+)$/.exec(name)?.[1];
    if (named !== undefined || code === undefined) return named;
    return this.byCode(space, Number(code)) ?? { space, code: Number(code), name, format: "X" };
  }

  /** The options that carry those of a space. */
  carriersOf(space: string): DhcpdOption[] {
    return [...this.#byCode.values()].filter(({ format }) => format === `E${space}`);
  }
}

export interface OptionName {
  readonly space: string;
  readonly name: string;
  /** How many words it takes. */
  readonly length: number;
}

/** The name behind `option`: `a.b`, or `b`, which is one of DHCPv4 in a file of DHCPv6, too. */
export function readOptionName(tokens: readonly Token[]): OptionName {
  const first = tokens[0]?.text.toLowerCase() ?? "";
  if (!is(tokens[1], ".")) return { space: "dhcp", name: first, length: 1 };
  return { space: first, name: tokens[2]?.text.toLowerCase() ?? "", length: 3 };
}

/** The type behind `code N =` as a format. @returns `undefined` for what dhcpd would not take */
export function readOptionType(tokens: readonly Token[]): string | undefined {
  const words = tokens.map(({ text }) => text.toLowerCase());
  if (words[0] === "array" && words[1] === "of") {
    const inner = readOptionType(tokens.slice(2));
    return inner === undefined || inner === "" ? undefined : `${inner}A`;
  }
  if (words[0] === "{") {
    const fields = splitFields(tokens.slice(1, -1)).map(readOptionType);
    // An array in a record repeats its own field, and not those before it.
    return fields.some((field) => field === undefined) ? undefined : fields.join("").replaceAll("A", "a");
  }
  if (words[0] === "encapsulate") return `E${words[1] ?? ""}`;
  const isSigned = words[0] === "signed";
  const [type, size] = isSigned || words[0] === "unsigned" ? words.slice(1) : words;
  if (type === "integer") {
    const letter = { "8": "B", "16": "S", "32": "L" }[size ?? ""];
    return isSigned ? letter?.toLowerCase() : letter;
  }
  if (type === "domain-list") return size === "compressed" ? "Dc" : "D";
  return TYPES[type ?? ""];
}

const TYPES: Readonly<Record<string, string>> = {
  boolean: "f",
  "ip-address": "I",
  "ip6-address": "6",
  text: "t",
  string: "X",
  "domain-name": "d",
  zerolen: "Z",
};

function splitFields(tokens: readonly Token[]): Token[][] {
  const fields: Token[][] = [[]];
  for (const token of tokens) {
    if (is(token, ",")) fields.push([]);
    else fields.at(-1)!.push(token);
  }
  return fields;
}
