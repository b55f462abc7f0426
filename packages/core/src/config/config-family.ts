/** What loading and checking a configuration need to know of its family. */
import type { z } from "zod";
import type { OptionSpaces } from "../options/option-spaces.ts";
import type { ConfigFault } from "./fault.ts";

/** The one key of a file. */
export type ConfigRoot = "Dhcp4" | "Dhcp6" | "DhcpDdns";

/** @typeParam Config the map inside the file's one key */
export interface ConfigFamily<Config extends object> {
  readonly root: ConfigRoot;
  readonly schema: z.ZodType<{ readonly [Root in ConfigRoot]?: Config }>;
  /** The standard options, where there are any. */
  readonly spaces: OptionSpaces | undefined;
  /** What no schema can say: whether the parts fit together. Pointers begin with `root`. */
  check(config: Config): readonly ConfigFault[];
}
