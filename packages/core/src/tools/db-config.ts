/** `dhcp4d db put-config` and `get-config`: a configuration moves from its file into a database, and back. */
import { systemClock } from "../base/clock.ts";
import { atOnce } from "../base/steps.ts";
import { scanConfig } from "../config/load/scan.ts";
import { configFiles } from "../daemon/config/config-files.ts";
import type { ConfigStore } from "../daemon/config/config-store.ts";
import type { Terminal } from "./leases.ts";
import { ProgressLine } from "./progress-line.ts";

export const CONFIG_ACTIONS = {
  "put-config": "Put what the file has into the database of its config-control; what is there already is replaced",
  "get-config": "Print what that database has for the server, as a file would have it",
} as const;

export interface MovedFile<Config> {
  readonly file: string;
  /** Its one key. */
  readonly root: string;
  readonly config: Config;
  /** Of the server that it is for. */
  readonly tag: string;
}

/** @returns whether all went well @throws Error in words */
export async function moveConfig<Config>(
  action: keyof typeof CONFIG_ACTIONS,
  { file, root, config, tag }: MovedFile<Config>,
  store: ConfigStore<Config>,
  { out, complain, isTerminal }: Terminal,
): Promise<boolean> {
  const database = await store.open(config);
  try {
    if (action === "get-config") {
      const stored = await database.load([tag], undefined, atOnce);
      for (const fault of stored.faults) complain(`${fault}\n`);
      out(`${JSON.stringify(store.documentOf(stored), undefined, 2)}\n`);
      return stored.faults.length === 0;
    }
    const document = scanConfig({ file, text: configFiles.read(file) }, configFiles).value;
    const given = (document as Record<string, Record<string, unknown>>)[root] ?? {};
    const { changes, kept, lost } = store.changesOf(config, given, tag, database);
    for (const what of lost) complain(`${what}: Kea's tables have no place for it\n`);
    if (lost.length > 0) {
      complain("nothing has been changed: take these out of a copy of the file, and put that\n");
      return false;
    }
    const line = new ProgressLine({ clock: systemClock, write: complain, isTerminal });
    await database.change(changes, `put-config ${file}`, (done, total) => line.show(done, total, "statements"));
    line.end();
    out(`${changes.length} entries are in ${database.name}, for the server "${tag}"\n`);
    if (kept.length > 0) out(`these stay in the file: ${kept.join(", ")}\n`);
    return true;
  } finally {
    await database.close();
  }
}
