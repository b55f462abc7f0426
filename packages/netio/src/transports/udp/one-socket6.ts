/** DHCPv6 over one UDP socket of the kernel's for all interfaces, where a port is bound for all of them or for none. */

import { IPV6_UDP_HEADERS, LEAST_MTU } from "../../frames/frame6.ts";
import { FLAG, native } from "../../native.ts";
import type { SystemError } from "../../system-error.ts";
import type { ReceivedDatagram6 } from "../received-batch.ts";
import { type Endpoint6, joinGroup, joinGroupAgain, SERVER_GROUPS, Udp6Sockets } from "./udp6-sockets.ts";

/** The socket's key. */
const ALL = 0;

interface Claimed {
  readonly endpoint: Endpoint6;
  readonly besideFrames: boolean;
}

export class OneSocket6 extends Udp6Sockets<number> {
  readonly #tellsExtensions: boolean;
  /** By interface. */
  readonly #claimed = new Map<number, Claimed>();

  /** @param tellsExtensions whether the kernel is to tell which datagrams have extension headers, for `besideFrames` */
  constructor(port: number, tellsExtensions: boolean) {
    super(port);
    this.#tellsExtensions = tellsExtensions;
  }

  claim(endpoint: Endpoint6, besideFrames = false): Disposable {
    const { ifindex, name } = endpoint;
    if (this.#claimed.size === 0) this.add(ALL, this.open("", name, this.#tellsExtensions));
    const claimed: Claimed = { endpoint, besideFrames };
    this.#claimed.set(ifindex, claimed);
    for (const group of SERVER_GROUPS) {
      const fault = joinGroup(this.fdOf(ALL)!, group, endpoint);
      if (fault === undefined) continue;
      this.#release(ifindex);
      throw fault;
    }
    return {
      [Symbol.dispose]: () => {
        // A second disposal must not end what was claimed since.
        if (this.#claimed.get(ifindex) === claimed) this.#release(ifindex);
      },
    };
  }

  #release(ifindex: number): void {
    this.#claimed.delete(ifindex);
    if (this.#claimed.size === 0) this.remove(ALL);
    else for (const group of SERVER_GROUPS) native.leaveGroup(this.fdOf(ALL)!, group, ifindex);
  }

  /** No such system tells what an interface has joined. */
  refresh(): readonly SystemError[] {
    const fd = this.fdOf(ALL);
    if (fd === undefined) return [];
    return [...this.#claimed.values()].flatMap(({ endpoint }) =>
      SERVER_GROUPS.flatMap((group) => joinGroupAgain(fd, group, endpoint) ?? []),
    );
  }

  protected override isWanted({ ifindex, length }: ReceivedDatagram6, flags: number): boolean {
    const claimed = this.#claimed.get(ifindex);
    return claimed !== undefined && (!claimed.besideFrames || framesLeave(length, flags));
  }

  protected senderOf(): number {
    return ALL;
  }
}

/** What the filter of frames leaves to sockets: what is long or has headers in between. */
function framesLeave(length: number, flags: number): boolean {
  return (flags & FLAG.extensions) !== 0 || IPV6_UDP_HEADERS + length > LEAST_MTU;
}
