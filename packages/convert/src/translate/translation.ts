/** What the parts of a translation share. */
import type { Resolve } from "../dhcpd/option-value.ts";
import type { Ledger } from "../ledger.ts";
import type { SettingsSurroundings } from "../statements/settings.ts";
import type { ClassBook } from "./class-book.ts";
import type { ConvertedFamily } from "./family.ts";
import type { Model } from "./model.ts";
import type { OptionWriter } from "./option-data.ts";
import type { Json } from "./parameters.ts";

export interface Translation {
  readonly family: ConvertedFamily;
  readonly model: Model;
  readonly ledger: Ledger;
  readonly resolve: Resolve;
  /** For reading statements. */
  readonly around: SettingsSurroundings;
  readonly options: OptionWriter;
  readonly classes: ClassBook;
  /** Whether hosts with an address may have a reservation for all subnets, too. */
  readonly hasTwins: boolean;
  /** Whether names are kept in the DNS. */
  readonly hasDdns: boolean;
  /** What some class sets for its members, which in dhcpd counts more than what a subnet sets. */
  readonly classKeys: ReadonlySet<string>;
  /** `libdhcp_….so` and parameters. */
  readonly hooks: Map<string, Json | undefined>;
  /** Of `libdhcp_flex_option.so`. */
  readonly computed: Json[];
}
