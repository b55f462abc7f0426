/** Tells which classes packets are in, and what the tests of all others saw: alike in both servers. */
import type { ClassSet } from "../classify/class-set.ts";
import type { Subject } from "../expressions/expression.ts";
import { debug, defineMessages } from "../log/catalogue.ts";
import { DebugLevel } from "../log/levels.ts";
import type { Logger } from "../log/logger.ts";

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
    const log = this.#log;
    const { CLASSES_ASSIGNED, EVAL_RESULT } = this.#messages;
    const { message, classes } = packet;
    if (classes.size === 0 || !log.isEnabled(CLASSES_ASSIGNED)) return;
    const client = message.label;
    log.log(CLASSES_ASSIGNED, { client, type: this.#nameType(message.type), classes: [...classes].join(", ") });
    if (!log.isEnabled(EVAL_RESULT)) return;
    for (const { name, saw } of set.explain(packet)) log.log(EVAL_RESULT, { client, name, saw });
  }

  /**
   * Classes that came when it was known what the client gets.
   * @param before the classes until then
   * @param asked classes that the client's scopes ask for
   */
  completed(packet: S, before: ReadonlySet<string>, asked: readonly string[], set: ClassSet<S>): void {
    const log = this.#log;
    const { CLASS_ASSIGNED, EVAL_RESULT } = this.#messages;
    if (!log.isEnabled(CLASS_ASSIGNED)) return;
    const client = packet.message.label;
    for (const name of packet.classes) if (!before.has(name)) log.log(CLASS_ASSIGNED, { client, name });
    if (!log.isEnabled(EVAL_RESULT)) return;
    for (const { name, saw } of set.explain(packet, asked)) log.log(EVAL_RESULT, { client, name, saw });
  }
}
