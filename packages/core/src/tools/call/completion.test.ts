import { execFileSync } from "node:child_process";
import { describe, expect, it } from "vitest";
import { leaseCommands4 } from "../../control/commands/lease-commands.ts";
import { writeCompletion } from "./completion.ts";

const names = leaseCommands4.map(({ name }) => name);
const subCommands = new Map([
  ["call", names],
  ["db", ["init", "check"]],
]);
const script = writeCompletion("dhcp4d", { flags: ["-c", "--config"], subCommands }, leaseCommands4);

/** What bash completes. */
function complete(...words: string[]): string[] {
  const line = `COMP_WORDS=(${words.map((word) => `'${word}'`).join(" ")}); COMP_CWORD=${words.length - 1}; _dhcp4d`;
  const out = execFileSync("bash", ["-c", `${script}\n${line}\nprintf '%s\\n' "\${COMPREPLY[@]}"`], {
    encoding: "utf8",
  });
  return out.split("\n").filter((word) => word !== "");
}

describe("completion in bash", () => {
  it.each([
    [["dhcp4d", "ca"], ["call"]],
    [["dhcp4d", "--c"], ["--config"]],
    [["dhcp4d", "db", "i"], ["init"]],
    [
      ["dhcp4d", "call", "lease4-get-by-h"],
      ["lease4-get-by-hostname", "lease4-get-by-hw-address"],
    ],
    [
      ["dhcp4d", "call", "lease4-get", "i"],
      ["ip-address=", "identifier-type=", "identifier="],
    ],
    [["dhcp4d", "call", "nosuch", ""], []],
    [["dhcp4d", "-c", ""], []],
  ])("%j", (words, completed) => {
    expect(complete(...words)).toEqual(completed);
  });
});
