/** Every option definition says which clause defines it. */
import { findInLines, type Rule } from "../source-files.ts";

/** `option(3, "routers", "RFC 2132 §3.5", …`, whatever the function that makes it is called. */
const DEFINITION = /\b\w+\(\d+, "([a-z0-9-]+)", ("[^"]*"|[^,)]*)/;
const CLAUSE = /^"((RFC \d+|CL-SP-[\w-]+) §[\dA-Z.]+|RFC 3442)"$/; // the sections of RFC 3442 have no numbers

export const optionClauses: Rule = (files) =>
  findInLines(
    files.filter(({ path }) => path.startsWith("packages/core/src/dhcp") && !path.endsWith(".test.ts")),
    DEFINITION,
    ([, name, clause]) =>
      CLAUSE.test(clause!) ? undefined : `option ${name} has ${clause} where its clause belongs, e.g. "RFC 2132 §3.5"`,
  );
