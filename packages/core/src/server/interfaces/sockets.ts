/** What a server needs of its sockets, whatever the family, and what is said when they cannot be had. */
import { thisSystem } from "@kotare/netio/systems/this-system";
import type { Transport } from "@kotare/netio/transports/datagram";
import { capabilityAdvice, missingCapabilities } from "../../daemon/capabilities.ts";
import type { Claim, ServedInterface } from "./served-interfaces.ts";

/** Of UDP: ours, and that of clients. */
export interface Ports {
  readonly server: number;
  readonly client: number;
}

export interface Sockets<Address> extends Disposable {
  /** Opened with the first interface that is claimed at the latest; `undefined` before. */
  readonly transport: Transport<Address> | undefined;
  /** @throws an error that says what is missing or in the way */
  claim(served: ServedInterface<Address>): Claim;
  /** To be called after each change of interfaces or addresses. */
  refresh(): void;
}

/** What a DHCP server needs at most. */
export const NEEDED_CAPABILITIES = ["CAP_NET_RAW", "CAP_NET_BIND_SERVICE"] as const;

/** Opens something; says of the two usual failures what to do about them. */
export function explained<T>(open: () => T, port: number, name: string): T {
  try {
    return open();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === "EADDRINUSE") {
      const advice = `another DHCP server has UDP port ${port} there: find it with "${thisSystem.portLister(port)}" and stop it`;
      throw new Error(`${message}; ${advice}`, { cause: error });
    }
    const missing = missingCapabilities(NEEDED_CAPABILITIES);
    if ((code === "EPERM" || code === "EACCES") && missing.length > 0) {
      throw new Error(`${name}: ${capabilityAdvice(missing)}`, { cause: error });
    }
    throw error;
  }
}
