import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { writeOptionCompletion } from "./option-completion.ts";

const script = writeOptionCompletion({
  program: "dhcp-load",
  options: {
    exchange: { type: "string", alias: "x", choices: ["renew", "rapid", "offer"] },
    "first-mac": { type: "string" },
    version: { type: "boolean" },
  },
});

/** What bash completes. */
function complete(...words: string[]): string[] {
  const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _dhcp_load`;
  const shown = `printf '%s\\n' "\${COMPREPLY[@]}"`;
  const out = execFileSync("bash", ["-c", `${script}\n${line}\n${shown}`], { encoding: "utf8" });
  return out.split("\n").filter((word) => word !== "");
}

test.each([
  [["--e"], ["--exchange"]],
  [
    ["--version", "-"],
    ["--exchange", "-x", "--first-mac", "--version", "--help", "-h"],
  ],
  [
    ["-x", "r"],
    ["renew", "rapid"],
  ],
  [["--first-mac", ""], []],
])("bash completes %j", (words, completed) => {
  expect(complete("dhcp-load", ...words)).toEqual(completed);
});
