import { expect, test } from "vitest";
import { scriptsApart } from "./scripts-apart.ts";

test("scripts in a page become files, each once; those that are files stay", () => {
  const scripts = new Map<string, string>();
  const page = (way: string) =>
    scriptsApart('<script>let a = 1;\n</script><p><script src="b.js"></script>', way, scripts);
  page("");
  const [[name, text] = []] = scripts;
  expect(text).toBe("let a = 1;\n");
  expect(page("../")).toBe(`<script src="../${name}"></script><p><script src="b.js"></script>`);
  expect(scripts.size).toBe(1);
});
