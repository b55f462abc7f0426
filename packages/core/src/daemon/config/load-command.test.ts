import { describe, expect, it } from "vitest";
import { dhcp4Family } from "../../config/dhcp4-family.ts";
import { type ConfigFault, formatFault } from "../../config/fault.ts";
import { loadCommand } from "./load-command.ts";

const isError = ({ severity }: ConfigFault) => severity === "error";

/** The name and all faults; "loaded" for none. */
function load(text: string): [string | undefined, string] {
  const { name, config } = loadCommand(dhcp4Family, text);
  return [name, config.kind === "loaded" ? "loaded" : config.faults.filter(isError).map(formatFault).join("\n")];
}

const set = (args: string) => `{ "command": "config-set", "arguments": ${args} }`;

describe("a configuration in a command", () => {
  it.each([
    [set('{ "Dhcp4": {} }'), "loaded"],
    [set('{ "Dhcp4": { } , "hash": "650B" }'), "loaded"],
    ['{ "command": "config-set" }', "Missing mandatory 'arguments' parameter."],
    [set("[]"), "'arguments' parameter is not a map."],
    [set("{}"), "Missing mandatory 'Dhcp4' parameter."],
    [set('{ "Dhcp4": {}, "foo": 1 }'), "Unsupported 'foo' parameter."],
    [set('{ "Dhcp4": {\n "valid-lifetime": "x" } }'), '<wire>:2:20: Dhcp4.valid-lifetime: "x" is not a number'],
    [set('{ "Dhcp4": {\n "foo": 1 } }'), expect.stringMatching(/^<wire>:2:2: Dhcp4\.foo: is not a known key/)],
  ])("%s", (text, expected) => {
    expect(load(text)).toEqual(["config-set", expected]);
  });

  it.each([
    ["[]", "invalid command: expected toplevel entry to be a map, got list instead"],
    ['{ "arguments": { "Dhcp4": {} } }', "invalid command: does not contain mandatory 'command'"],
    ['{ "command" }', expect.stringContaining("<wire>:1:13")],
    [set('{ "Dhcp4": { <?include "/etc/passwd"?> } }'), expect.stringContaining("a command includes no files")],
  ])("is not found in %s", (text, expected) => {
    expect(load(text)).toEqual([undefined, expected]);
  });
});
