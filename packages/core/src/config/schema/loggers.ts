/** `loggers`: what is logged, and where to. */
import { z } from "zod";
import { count, flag, remarks, text } from "./field.ts";
import { asKea, isEmpty, type KeaMap } from "./kea-form.ts";
import { renamed } from "./renamed.ts";

const SEVERITIES = ["FATAL", "ERROR", "WARN", "INFO", "DEBUG", "NONE"] as const;

function isFile({ output }: KeaMap): boolean {
  return !/^(stdout|stderr|syslog|syslog:.*)$/.test(output as string);
}

const LoggerOutput = z.strictObject({
  output: text("`stdout`, `stderr`, `syslog`, `syslog:facility`, or a file."),
  flush: flag("Write each line at once.").default(true),
  maxsize: asKea(count("Size in bytes at which the file is rotated; below 204800 never.").default(10_240_000), {
    isSilent: (_, map) => !isFile(map),
  }),
  maxver: asKea(count("How many rotated files are kept.").default(1), { isSilent: (_, map) => !isFile(map) }),
  pattern: text("The layout of a line in log4cplus's notation; empty for the usual one.").default(""),
});

const outputs = z.array(LoggerOutput).describe("Where lines of this logger go.");

export const Logger = renamed(
  z.strictObject({
    name: text(
      "Kea's name of the daemon, `kea-dhcp4`, `kea-dhcp6` or `kea-dhcp-ddns`, or of a part of it such as `kea-dhcp4.leases`.",
    ),
    severity: z
      .string()
      .toUpperCase()
      .pipe(z.enum(SEVERITIES))
      .default("INFO")
      .describe("The least severity that is logged."),
    debuglevel: count("How much detail is logged at severity DEBUG.", { max: 99 }).default(0),
    "output-options": asKea(outputs.optional(), { isSilent: isEmpty }),
    output_options: outputs.optional(),
    ...remarks,
  }),
  { output_options: "output-options" },
  { "output-options": [] },
);

export const loggers = {
  loggers: asKea(z.array(Logger).default([]).describe("What is logged, and where to."), { isSilent: isEmpty }),
};
