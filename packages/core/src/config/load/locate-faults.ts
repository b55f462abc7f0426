/** Looks up where faults stand: a second scan, that keeps the positions of what it is asked for. */
import type { ConfigFault, Pointer, Position } from "../fault.ts";
import { type ConfigReader, type ConfigText, Scanner, type Wanted } from "./scan.ts";

/**
 * Fills in `position` of faults that have none, by a second scan.
 * @param within where the document that the faults are of stands in the text
 */
export function locateFaults(
  source: ConfigText,
  reader: ConfigReader,
  faults: readonly ConfigFault[],
  within: Pointer = [],
): readonly ConfigFault[] {
  if (faults.every(({ position }) => position !== undefined)) return faults;
  const root = new Searched();
  const nodes = faults.map((fault) => (fault.position === undefined ? root.add([...within, ...fault.pointer]) : root));
  new Scanner(source, reader).document(root);
  return faults.map((fault, i) => {
    if (fault.position !== undefined) return fault;
    const node = nodes[i]!;
    const position = fault.at === "key" ? (node.key ?? node.value) : node.value;
    return { ...fault, position: position ?? node.nearest() };
  });
}

/** A tree of the pointers whose positions are wanted, and the positions found. */
class Searched implements Wanted {
  readonly parent: Searched | undefined;
  readonly children = new Map<string | number, Searched>();
  key: Position | undefined;
  value: Position | undefined;

  constructor(parent?: Searched) {
    this.parent = parent;
  }

  add(pointer: Pointer): Searched {
    let node: Searched = this;
    for (const step of pointer) {
      let child = node.children.get(step);
      if (child === undefined) {
        child = new Searched(node);
        node.children.set(step, child);
      }
      node = child;
    }
    return node;
  }

  /** For a key that is missing: the position of the innermost value around it that exists. */
  nearest(): Position | undefined {
    let node: Searched | undefined = this;
    while (node !== undefined && node.value === undefined) node = node.parent;
    return node?.value;
  }
}
