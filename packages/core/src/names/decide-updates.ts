/** Who puts a client's name into the DNS: the flags of RFC 4702 §2.1 and RFC 4704 §4.1, which have the same meaning. */
import type { NameRules } from "./name-rules.ts";

/** Flags that a client sends, or a server. */
export interface UpdateFlags {
  /** S: the server does the record at the name (A or AAAA). */
  readonly serverUpdates: boolean;
  /** N: the server does no updates at all. */
  readonly noUpdates: boolean;
}

/** What the server tells and does. */
export interface Updates extends UpdateFlags {
  /** O: it is not as the client asked. */
  readonly overridden: boolean;
  readonly forward: boolean;
  readonly reverse: boolean;
}

type UpdateRules = Pick<NameRules, "sendsUpdates" | "overrideNoUpdate" | "overrideClientUpdate">;

/** RFC 4702 §4, RFC 4704 §6. @param asked never both flags: such an option is broken */
export function decideUpdates(asked: UpdateFlags, rules: UpdateRules): Updates {
  const serverUpdates = rules.sendsUpdates && wantsForward(asked, rules);
  // A client that does its own record leaves the one at the address to us, which it cannot do.
  const noUpdates = !rules.sendsUpdates || (asked.noUpdates && !serverUpdates);
  return {
    serverUpdates,
    noUpdates,
    overridden: serverUpdates !== asked.serverUpdates,
    forward: serverUpdates,
    reverse: !noUpdates,
  };
}

function wantsForward({ serverUpdates, noUpdates }: UpdateFlags, rules: UpdateRules): boolean {
  if (serverUpdates) return true;
  return noUpdates ? rules.overrideNoUpdate : rules.overrideClientUpdate;
}
