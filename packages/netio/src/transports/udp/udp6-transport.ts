/** DHCPv6 over the kernel's UDP sockets: one for each served interface, joined to the groups of the servers. */

import { closeSync, readFileSync } from "node:fs";
import { IS_BSD } from "../../bsd/this-kernel.ts";
import type { SystemError } from "../../system-error.ts";
import { OneSocket6 } from "./one-socket6.ts";
import { type Endpoint6, joinGroup, joinGroupAgain, SERVER_GROUPS, Udp6Sockets } from "./udp6-sockets.ts";

/** Index, name, group, users, flags and timer of what each interface has joined. */
const JOINED_GROUPS = "/proc/self/net/igmp6";

/**
 * Receives on nothing before the first `claim`. A reply leaves through the interface in its destination, which must be
 * claimed; its source must not be tentative: EINVAL.
 */
export function openUdp6(port: number): Udp6Sockets<number> {
  return IS_BSD ? new OneSocket6(port, true) : new InterfaceSockets(port);
}

/** The sockets' key is the interface's index. */
class InterfaceSockets extends Udp6Sockets<number> {
  readonly #claimed = new Map<number, Endpoint6>();

  claim(endpoint: Endpoint6, besideFrames = false): Disposable {
    const { ifindex } = endpoint;
    // The kernel refuses a second one as long as the first is open.
    this.add(ifindex, this.#join(endpoint, besideFrames));
    this.#claimed.set(ifindex, endpoint);
    let released = false;
    return {
      [Symbol.dispose]: () => {
        // A second disposal must not close what was claimed since.
        if (released) return;
        released = true;
        this.#claimed.delete(ifindex);
        this.remove(ifindex);
      },
    };
  }

  #join(endpoint: Endpoint6, besideFrames: boolean): number {
    const fd = this.open(endpoint.name, endpoint.name, besideFrames);
    for (const group of SERVER_GROUPS) {
      const fault = joinGroup(fd, group, endpoint);
      if (fault === undefined) continue;
      closeSync(fd);
      throw fault;
    }
    return fd;
  }

  /** An interface whose IPv6 was switched off and on has forgotten its groups; the sockets have not, and are deaf. */
  refresh(): readonly SystemError[] {
    const joined = readJoinedGroups();
    const faults: SystemError[] = [];
    for (const endpoint of this.#claimed.values()) {
      const fd = this.fdOf(endpoint.ifindex);
      if (fd === undefined) continue;
      for (const group of SERVER_GROUPS) {
        if (joined.has(`${endpoint.ifindex} ${group.toString("hex")}`)) continue;
        const fault = joinGroupAgain(fd, group, endpoint);
        if (fault !== undefined) faults.push(fault);
      }
    }
    return faults;
  }

  protected senderOf(_buffer: Uint8Array, _offset: number, ifindex: number): number {
    return ifindex;
  }
}

/** Index and group of what the interfaces have joined. */
function readJoinedGroups(): ReadonlySet<string> {
  const lines = readFileSync(JOINED_GROUPS, "latin1").split("\n");
  return new Set(lines.map((line) => line.split(/\s+/, 3)).map(([ifindex, , group]) => `${ifindex} ${group}`));
}
