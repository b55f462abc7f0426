/** `config-write`. */
import { chmod, chown, open, rename, stat, unlink } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { done, failed } from "../answer.ts";
import { defineCommand } from "../command.ts";
import type { DaemonContext } from "../daemon-context.ts";
import { formatParts } from "../kea-json.ts";
import { slicesOf } from "../slices.ts";

export const configWrite = defineCommand({
  name: "config-write",
  access: "write",
  summary:
    "Writes the configuration in force to the file that the server was started with, or to another one in the same " +
    "directory. The file is replaced as a whole or not at all. What it had beside the configuration is lost: comments, " +
    "the order of keys, and which parts were included from other files.",
  arguments: z.object({
    filename: z.string().min(1).optional().describe("The file, in the directory of the configuration file."),
  }),
  examples: [
    {
      arguments: { filename: "kea-dhcp4.new" },
      answer: {
        arguments: { filename: "/etc/kea/kea-dhcp4.new", size: 4921 },
        result: 0,
        text: "Configuration written to /etc/kea/kea-dhcp4.new successful",
      },
    },
  ],
  async run({ filename }, context: DaemonContext) {
    const own = resolve(context.configFile);
    const path = filename === undefined ? own : resolve(dirname(own), filename);
    if (dirname(path) !== dirname(own)) {
      return failed(
        `not allowed to write config into ${path}: file ${path} must be in the same directory as the config file (${own})`,
      );
    }
    let size: number;
    try {
      size = await replaceFile(path, slicesOf(formatParts(context.writtenConfig(), "")));
    } catch (error) {
      return failed(`Error during write-config: ${(error as Error).message}`);
    }
    return done(`Configuration written to ${path} successful`, { filename: path, size });
  },
});

/** All of the new text, durably, or the file as it was. Owner and mode stay what they were. @returns bytes */
async function replaceFile(path: string, slices: AsyncIterable<string>): Promise<number> {
  const old = await stat(path).catch(() => undefined);
  const fresh = join(dirname(path), `.${basename(path)}.${process.pid}`);
  let size = 0;
  try {
    const file = await open(fresh, "w", 0o640);
    try {
      for await (const slice of slices) size += (await file.write(slice, null, "latin1")).bytesWritten;
      size += (await file.write("\n")).bytesWritten;
      await file.sync();
    } finally {
      await file.close();
    }
    if (old !== undefined) {
      await chmod(fresh, old.mode);
      await chown(fresh, old.uid, old.gid).catch(() => undefined);
    }
    await rename(fresh, path);
  } catch (error) {
    await unlink(fresh).catch(() => undefined);
    throw error;
  }
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());
  return size;
}
