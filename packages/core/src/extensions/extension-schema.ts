/** What an extension may be configured with. */
import type { Extension } from "@kotare/extension";
import { z } from "zod";

const NO_PARAMETERS = z.strictObject({});

/** Of its map of parameters. @throws whatever the extension throws */
export function schemaOf(extension: Extension<never>): z.ZodType {
  return extension.parameters?.({ z }) ?? NO_PARAMETERS;
}
