/** `config-write`. */
import { randomBytes } from "node:crypto";
import { closeSync, constants, readSync } from "node:fs";
import { lstat, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { z } from "zod";
import { PlainError } from "../../../base/plain-error.ts";
import { followLinks, openRegular } from "../../../base/regular-file.ts";
import { done, failed } from "../../answer.ts";
import { slicesOf } from "../../channel/slices.ts";
import { defineCommand } from "../../command.ts";
import type { DaemonContext } from "../../daemon-context.ts";
import { formatParts } from "../../kea-json.ts";

export const configWrite = defineCommand({
  name: "config-write",
  access: "write",
  summary:
    "Writes the configuration in force to the file that the server was started with, or to another file in the " +
    "same directory. If that file exists, it must be a configuration of this server. It is replaced as a whole or " +
    "not at all. Comments, the order of keys, and the division into included files are lost.",
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
    const named = filename === undefined ? own : resolve(dirname(own), filename);
    if (dirname(named) !== dirname(own)) {
      return failed(
        `not allowed to write config into ${named}: file ${named} must be in the same directory as the config file (${own})`,
      );
    }
    const config = context.configAnswer().file;
    let size: number;
    try {
      // The server's own stays where it is, when it is behind a link; another is what its name says.
      const path = named === own ? await followLinks(own) : named;
      if (named !== own) await checkOurs(path, Object.keys(config)[0]!);
      size = await replaceFile(path, slicesOf(formatParts(config, "")));
    } catch (error) {
      return failed(`Error during write-config: ${(error as Error).message}`);
    }
    return done(`Configuration written to ${named} successful`, { filename: named, size });
  },
});

/** How far into a file its kind is looked for; comments may come first. */
const BEGINNING = 64 * 1024;

/**
 * Keys, secrets and other daemons' files are in the same directory.
 * @param root the key that a configuration of this server begins with
 * @throws PlainError where something else is there
 */
async function checkOurs(path: string, root: string): Promise<void> {
  const fd = await openRegular(path, constants.O_RDONLY | constants.O_NOFOLLOW).catch(
    (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") throw error;
    },
  );
  if (fd === undefined) return;
  try {
    const bytes = Buffer.alloc(BEGINNING);
    const beginning = bytes.toString("latin1", 0, readSync(fd, bytes, 0, BEGINNING, 0));
    if (!beginning.includes(`"${root}"`)) throw new PlainError(`${path} is there, and is no ${root} configuration`);
  } finally {
    closeSync(fd);
  }
}

/** All of the new text, durably, or the file as it was. Owner and mode stay what they were. @returns bytes */
async function replaceFile(path: string, slices: AsyncIterable<string>): Promise<number> {
  const old = await lstat(path).catch(() => undefined);
  // Nobody can have put anything under that name, and nothing is opened that is there.
  const fresh = join(dirname(path), `.${basename(path)}.${randomBytes(8).toString("hex")}`);
  let size = 0;
  const file = await open(fresh, "wx", 0o640);
  try {
    try {
      for await (const slice of slices) size += (await file.write(slice, null, "latin1")).bytesWritten;
      size += (await file.write("\n")).bytesWritten;
      if (old !== undefined) {
        await file.chmod(old.mode);
        await file.chown(old.uid, old.gid).catch(() => undefined);
      }
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(fresh, path);
  } catch (error) {
    await rm(fresh, { force: true });
    throw error;
  }
  const folder = await open(dirname(path), "r");
  await folder.sync().finally(() => folder.close());
  return size;
}
