/** Loads a configuration in a thread of its own: packets are served all the while. */
import { Worker } from "node:worker_threads";
import { ConfigJoiner } from "@kotare/core/config/config-pieces";
import type { Dhcp4Config } from "@kotare/core/config/dhcp4-config";
import type { ConfigFault } from "@kotare/core/config/fault";
import type { LoadedDhcp4 } from "@kotare/core/config/load-dhcp4-config";
import type { ConfigMessage } from "./config-worker.ts";

/** @throws when the thread itself fails, say for want of memory */
export function loadConfigBeside(file: string): Promise<LoadedDhcp4> {
  const worker = new Worker(new URL("./config-worker.mjs", import.meta.url), { workerData: file });
  const joiner = new ConfigJoiner<Dhcp4Config>();
  let faults: readonly ConfigFault[] = [];
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the thread that reads the configuration ended early")));
    worker.on("message", (message: ConfigMessage) => {
      if (message.kind === "end") {
        const { config } = joiner;
        resolve(config === undefined ? { kind: "refused", faults } : { kind: "loaded", config, faults });
        return;
      }
      if (message.kind === "faults") faults = message.faults;
      else joiner.add(message);
      // Between two pieces everything else has its turn.
      setImmediate(() => worker.postMessage("next"));
    });
    worker.postMessage("next");
  });
}
