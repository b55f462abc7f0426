/** What a file of dhcpd's declares, without its order: groups and includes are dissolved into what is in them. */
import { type Clause, keywordOf, rawOf } from "../dhcpd/clause.ts";
import { OptionRegistry, readOptionName, readOptionType } from "../dhcpd/option-registry.ts";
import { is, type Token } from "../dhcpd/token.ts";
import type { Ledger } from "../ledger.ts";

/** Statements that hold for a part of the configuration: those of groups around it first, then its own. */
export interface Scope {
  readonly clause: Clause;
  /** As declared: of a host its name, of a subnet its prefix as dhcpd writes it. */
  readonly name: string;
  readonly statements: readonly Clause[];
}

export interface Subnet extends Scope {
  /** `range`, `range6` and `prefix6` outside of pools. */
  readonly ranges: readonly Clause[];
  readonly pools: readonly Pool[];
}

export interface Pool extends Scope {
  readonly ranges: readonly Clause[];
}

export interface Network extends Scope {
  readonly subnets: readonly Subnet[];
  /** Declared beside the subnets that their addresses are of. */
  readonly pools: readonly Pool[];
}

export interface Model {
  readonly registry: OptionRegistry;
  readonly globals: readonly Clause[];
  readonly networks: readonly Network[];
  /** Outside of shared networks. */
  readonly subnets: readonly Subnet[];
  readonly hosts: readonly Scope[];
  readonly classes: readonly Scope[];
  readonly subclasses: readonly Scope[];
  readonly zones: readonly Scope[];
  readonly keys: readonly Scope[];
  readonly peers: readonly Scope[];
}

type Lists = { -readonly [List in keyof Model]: Model[List] extends readonly (infer Entry)[] ? Entry[] : Model[List] };

interface Mutable {
  readonly subnets: Subnet[];
  readonly pools: Pool[];
}

const RANGE = /^(range6?|prefix6)$/;
const DECLARATION = /^(subnet6?|shared-network|group|host|class|subclass|pool6?|zone|key|failover|range6?|prefix6)$/;

function isDeclaration(clause: Clause): boolean {
  const keyword = keywordOf(clause);
  // Without a block these two refer to what is declared elsewhere.
  const isReference = clause.block === undefined && /^(key|failover)$/.test(keyword);
  return DECLARATION.test(keyword) && !isReference;
}

export function readModel(clauses: readonly Clause[], family: 4 | 6, ledger: Ledger): Model {
  return new ModelReader(family, ledger).read(clauses);
}

class ModelReader {
  readonly #ledger: Ledger;
  readonly #model: Lists;

  constructor(family: 4 | 6, ledger: Ledger) {
    this.#ledger = ledger;
    this.#model = {
      registry: new OptionRegistry(family),
      globals: [],
      networks: [],
      subnets: [],
      hosts: [],
      classes: [],
      subclasses: [],
      zones: [],
      keys: [],
      peers: [],
    };
  }

  read(clauses: readonly Clause[]): Model {
    const top = this.#flatten(clauses);
    this.#defineOptions(top);
    this.#model.globals.push(...this.#ownOf(top));
    this.#declare(top, [], { subnets: this.#model.subnets, pools: [] });
    return this.#model;
  }

  /** Without includes. */
  #flatten(clauses: readonly Clause[]): readonly Clause[] {
    return clauses.flatMap((clause) => {
      if (clause.fault !== undefined) {
        this.#ledger.lose(
          clause,
          `cannot be read: ${clause.fault}`,
          "correct the file; 'dhcpd -t -cf FILE' reads it, too",
        );
        return [];
      }
      if (keywordOf(clause) !== "include") return [clause];
      this.#ledger.carry(clause);
      return this.#flatten(clause.block ?? []);
    });
  }

  /** Definitions count for the whole file, wherever they stand. */
  #defineOptions(clauses: readonly Clause[]): void {
    for (const clause of clauses) {
      if (clause.block !== undefined) this.#defineOptions(this.#flatten(clause.block));
      else if (isDefinition(clause)) this.#defineOption(clause);
    }
  }

  #defineOption(clause: Clause): void {
    const { head } = clause;
    if (is(head[1], "space")) {
      this.#ledger.carry(clause);
      return;
    }
    const { space, name, length } = readOptionName(head.slice(1));
    const code = Number(head[length + 2]?.text);
    const format = readOptionType(head.slice(length + 4));
    if (!Number.isInteger(code) || format === undefined) {
      this.#ledger.lose(clause, "defines no option that can be understood", "write its definition into option-def");
      return;
    }
    this.#ledger.carry(clause);
    this.#model.registry.define({ space, name, code, format, clause });
  }

  /** Statements that are no declarations. */
  #ownOf(clauses: readonly Clause[]): Clause[] {
    return clauses.filter((clause) => !isDeclaration(clause) && !isDefinition(clause));
  }

  #declare(clauses: readonly Clause[], group: readonly Clause[], into: Mutable): void {
    for (const clause of clauses) if (isDeclaration(clause)) this.#one(clause, group, into);
  }

  #one(clause: Clause, group: readonly Clause[], into: Mutable): void {
    const model = this.#model;
    const inside = this.#flatten(clause.block ?? []);
    const own = this.#ownOf(inside);
    const scope = { clause, name: nameOf(clause), statements: [...group, ...own] };
    const keyword = keywordOf(clause);
    switch (keyword) {
      case "group":
        this.#ledger.carry(clause);
        this.#declare(inside, scope.statements, into);
        return;
      case "shared-network": {
        const network = { ...scope, subnets: [], pools: [] };
        model.networks.push(network);
        this.#declare(inside, [], network);
        return;
      }
      case "subnet":
      case "subnet6": {
        const subnet = { ...scope, ranges: rangesIn(inside), subnets: [], pools: [] };
        into.subnets.push(subnet);
        // A subnet in a subnet is none: its statements are told as forgotten.
        this.#declare(inside, [], subnet);
        return;
      }
      case "pool":
      case "pool6":
        into.pools.push({ ...scope, ranges: rangesIn(inside) });
        this.#declare(inside, [], into);
        return;
      case "range":
      case "range6":
      case "prefix6":
        return;
      default:
        model[LISTS[keyword as keyof typeof LISTS]].push(scope);
        // Hosts in a host, and classes in a class, are declared all the same.
        this.#declare(inside, [], into);
    }
  }
}

const LISTS = {
  host: "hosts",
  class: "classes",
  subclass: "subclasses",
  zone: "zones",
  key: "keys",
  failover: "peers",
} as const;

function rangesIn(clauses: readonly Clause[]): Clause[] {
  return clauses.filter((clause) => RANGE.test(keywordOf(clause)));
}

/** `option space x` and `option x code 1 = …`. */
function isDefinition({ head }: Clause): boolean {
  if (!is(head[0], "option")) return false;
  return is(head[1], "space") || is(head[2], "code") || (is(head[2], ".") && is(head[4], "code"));
}

function nameOf({ head }: Clause): string {
  const words: readonly Token[] = is(head[0], "failover") ? head.slice(2) : head.slice(1);
  return words[0]?.kind === "string" ? words[0].text : rawOf(words);
}
