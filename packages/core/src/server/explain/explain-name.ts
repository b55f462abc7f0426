/** Which name a client has, and what of it goes into the DNS. */
import type { Section } from "../../control/explanation.ts";

interface Name {
  readonly hostname: string;
  /** Whether we put the name into the DNS, and the address. */
  readonly forward: boolean;
  readonly reverse: boolean;
}

export function explainName({ hostname, forward, reverse }: Name): Section {
  const updates = [...(forward ? ["the address of the name"] : []), ...(reverse ? ["the name of the address"] : [])];
  const dns = updates.length === 0 ? "we put nothing into the DNS" : `we put ${updates.join(" and ")} into the DNS`;
  return { title: "name", lines: [hostname === "" ? "none" : hostname, dns] };
}
