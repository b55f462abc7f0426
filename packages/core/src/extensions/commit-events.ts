/** Asks extensions whether what packets change is safe with them: all at the same time, and each for all packets of a batch. */
import type { Exchange } from "@kotare/extension";
import type { Milliseconds } from "../base/clock.ts";
import type { ExtensionError } from "./extension-error.ts";
import type { RunningExtension } from "./running-extension.ts";

/** Clients have sent again by then, more than once. */
const PATIENCE: Milliseconds = 10_000;

/** Why an event is not safe: the words of an extension, or the extension's fault. */
export type Refusal = string | ExtensionError;

/** Never rejects. @param stored as `Contributions.commit` has it @returns those that are not safe with one of them */
export async function commitEvents(
  extensions: readonly RunningExtension[],
  events: readonly Exchange[],
  stored: Promise<readonly Exchange[]>,
): Promise<ReadonlyMap<Exchange, Refusal>> {
  const refusals = await Promise.all(extensions.map((extension) => commitTo(extension, events, stored)));
  return new Map(refusals.flatMap((each) => [...each]));
}

async function commitTo(
  extension: RunningExtension,
  events: readonly Exchange[],
  stored: Promise<readonly Exchange[]>,
): Promise<ReadonlyMap<Exchange, Refusal>> {
  const { name, contributions } = extension;
  try {
    const refused = await extension.ask("commit", () => contributions.commit?.(events, stored), PATIENCE);
    return new Map(readRefused(refused, extension).map(([event, why]) => [event, `extension ${name}: ${why}`]));
  } catch (error) {
    return new Map(events.map((event) => [event, error as ExtensionError]));
  }
}

/** @throws ExtensionError where it is none of what `commit` may give */
function readRefused(refused: unknown, extension: RunningExtension): readonly [Exchange, string][] {
  if (refused === undefined) return [];
  if (refused instanceof Map && [...refused.values()].every((why) => typeof why === "string")) return [...refused];
  throw extension.fault("commit has to give a Map of events that are not safe and why, or nothing");
}
