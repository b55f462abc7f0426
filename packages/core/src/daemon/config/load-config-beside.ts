/** Loads a configuration, from its file or from a command, in a thread of its own: packets are served all the while. */
import { readFileSync } from "node:fs";
import { parentPort, Worker, workerData } from "node:worker_threads";
import type { ConfigFamily } from "../../config/config-family.ts";
import type { ConfigFault } from "../../config/fault.ts";
import { ConfigJoiner, type ConfigPiece, splitConfig } from "../../config/load/config-pieces.ts";
import { type LoadedConfig, loadConfig } from "../../config/load/load-config.ts";
import { loadCommand } from "./load-command.ts";

export type ConfigSource =
  | { readonly kind: "file"; readonly file: string; readonly known?: undefined }
  | {
      readonly kind: "command";
      /** A whole command, one character a byte, with the configuration in its arguments. */
      readonly text: string;
      /** Paths of extensions that are in force, and may be named again. */
      readonly known: readonly string[];
    };

/** Sent one for each "next" of the main thread. */
type ConfigMessage =
  | { readonly kind: "command"; readonly name: string | undefined; readonly services: readonly string[] }
  | { readonly kind: "faults"; readonly faults: readonly ConfigFault[] }
  | ConfigPiece
  | { readonly kind: "end" };

/** What came from a file has no `command`, and is for nobody else. */
export type BesideConfig<Config> = LoadedConfig<Config> & {
  readonly command: string | undefined;
  readonly services: readonly string[];
};

/**
 * @typeParam Config of the family that `script` sends
 * @param script calls `sendConfig`
 * @throws when the thread itself fails, say for want of memory
 */
export function loadConfigBeside<Config extends object>(
  script: URL,
  source: ConfigSource,
): Promise<BesideConfig<Config>> {
  const worker = new Worker(script, { workerData: source });
  const joiner = new ConfigJoiner<Config>();
  let command: string | undefined;
  let services: readonly string[] = [];
  let faults: readonly ConfigFault[] = [];
  return new Promise((resolve, reject) => {
    worker.on("error", reject);
    worker.on("exit", () => reject(new Error("the thread that reads the configuration ended early")));
    worker.on("message", (message: ConfigMessage) => {
      if (message.kind === "end") {
        const { config } = joiner;
        const loaded: LoadedConfig<Config> =
          config === undefined ? { kind: "refused", faults } : { kind: "loaded", config, faults };
        resolve({ ...loaded, command, services });
        return;
      }
      if (message.kind === "faults") faults = message.faults;
      else if (message.kind === "command") ({ name: command, services } = message);
      else joiner.add(message);
      // Between two pieces everything else has its turn.
      setImmediate(() => worker.postMessage("next"));
    });
    worker.postMessage("next");
  });
}

/**
 * The other end: the whole of the thread's script. Reads and checks the file, and hands it over piece by piece.
 * @param familyFor what is read from there
 */
export function sendConfig<Config extends object>(familyFor: (source: ConfigSource) => ConfigFamily<Config>): void {
  const source = workerData as ConfigSource;
  const queue = listMessages(familyFor(source), source);
  parentPort?.on("message", () => {
    const next = queue.next();
    if (next.done === true) return;
    parentPort?.postMessage(next.value);
    if (next.value.kind === "end") parentPort?.close();
  });
}

function* listMessages<Config extends object>(
  family: ConfigFamily<Config>,
  source: ConfigSource,
): Generator<ConfigMessage> {
  let loaded: LoadedConfig<Config>;
  if (source.kind === "file")
    loaded = loadConfig(family, source.file, { read: (path) => readFileSync(path, "latin1") });
  else {
    const { name, services, config } = loadCommand(family, source.text);
    yield { kind: "command", name, services };
    loaded = config;
  }
  yield { kind: "faults", faults: loaded.faults };
  if (loaded.kind === "loaded") yield* splitConfig(loaded.config);
  yield { kind: "end" };
}
