/** The repository speaks of itself only: not of the machine it was written on. */
import { findInLines, type Rule } from "../source-files.ts";

/** Put together from halves, so that this file keeps its own rule. */
const FOREIGN = new RegExp(`\\.\\./sha${"red"}/|/wo${"rk"}/|\\bissue #?[0-9]`, "i");

export const mentions: Rule = (files) =>
  findInLines(files, FOREIGN, (match) => `'${match[0]}' means nothing to a reader of the repository`);
