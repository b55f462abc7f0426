/** Tells which classes packets are in, and what the tests of all others saw: alike in both servers. */
import { isBuiltIn } from "../../../classify/built-in-classes.ts";
import type { ClassSet } from "../../../classify/class-set.ts";
import type { Subject } from "../../../expressions/expression.ts";
import { debug, defineMessages } from "../../../log/catalogue.ts";
import { DebugLevel } from "../../../log/levels.ts";
import type { Logger } from "../../../log/logger.ts";

/** @param family `4` or `6`, as in `DHCP4_CLASSES_ASSIGNED` */
export function defineClassMessages(family: 4 | 6) {
  const assigned = defineMessages(
    `dhcp${family}`,
    {
      CLASSES_ASSIGNED: debug(
        DebugLevel.detail,
        "{client:label}: client packet has been assigned on {type} message to the following classes: {classes}",
        "The classes count in this order.",
      ),
      CLASS_ASSIGNED: debug(
        DebugLevel.detail,
        "{client:label}: client packet has been assigned to the following class: {name}",
        "It counts for options and boot fields: a scope asks for it, or a reservation in a shared network gives it.",
      ),
      CLASS_UNCONFIGURED: debug(
        DebugLevel.detail,
        "{client:label}: client packet belongs to an unconfigured class: {name}",
        "A template has made the class, and nothing is configured for its name: define it to give its clients something.",
      ),
    },
    `DHCP${family}_`,
  );
  const evaluated = defineMessages("eval", {
    EVAL_RESULT: debug(
      DebugLevel.packetData,
      "{client:label}: not in class {name}: {saw}",
      "What the class's expression saw of the packet.",
    ),
  });
  return { ...assigned, ...evaluated };
}

/** A packet with the name that it has in the log. */
type Labelled = Subject & { readonly message: { readonly label: Uint8Array; readonly type: number } };

export class ClassReporter<S extends Labelled> {
  readonly #log: Logger;
  readonly #messages: ReturnType<typeof defineClassMessages>;
  readonly #nameType: (type: number) => string;

  constructor(log: Logger, messages: ReturnType<typeof defineClassMessages>, nameType: (type: number) => string) {
    this.#log = log;
    this.#messages = messages;
    this.#nameType = nameType;
  }

  /** The classes that decide about subnet, pool and lifetimes; nothing for a packet that came to none. */
  assigned(packet: S, set: ClassSet<S>): void {
    const { message, classes } = packet;
    if (classes.size === 0) return;
    const { CLASSES_ASSIGNED } = this.#messages;
    if (this.#log.isEnabled(CLASSES_ASSIGNED)) {
      const type = this.#nameType(message.type);
      this.#log.log(CLASSES_ASSIGNED, { client: message.label, type, classes: [...classes].join(", ") });
    }
    this.#tellUnconfigured(packet, set);
    this.#explain(packet, set);
  }

  #tellUnconfigured({ message, classes }: S, set: ClassSet<S>): void {
    const { CLASS_UNCONFIGURED } = this.#messages;
    if (!this.#log.isEnabled(CLASS_UNCONFIGURED)) return;
    for (const name of classes) {
      if (isBuiltIn(name) || set.isConfigured(name)) continue;
      this.#log.log(CLASS_UNCONFIGURED, { client: message.label, name });
    }
  }

  /**
   * Classes that came when it was known what the client gets.
   * @param before the classes until then
   * @param asked classes that the client's scopes ask for
   */
  completed(packet: S, before: ReadonlySet<string>, asked: readonly string[], set: ClassSet<S>): void {
    const { CLASS_ASSIGNED } = this.#messages;
    if (this.#log.isEnabled(CLASS_ASSIGNED)) {
      const client = packet.message.label;
      for (const name of packet.classes) if (!before.has(name)) this.#log.log(CLASS_ASSIGNED, { client, name });
    }
    this.#explain(packet, set, asked);
  }

  #explain(packet: S, set: ClassSet<S>, asked?: readonly string[]): void {
    const { EVAL_RESULT } = this.#messages;
    if (!this.#log.isEnabled(EVAL_RESULT)) return;
    const client = packet.message.label;
    for (const { name, isIn, saw } of set.explain(packet, asked)) {
      if (!isIn) this.#log.log(EVAL_RESULT, { client, name, saw });
    }
  }
}
