/** The repository's top folder, found from the sources and from the bundles in e2e/dist alike. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

function findTop(folder: string): string {
  return existsSync(join(folder, "pnpm-workspace.yaml")) ? folder : findTop(dirname(folder));
}

export const top = findTop(dirname(fileURLToPath(import.meta.url)));
