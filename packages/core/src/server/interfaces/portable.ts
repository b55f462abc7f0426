/** Whether packets go through Node's own sockets, and what is said about that. */
import { nativeFault } from "@kotare/netio/native";
import type { Capability } from "../../daemon/capabilities.ts";
import type { Logger } from "../../log/logger.ts";
import type { ServerMessages } from "../messages.ts";
import { NEEDED_CAPABILITIES } from "./sockets.ts";

interface Portable {
  readonly "user-context"?:
    | { readonly kotare?: { readonly transport?: "portable" | undefined } | undefined }
    | undefined;
}

/** Asked for, or all there is. */
export function isPortable(config: Portable): boolean {
  return nativeFault !== undefined || config["user-context"]?.kotare?.transport === "portable";
}

/** What a server cannot do without on Linux. */
export function neededCapabilities(config: Portable): readonly Capability[] {
  return isPortable(config) ? ["CAP_NET_BIND_SERVICE"] : NEEDED_CAPABILITIES;
}

/**
 * Says what there is less than with the addon.
 * @returns what is to be told of replies that cannot be sent
 */
export function announcePortable(log: Logger, messages: ServerMessages, limits: string): (error: Error) => void {
  if (nativeFault !== undefined) log.log(messages.NATIVE_MISSING, { error: nativeFault.message });
  log.log(messages.PORTABLE_TRANSPORT, { limits });
  return (error) => log.log(messages.SEND_REFUSED, { error: error.message });
}
