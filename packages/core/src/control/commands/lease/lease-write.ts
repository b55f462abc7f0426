/** `lease4-write` and `lease6-write`. */
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { checkReplaceable } from "../../../leases/file/check-replaceable.ts";
import { saveLeases } from "../../../leases/file/save-leases.ts";
import { systemDisk } from "../../../storage/disk.ts";
import { type Answer, done, failed } from "../../answer.ts";
import { defineCommand } from "../../command.ts";
import { stepsOfLeases } from "./all-leases.ts";
import type { AnyLease, LeaseContext } from "./lease-context.ts";

export const leaseWrite = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-write`,
    access: "write",
    summary:
      "Writes all leases to a file of their own in the data directory, while service goes on. An earlier file of " +
      "this name is kept as `.bak` with the number of the process; no other file is replaced. Use it to make a " +
      "copy: the lease file itself is always complete.",
    arguments: z.object({ filename: z.string().min(1).describe("The file, in the data directory.") }),
    examples: [
      {
        arguments: { filename: `leases${family}-copy.csv` },
        answer: { result: 0, text: `IPv${family} lease database into '/var/lib/kea/leases${family}-copy.csv'.` },
      },
    ],
    async run({ filename }, context: LeaseContext<L>): Promise<Answer> {
      const directory = resolve(context.dataDirectory);
      const parent = filename.includes("/") ? dirname(filename) : directory;
      if (parent !== directory) {
        return failed(
          `'filename' parameter is invalid: invalid path specified: '${parent}', supported path is '${directory}'`,
        );
      }
      const path = resolve(directory, filename);
      const written = done(`IPv${family} lease database into '${path}'.`);
      // It has them all at any time.
      if (path === context.leaseFile) return written;
      const obstacle = await checkReplaceable(path, context.leaseCsv);
      if (obstacle !== undefined) return failed(`'filename' parameter is invalid: ${obstacle}`);
      try {
        await saveLeases(systemDisk, path, `${path}.bak${process.pid}`, stepsOfLeases(context), context.leaseCsv);
      } catch (error) {
        return failed(`Error during lease${family}-write: ${(error as Error).message}`);
      }
      return written;
    },
  });
