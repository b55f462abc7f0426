/** A DHCPv4 query that came over DHCPv6 (RFC 7341). */
import type { SubnetClues4o6 } from "../../subnets/select/select-subnet4o6.ts";

export interface Over6 {
  readonly clues: SubnetClues4o6;
  /** Sends the answer back. @param message DHCPv4's @returns whether it is not too long */
  answer(message: Uint8Array): boolean;
}
