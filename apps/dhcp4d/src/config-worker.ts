/** The thread that reads and checks a configuration beside service, and hands it over piece by piece. */
import { readFileSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { type ConfigPiece, splitConfig } from "@kotare/core/config/config-pieces";
import type { ConfigFault } from "@kotare/core/config/fault";
import { loadDhcp4Config } from "@kotare/core/config/load-dhcp4-config";

/** Sent one for each "next" of the main thread. */
export type ConfigMessage =
  | { readonly kind: "faults"; readonly faults: readonly ConfigFault[] }
  | ConfigPiece
  | { readonly kind: "end" };

function* messages(file: string): Generator<ConfigMessage> {
  const loaded = loadDhcp4Config(file, { read: (path) => readFileSync(path, "latin1") });
  yield { kind: "faults", faults: loaded.faults };
  if (loaded.kind === "loaded") yield* splitConfig(loaded.config);
  yield { kind: "end" };
}

const queue = messages(workerData as string);
parentPort?.on("message", () => {
  const next = queue.next();
  if (next.done === true) return;
  parentPort?.postMessage(next.value);
  if (next.value.kind === "end") parentPort?.close();
});
