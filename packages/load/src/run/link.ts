/** The way to the server and back. */
import type { Destination, Transport } from "@kotare/netio/transports/datagram";

export interface Link<Address> extends Disposable {
  readonly transport: Transport<Address>;
  destinationOf(client: number): Destination<Address>;
}
