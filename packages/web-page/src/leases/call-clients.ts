/** Has clients come back at once: DHCPFORCERENEW or RECONFIGURE. */
import type { DhcpConfig } from "../configuration/config.ts";
import type { Session } from "../session.ts";
import { type Family, SERVICE_OF } from "./lease.ts";

const COMMANDS = { 4: "forcerenew", 6: "reconfigure" } as const;

/** One client, or all of a subnet or a class. */
type Whose = { readonly "ip-address": string } | { readonly "subnet-id": number } | { readonly "client-class": string };

/** @returns the daemon's words */
export async function callClients(session: Session, family: Family, whose: Whose): Promise<string> {
  try {
    const [answer] = await session.askAll([SERVICE_OF[family]], COMMANDS[family], whose);
    return answer?.text ?? "The daemon has not answered.";
  } catch (error) {
    return (error as Error).message;
  }
}

/** Whether clients can be called, of any subnet. */
export function areCallable(config: DhcpConfig | undefined, family: Family): boolean {
  const networks = config?.["shared-networks"] ?? [];
  const scopes = [config, ...networks, ...[config, ...networks].flatMap((each) => each?.[`subnet${family}`] ?? [])];
  return scopes.some((scope) => scope?.["user-context"]?.kotare?.[COMMANDS[family]] === true);
}
