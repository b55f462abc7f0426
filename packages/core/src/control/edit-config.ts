/** Commands that edit the configuration in force: they make another one, which is checked and takes over beside service. */
import { Pace } from "../base/pace.ts";
import { checkEdit } from "../config/edit/check-edit.ts";
import type { ConfigTree, TreeTypes } from "../config/edit/config-tree.ts";
import { type ConfigFault, formatFault, type Pointer } from "../config/fault.ts";
import { deepFreeze } from "../config/load/load-config.ts";
import { type Answer, failed } from "./answer.ts";

/** Pure, and it may leave room for packets. */
export type ConfigChange<Config> = (config: Config) => Config | undefined | Promise<Config | undefined>;

/** What they work on. */
export interface EditContext<Config> {
  /** The one in force. */
  config(): Config;
  /** As of `LifeContext`. */
  check(config: Config): readonly ConfigFault[];
  /** As of `LifeContext`. */
  changeConfig(change: ConfigChange<Config>): Promise<void>;
  /** The subnets in force; whatever else is there, they are found at once. */
  subnets(): SubnetIndex;
}

export interface SubnetIndex {
  byPrefix(text: string): { readonly id: number } | undefined;
}

export interface Edit<Config> {
  readonly config: Config;
  /** Once it is in force. */
  readonly answer: Answer;
  /** Where parts of it stand in the arguments. */
  readonly places?: readonly EditPlace[];
  /** What an error elsewhere means, where that says more than the error. */
  explain?(fault: ConfigFault): string;
}

export interface EditPlace {
  /** A subnet, network or class of `config`. */
  readonly part: object;
  /** What errors call it: `["arguments", "subnet4", 0]`. */
  readonly name: Pointer;
}

/**
 * Edits run one after the other, each on what the one before has made. Each step may look at all subnets.
 * @param edit pure; gives the answer where there is nothing to change
 */
export async function editConfig<T extends TreeTypes>(
  tree: ConfigTree<T>,
  context: EditContext<T["config"]>,
  edit: (config: T["config"]) => Edit<T["config"]> | Answer,
): Promise<Answer> {
  let answer: Answer | undefined;
  await context.changeConfig(async (before) => {
    const pace = new Pace();
    const made = edit(before);
    if ("result" in made) {
      answer = made;
      return undefined;
    }
    await pace.rest();
    const faults = checkEdit(tree, before, made.config, (config) => context.check(config));
    if (faults.length > 0) {
      answer = failed(faults.map((fault) => made.explain?.(fault) ?? formatFault(nameIn(fault, made))).join("; "));
      return undefined;
    }
    ({ answer } = made);
    await pace.rest();
    const config = deepFreeze(made.config);
    await pace.rest();
    return config;
  });
  return answer!;
}

/** The fault with its places as whoever gave the command knows them. */
function nameIn<Config>(fault: ConfigFault, { config, places = [] }: Edit<Config>): ConfigFault {
  const named = (pointer: Pointer): Pointer => {
    let value: unknown = config;
    for (const [i, step] of pointer.slice(1).entries()) {
      value = (value as Record<string | number, unknown> | undefined)?.[step];
      const place = places.find(({ part }) => part === value);
      if (place !== undefined) return [...place.name, ...pointer.slice(i + 2)];
    }
    return pointer;
  };
  return { ...fault, pointer: named(fault.pointer), other: fault.other && named(fault.other) };
}
