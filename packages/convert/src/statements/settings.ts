/** What the statements of a scope set, and under which conditions. */
import type { Clause } from "../dhcpd/clause.ts";
import type { DhcpdOption, OptionRegistry } from "../dhcpd/option-registry.ts";
import type { OptionValue, Resolve } from "../dhcpd/option-value.ts";
import type { Token } from "../dhcpd/token.ts";
import type { Ledger } from "../ledger.ts";
import type { GeneratedName } from "./generated-name.ts";
import type { ExpressionSurroundings } from "./kea-expression.ts";
import type { Variables } from "./variables.ts";

export interface OptionSetting {
  readonly option: DhcpdOption;
  readonly value: OptionValue;
  readonly clause: Clause;
}

/** `option x = …` whose value depends on the packet. */
export interface ComputedOption {
  readonly option: DhcpdOption;
  /** What `libdhcp_flex_option.so` does by the expression. */
  readonly action: "supersede" | "remove";
  /** Kea's expression. */
  readonly expression: string;
  readonly clause: Clause;
}

export interface GeneratedSetting {
  readonly name: GeneratedName;
  /** Whether it is made for the DNS. */
  readonly isForDns: boolean;
  /** Whether clients are told it. */
  readonly isTold: boolean;
  readonly clause: Clause;
}

export interface Parameter {
  /** The words behind its name. */
  readonly words: readonly Token[];
  /** `allow`, `deny` or `ignore` for those of that kind. */
  readonly permission?: string;
  /** Kea's expression of its value, where one says it. */
  readonly expression?: string;
  readonly clause: Clause;
}

/** What holds together: for all clients of the scope, or for those of one condition. */
export class Settings {
  /** By space and code. */
  readonly options = new Map<string, OptionSetting>();
  readonly computed: ComputedOption[] = [];
  /** By dhcpd's names. */
  readonly parameters = new Map<string, Parameter>();
  /** `option host-name = …` or `ddns-hostname = …` that makes a name of the address. */
  generated: GeneratedSetting | undefined;

  get isEmpty(): boolean {
    const count = this.options.size + this.computed.length + this.parameters.size;
    return count === 0 && this.generated === undefined;
  }

  /** What is set, by names that options and parameters share. */
  keys(): string[] {
    return [...this.options.keys(), ...this.computed.map(({ option }) => keyOf(option)), ...this.parameters.keys()];
  }
}

/** An arm of an `if`. */
export interface Branch {
  /** Kea's expression: that of this arm, and that the arms before do not hold. */
  readonly test: string;
  readonly clause: Clause;
  readonly settings: Settings;
}

export interface ScopeSettings {
  readonly always: Settings;
  /** Later ones count more. */
  readonly branches: readonly Branch[];
}

export function keyOf({ space, code }: DhcpdOption): string {
  return `${space} ${code}`;
}

export interface SettingsSurroundings extends ExpressionSurroundings {
  readonly registry: OptionRegistry;
  readonly resolve: Resolve;
  readonly ledger: Ledger;
  /** Of `set` in wider scopes. */
  readonly variables: Variables;
}
