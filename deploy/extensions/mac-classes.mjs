// Puts clients into a class by their MAC addresses, which stand in a file, one on each line. A change counts at once.
import { readFileSync, watch } from "node:fs";
import { basename, dirname } from "node:path";
import { defineExtension } from "@kotare/extension";

export default defineExtension({
  name: "mac-classes",
  parameters: ({ z }) =>
    z.strictObject({
      file: z.string().describe("Its lines are MAC addresses such as 1a:1b:1c:1d:1e:1f; what follows # is a remark."),
      class: z.string().describe("The class that these clients are in."),
    }),

  start({ parameters: { file, class: name }, log }) {
    let macs = readMacs(file);
    // The folder: an editor puts a new file in the place of the old one.
    const watcher = watch(dirname(file), (_, changed) => {
      if (changed !== basename(file)) return;
      try {
        macs = readMacs(file);
        log.info(`${file} has ${macs.size} addresses now`);
      } catch (error) {
        log.warn(`the addresses stay as they were: ${error.message}`);
      }
    });
    return {
      identify: ({ mac }) => (macs.has(mac) ? { classes: [name] } : undefined),
      stop: () => watcher.close(),
    };
  },
});

function readMacs(file) {
  const lines = readFileSync(file, "utf8").split("\n");
  return new Set(lines.map((line) => line.replace(/#.*/, "").trim().toLowerCase()).filter((mac) => mac !== ""));
}
