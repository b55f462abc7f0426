import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plant, runTool } from "./planted.ts";

/** Where the planted package finds the others. */
const PACKAGES = "../..";

/** One fault each: the file, what it holds, and the rule that must name it. */
const lint: Record<string, [text: string, rule: string]> = {
  "cycle-a.ts": ['import { b } from "./cycle-b.ts";\nexport const a = () => b;\n', "suspicious/noImportCycles"],
  "cycle-b.ts": ['import { a } from "./cycle-a.ts";\nexport const b = () => a;\n', "suspicious/noImportCycles"],
  "undeclared.ts": [
    'import { z } from "zod";\nexport const schema = z.string();\n',
    "correctness/noUndeclaredDependencies",
  ],
  "floating.ts": ["async function work() {}\nexport function start() {\n  work();\n}\n", "nursery/noFloatingPromises"],
  "floating-import.ts": [
    `import { commitAt } from "${PACKAGES}/netio/src/file.ts";\nexport function start(b: Uint8Array) {\n  commitAt(1, b, 1, 0);\n}\n`,
    "nursery/noFloatingPromises",
  ],
  "switch.ts": [
    'export function f(kind: "a" | "b") {\n  switch (kind) {\n    case "a":\n      return 1;\n  }\n  return 2;\n}\n',
    "nursery/useExhaustiveSwitchCases",
  ],
  "any.ts": ["export const f = (x: any): unknown => x;\n", "suspicious/noExplicitAny"],
  "default.ts": ["export default 1;\n", "style/noDefaultExport"],
  "re-export.ts": ['export * from "./any.ts";\n', "performance/noReExportAll"],
  "type-import.ts": ['import { T } from "./type.ts";\nexport type U = T;\n', "style/useImportType"],
  "unused-import.ts": ['import { f } from "./any.ts";\nexport const g = 1;\n', "correctness/noUnusedImports"],
};

/** One fault each: what it is about, the text, and the compiler's number for it. */
const types: Record<string, [text: string, code: string]> = {
  "no-implicit-any": ["export const f = (x) => x;", "TS7006"],
  "strict-null": ["export const f = (x: string | undefined): string => x;", "TS2322"],
  "unchecked-index": ["export const f = (x: number[]): number => x[0];", "TS2322"],
  "exact-optional": ["export const x: { a?: number } = { a: undefined };", "TS2375"],
  "implicit-override": ["class A { f() {} }\nexport class B extends A { f() {} }", "TS4114"],
  "implicit-return": ["export function f(x: boolean) { if (x) return 1; }", "TS7030"],
  "fall-through": [
    "export function f(x: number) { switch (x) { case 1: x++; case 2: return x; } return 0; }",
    "TS7029",
  ],
  "index-signature": ["export const f = (x: Record<string, number>) => x.a;", "TS4111"],
  "unused-local": ["export function f() { const x = 1; }", "TS6133"],
  "unused-parameter": ["export function f(x: number) {}", "TS6133"],
  enumeration: ["export enum E { a }", "TS1294"],
  "parameter-property": ["export class A { constructor(readonly a: number) {} }", "TS1294"],
  "type-import": [
    `import { Reader } from "${PACKAGES}/core/src/wire/reader.ts";\nimport { Clock } from "${PACKAGES}/core/src/base/clock.ts";\nexport const f = (c: Clock) => [c, Reader];`,
    "TS1484",
  ],
  "newer-than-node-20": ["export const x = Promise.withResolvers();", "TS2550"],
  "undeclared-package": ['import { z } from "zod";\nexport const x = z;', "TS2307"],
  "log-argument-missing": [log("{ a: 1 }"), "TS2345"],
  "log-argument-unknown": [log("{ a: 1, b: 0, c: 2 }"), "TS2353"],
  "log-argument-of-the-wrong-type": [log('{ a: 1, b: "192.0.2.1" }'), "TS2345"],
  "log-format-unknown": [log("{ a: 1 }", "{a:nonsense}"), "TS2345"],
};

function log(values: string, text = "{a} {b:ipv4}"): string {
  return [
    `import { defineMessages, info } from "${PACKAGES}/core/src/log/catalogue.ts";`,
    `import type { Logger } from "${PACKAGES}/core/src/log/logger.ts";`,
    `const messages = defineMessages("leases", { A_B: info("${text}", "doc") });`,
    `export const f = (logger: Logger) => logger.log(messages.A_B, ${values});`,
  ].join("\n");
}

const NAME = "@kotare/presubmit-planted";
let planted: Disposable;
const output = { lint: "", types: "", deadCode: "" };

beforeAll(() => {
  planted = plant({
    "package.json": JSON.stringify({ name: NAME, private: true, type: "module", dependencies: { yargs: "catalog:" } }),
    "tsconfig.json": JSON.stringify({ extends: "../../tsconfig.json", include: ["types"] }),
    ...Object.fromEntries(Object.entries(lint).map(([path, [text]]) => [`src/${path}`, text])),
    ...Object.fromEntries(Object.entries(types).map(([name, [text]]) => [`types/${name}.ts`, `${text}\n`])),
    "src/format.ts": "export const   x = 1\n",
    "types/clean.ts": "export const clean: readonly string[] = [];\n",
    "src/dead.test.ts": 'import { alive } from "./dead.ts";\nalive();\n',
    "src/dead.ts": "export const alive = () => {};\nexport const deadExport = 1;\n",
  });
  const folder = "packages/presubmit-planted";
  output.lint = runTool("biome", "check", "--max-diagnostics=none", "--reporter=github", `${folder}/src`).output;
  output.types = runTool("tsc", "-p", `${folder}/tsconfig.json`, "--pretty", "false").output;
  output.deadCode = runTool("knip", "--workspace", folder, "--reporter", "compact").output;
}, 60_000);
afterAll(() => planted[Symbol.dispose]());

describe("the linter", () => {
  it.each(Object.entries(lint).map(([path, [, rule]]) => [rule, path]))("has %s, which refuses %s", (rule, path) => {
    const reports = output.lint.split("\n").filter((line) => line.includes(`/src/${path},`));
    expect(reports.join("\n")).toContain(`lint/${rule}`);
  });

  it("refuses another format than the usual one", () => {
    expect(output.lint).toMatch(/title=format,file=\S*\/src\/format.ts,/);
  });
});

describe("the compiler", () => {
  it.each(Object.entries(types).map(([name, [, code]]) => [name, code]))("refuses %s with %s", (name, code) => {
    const reports = output.types.split("\n").filter((line) => line.includes(`/types/${name}.ts`));
    expect(reports.join("\n")).toContain(code);
  });

  it("lets clean code pass", () => {
    expect(output.types).not.toContain("/types/clean.ts");
  });
});

describe("the search for dead code", () => {
  it.each([
    ["an export that nobody imports", "deadExport"],
    ["a file that nobody imports", "src/any.ts"],
    ["a dependency that nobody uses", "yargs"],
  ])("finds %s", (_, name) => {
    expect(output.deadCode).toContain(name);
  });

  it("leaves alone what is used", () => {
    expect(output.deadCode).not.toMatch(/\balive\b/);
  });
});
