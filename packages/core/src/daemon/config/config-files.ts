/** Configuration files as they are read for the scanner. */
import { readFileSync } from "node:fs";
import type { ConfigReader } from "../../config/load/scan.ts";

export const configFiles: ConfigReader = { read: (path) => readFileSync(path, "latin1") };
