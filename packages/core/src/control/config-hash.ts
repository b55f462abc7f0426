/** The hash by which tools see that a configuration has changed. */
import { createHash } from "node:crypto";
import { formatParts, type Json } from "./kea-json.ts";
import { slicesOf } from "./slices.ts";

/** SHA-256 of the configuration as it is written, in capital hexadecimal digits; made beside service. */
export async function hashConfig(config: Json): Promise<string> {
  const hash = createHash("sha256");
  for await (const slice of slicesOf(formatParts(config))) hash.update(slice);
  return hash.digest("hex").toUpperCase();
}
