/** `lease4-write` and `lease6-write`. */
import { dirname, resolve } from "node:path";
import { z } from "zod";
import { systemDisk } from "../../leases/disk.ts";
import { nameLeaseFiles } from "../../leases/lease-files.ts";
import { saveLeases } from "../../leases/save-leases.ts";
import { type Answer, done, failed } from "../answer.ts";
import { defineCommand } from "../command.ts";
import { stepsOfLeases } from "../leases/all-leases.ts";
import type { AnyLease, LeaseContext } from "../leases/lease-context.ts";

export const leaseWrite = <L extends AnyLease>(family: 4 | 6) =>
  defineCommand({
    name: `lease${family}-write`,
    access: "write",
    summary:
      "Writes all leases to a file of their own in the data directory, beside service. A file of that name is kept as " +
      "`.bak` with the number of the process. For a copy: the lease file itself is always whole.",
    arguments: z.object({ filename: z.string().min(1).describe("The file, in the data directory.") }),
    examples: [
      {
        arguments: { filename: `leases${family}-copy.csv` },
        answer: { result: 0, text: `IPv${family} lease database into '/var/lib/kea/leases${family}-copy.csv'.` },
      },
    ],
    async run({ filename }, context: LeaseContext<L>): Promise<Answer> {
      const directory = resolve(context.dataDirectory);
      const path = resolve(directory, filename);
      if (dirname(path) !== directory) {
        return failed(
          `'filename' parameter is invalid: invalid path specified: '${dirname(path)}', supported path is '${directory}'`,
        );
      }
      if (Object.values(nameLeaseFiles(context.leaseFile)).includes(path)) {
        return failed(`'filename' parameter is invalid: ${path} belongs to the leases that are in use`);
      }
      try {
        await saveLeases(systemDisk, path, `${path}.bak${process.pid}`, stepsOfLeases(context), context.leaseCsv);
      } catch (error) {
        return failed(`Error during lease${family}-write: ${(error as Error).message}`);
      }
      return done(`IPv${family} lease database into '${path}'.`);
    },
  });
