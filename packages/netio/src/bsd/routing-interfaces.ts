/** The interfaces as the BSDs and macOS tell of them: all at once by sysctl(3), and changes by a routing socket. */

import { closeSync } from "node:fs";
import type { InterfaceAddress6, Interfaces } from "../interfaces/interface.ts";
import type { Bell, InterfaceSource } from "../interfaces/interface-source.ts";
import { native } from "../native.ts";
import { checkResult, systemError } from "../system-error.ts";
import { decodeInterfaces, isAboutInterfaces } from "./routing-message.ts";
import { kernelLayout } from "./this-kernel.ts";

export class RoutingInterfaces implements InterfaceSource {
  /** The end of duplicate address detection is told nowhere, and a message that found no room is lost. */
  readonly isSilent = true;
  readonly bell: Bell | undefined;

  constructor(rings: boolean) {
    this.bell = rings
      ? {
          fd: checkResult("socket(PF_ROUTE)", native.openRouting()),
          // They come for every route as well.
          concernsUs: (message) => isAboutInterfaces(message, kernelLayout()),
        }
      : undefined;
  }

  read(): Interfaces {
    const messages = native.listInterfaces();
    if (typeof messages === "number") throw systemError("sysctl(NET_RT_IFLIST)", messages);
    return decodeInterfaces(messages, kernelLayout(), isTentative);
  }

  [Symbol.dispose](): void {
    if (this.bell !== undefined) closeSync(this.bell.fd);
  }
}

/** An address that has gone since the messages were written counts as settled: the next look does not find it. */
function isTentative(interfaceName: string, address: InterfaceAddress6["address"]): boolean {
  return native.isTentative6(interfaceName, address) === 1;
}
