/** Looks on while a subnet is selected: where was looked, and what was found there. */
import type { Guarded } from "../../subnets/class-guard.ts";

interface Named {
  readonly id: number;
  readonly text: string;
}

export class SubnetTrace<Subnet extends Guarded & Named> {
  #lines: string[] = [];

  get lines(): readonly string[] {
    return this.#lines;
  }

  /** A packet is decided about anew. */
  begin(): void {
    this.#lines = [];
  }

  /**
   * @param where is looked, in words
   * @param accepts of whoever looks
   * @param find looks there
   */
  look(
    where: string,
    accepts: (subnet: Subnet) => boolean,
    find: (accepts: (subnet: Subnet) => boolean) => Subnet | undefined,
  ): Subnet | undefined {
    const refused: Subnet[] = [];
    const found = find((subnet) => {
      const isAccepted = accepts(subnet);
      if (!isAccepted) refused.push(subnet);
      return isAccepted;
    });
    for (const subnet of refused) this.#lines.push(`by ${where}: not ${nameSubnet(subnet)}, ${describeGuards(subnet)}`);
    this.#lines.push(`by ${where}: ${found === undefined ? "none" : nameSubnet(found)}`);
    return found;
  }
}

export function nameSubnet({ id, text }: Named): string {
  return `${text} (id ${id})`;
}

/** An extension may refuse a subnet, too. */
function describeGuards({ guards }: Guarded): string {
  if (guards.length === 0) return "which is refused";
  return `which is for clients in ${guards.map((guard) => guard.join(" or ")).join(", and in ")}`;
}
