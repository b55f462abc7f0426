/** Which classes a packet is in, and what their tests saw of it. */
import type { ClassSet } from "../../classify/class-set.ts";
import type { Section } from "../../control/explanation.ts";
import type { Subject } from "../../expressions/expression.ts";

/**
 * @param packet before it was known what the client gets
 * @param completed after that, if it came so far
 * @param asked classes that the client's scopes ask for
 */
export function explainClasses<S extends Subject>(
  packet: S,
  completed: S | undefined,
  asked: readonly string[],
  set: ClassSet<S>,
): Section {
  const late = [...(completed?.classes ?? [])].filter((name) => !packet.classes.has(name));
  return {
    title: "classes",
    lines: [
      [...packet.classes].join(", "),
      ...(late.length === 0 ? [] : [`for options only: ${late.join(", ")}`]),
      ...seen(packet, set),
      ...(completed === undefined || asked.length === 0 ? [] : seen(completed, set, asked)),
    ],
  };
}

function seen<S extends Subject>(packet: S, set: ClassSet<S>, asked?: readonly string[]): string[] {
  return set.explain(packet, asked).map(({ name, isIn, saw }) => `${name}: ${isIn ? "yes" : "no"}, ${saw}`);
}
