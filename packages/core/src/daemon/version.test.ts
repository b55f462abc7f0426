import { expect, it } from "vitest";
import { describeVersion, VERSION } from "./version.ts";

const open = () => expect.unreachable("nothing is opened");
const program = { name: "dhcp4d", summary: "", exampleConfig: "", callExample: "", ports: true };

it("-W says what the build can do", () => {
  const { build } = describeVersion({ program, databases: { mysql: open, postgresql: open } }, false);
  expect(build.split("\n")).toEqual([
    `dhcp4d ${VERSION}`,
    expect.stringMatching(/^Node.js \d+\..* on linux /),
    "addon: netio.node",
    "transports: native, portable",
    "lease back-ends: memfile, mysql, postgresql",
    "host back-ends: file, mysql, postgresql",
    "configuration back-ends: mysql, postgresql",
    expect.stringMatching(/^cryptography: OpenSSL \d/),
    "",
  ]);
});

it("-W of a daemon without packets and leases has no lines about these", () => {
  const { build } = describeVersion({ program: { ...program, name: "d2d", ports: false } }, false);
  expect(build.split("\n").map((line) => line.split(":")[0])).toEqual([
    `d2d ${VERSION}`,
    expect.stringMatching(/^Node/),
    "addon",
    "cryptography",
    "",
  ]);
});

it("by Kea's name it says Kea's version first, and its own in the report", () => {
  const { short, lines, extended, build } = describeVersion({ program }, true);
  expect(lines).toBe(`${short}\ndhcp4d ${VERSION}`);
  expect(extended).toBe(`${short}\n${build}`);
});
