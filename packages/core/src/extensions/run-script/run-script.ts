/** `libdhcp_run_script.so`: a script of the operator's is called for what happens to leases. */
import { defineExtension } from "@kotare/extension";
import { resolvePath } from "../../daemon/paths.ts";
import { checkExecutable } from "./check-executable.ts";
import { callsFor } from "./script-calls.ts";
import { ScriptShell } from "./script-shell.ts";

export const runScript = defineExtension({
  name: "run-script",
  parameters: ({ z }) =>
    z.object({
      name: z.string().min(1).describe("The script's path; a relative one is inside of KEA_HOOK_SCRIPTS_PATH."),
      sync: z.boolean().default(false).describe("Has no effect, as in Kea: nobody waits for the script."),
    }),
  start({ parameters: { name, sync }, family, log, directories }) {
    const path = resolvePath(directories.scripts, name);
    checkExecutable(path);
    if (sync) log.warn(`sync has no effect, as in Kea: nobody waits for ${path}`);
    const shell = new ScriptShell(path, log);
    return {
      observe(events) {
        for (const event of events) {
          for (const { point, environment } of callsFor(event, family)) shell.call(point, environment);
        }
      },
      stop: () => shell.stop(),
    };
  },
});
