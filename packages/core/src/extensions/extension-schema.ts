/** What an extension may be configured with. */
import type { Extension, ParameterTools } from "@kotare/extension";
import { z } from "zod";

const NO_PARAMETERS = z.strictObject({});

/** Of its map of parameters. @throws whatever the extension throws */
export function schemaOf(extension: Extension, tools: Omit<ParameterTools, "z">): z.ZodType {
  return extension.parameters?.({ ...tools, z }) ?? NO_PARAMETERS;
}
