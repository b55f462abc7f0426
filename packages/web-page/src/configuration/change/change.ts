/** Changes of what a daemon has in force: checked, shown, and only then made. */
import type { Service, Session } from "../../session.ts";
import { ROOTS } from "../config.ts";

export interface Change {
  /** What is about to be done, in words. */
  readonly title: string;
  /** What there is and what there is to be, as text. */
  readonly before: string;
  readonly after: string;
  /** @throws Error with the daemon's words */
  apply(): Promise<void>;
  /** Makes it last beyond the next start; absent where it does so by itself. @throws Error with the daemon's words */
  readonly write?: () => Promise<void>;
}

/** What `hide-secrets` of the daemon has put in the place of a password. */
const HIDDEN = /"(?:[a-z-]*password|secret)"\s*:\s*"\*{5}"/;

/** The configuration in force, as the file would have it. */
export async function loadConfigText(session: Session, service: Service, signal?: AbortSignal): Promise<string> {
  const answer = await session.ask<Record<string, unknown>>(service, "config-get", undefined, signal);
  const root = ROOTS[service];
  // Without the hash, which is not the configuration's.
  return formatConfig({ [root]: answer?.[root] });
}

export function formatConfig(config: object): string {
  return JSON.stringify(config, undefined, 2);
}

/** @throws Error with all that is wrong, a line each */
export async function checkConfig(session: Session, service: Service, text: string): Promise<void> {
  await send(session, service, "config-test", text);
}

/** The same for one that nobody has typed: places in its text would say nothing. */
export async function checkMade(session: Session, service: Service, config: object): Promise<void> {
  try {
    await checkConfig(session, service, formatConfig(config));
  } catch (error) {
    throw new Error((error as Error).message.replace(/^<wire>:\d+:\d+: /gm, ""));
  }
}

/** A whole configuration, which has been checked, in the place of the one in force. */
export function configChange(session: Session, service: Service, before: string, after: string): Change {
  return {
    title: `Change the configuration of ${service}`,
    before,
    after,
    async apply() {
      if (HIDDEN.test(after)) {
        // With nothing in it, it says whether this user may at all.
        await session.sendText(service, "config-set", "{}");
        throw new Error(`The passwords in this configuration are hidden from ${session.user}: they would be lost.`);
      }
      await send(session, service, "config-set", after);
    },
    write: async () => void (await session.ask(service, "config-write")),
  };
}

async function send(session: Session, service: Service, command: string, text: string): Promise<void> {
  const { result, text: said = "" } = await session.sendText(service, command, text);
  if (result !== 0) throw new Error(said);
}
