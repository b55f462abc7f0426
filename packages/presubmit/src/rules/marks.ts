/** Unfinished work and silenced checks have no place in the repository. */
import { findInLines, type Rule } from "../source-files.ts";

const CODE = /\.(tsx?|mjs|js|c|h|sh)$|\/bin\//;
/** Put together from halves, so that this file keeps its own rule. */
const UNFINISHED = new RegExp(`\\b(TO${"DO"}|FIX${"ME"}|XX${"X"}|HA${"CK"})\\b`);
const SILENCED = new RegExp(
  `biome-${"ignore"}|@ts-${"(ignore|expect-error|nocheck)"}|eslint-${"disable"}|v8 ${"ignore"}|istanbul ${"ignore"}`,
);

export const unfinished: Rule = (files) =>
  findInLines(
    files.filter((file) => CODE.test(file.path)),
    UNFINISHED,
    (match) => `${match[0]}: do it, or open an issue`,
  );

export const silenced: Rule = (files) =>
  findInLines(
    files.filter((file) => CODE.test(file.path)),
    SILENCED,
    (match) => `${match[0]}: satisfy the check, or change the rule for everybody`,
  );
