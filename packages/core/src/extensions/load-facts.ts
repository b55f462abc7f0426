/** Asks extensions for what packets lack: each once for all of them, and all extensions at the same time. */
import type { Milliseconds } from "../base/clock.ts";
import type { ExtensionError } from "./extension-error.ts";
import type { PacketFacts } from "./packet-facts.ts";
import type { RunningExtension } from "./running-extension.ts";
import type { Extensions } from "./start-extensions.ts";

/** A batch waits so long for facts. */
const FAST: Milliseconds = 1000;
/** A parked packet does: its client has sent again by then. */
const SLOW: Milliseconds = 10_000;

/** Never rejects: what could not be found out is a fault that a packet meets when it asks again. */
export async function loadFacts(extensions: Extensions, packets: readonly PacketFacts[]): Promise<void> {
  await Promise.all(extensions.map((extension) => loadFrom(extension, packets)));
}

async function loadFrom(extension: RunningExtension, packets: readonly PacketFacts[]): Promise<void> {
  const keys = new Set(packets.flatMap((packet) => [...packet.wantedOf(extension)]));
  const { facts } = extension.contributions;
  if (keys.size === 0 || facts === undefined) return;
  const asking = packets.filter((packet) => [...packet.wantedOf(extension)].length > 0);
  try {
    const found = await extension.ask("facts", () => facts.load([...keys]), facts.isSlow ? SLOW : FAST);
    if (!(found instanceof Map)) throw extension.fault("facts has to give a Map of keys and what is known of them");
    for (const packet of asking) packet.learn(extension, found);
  } catch (error) {
    for (const packet of asking) packet.fail(extension, error as ExtensionError);
  }
}
