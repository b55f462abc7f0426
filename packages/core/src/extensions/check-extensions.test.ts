/** What a configuration may name as an extension, and what is said about the rest. */
import { dirname, join } from "node:path";
import { describe, expect, it } from "vitest";
import { dhcp4Family } from "../config/dhcp4-family.ts";
import { dhcp6Family } from "../config/dhcp6-family.ts";
import { formatFault } from "../config/fault.ts";
import { parseConfig } from "../config/load/load-config.ts";
import { nowhere } from "../config/testing/parse-body.ts";
import { builtIns } from "./built-ins.ts";
import { withExtensions } from "./check-extensions.ts";
import { moduleFile, startingWith } from "./testing/module-file.ts";

/** @param entries each on a line of its own, from the third on */
function faultsOf(
  entries: string,
  { directory = "/extensions", known }: { directory?: string; known?: string[] } = {},
) {
  const text = `{ "Dhcp4": { "interfaces-config": { "interfaces": ["eth0"] }, "hooks-libraries": [\n\n${entries}] } }`;
  const family = withExtensions(dhcp4Family, { directory, known });
  return parseConfig(family, { file: "f", text }, nowhere).faults.map(formatFault);
}

const BUILT_IN = `what ${[...builtIns.keys()].join(", ")} do is built in`;

describe("Kea's libraries", () => {
  it("that are built in are accepted wherever they are said to be, for both families", () => {
    const names = ["/usr/lib/kea/hooks/libdhcp_lease_cmds.so", "/x/libdhcp_stat_cmds.so", "libdhcp_mysql.so"];
    expect(faultsOf(names.map((name) => `{"library": "${name}"}`).join(", "))).toEqual([]);
    const text = `{"Dhcp6": {"interfaces-config": {"interfaces": ["a"]}, "hooks-libraries": [{"library": "${names[0]}"}]}}`;
    const family = withExtensions(dhcp6Family, { directory: "/x", known: undefined });
    expect(parseConfig(family, { file: "f", text }, nowhere)).toMatchObject({ kind: "loaded", faults: [] });
  });

  it.each([
    '{"library": "libdhcp_flex_id.so", "parameters": {"identifier-expression": ""}}',
    '{"library": "libdhcp_legal_log.so", "parameters": {"request-parser-format": "", "response-parser-format": ""}}',
    '{"library": "libdhcp_ddns_tuning.so", "parameters": {"hostname-expr": ""}}',
    '{"library": "libdhcp_legal_log.so", "parameters": {"prerotate": "", "postrotate": "", "timestamp-format": ""}}',
  ])("may have empty texts, as with Kea: %s", (entry) => expect(faultsOf(entry)).toEqual([]));

  it.each([
    ["flex_id", `"identifier-expression": "'a'", "ignore-iaid": "true"`],
    ["lease_query", '"requesters": ["192.0.2.1"], "advanced": {"max-bulk-query-threads": 4294967296}'],
    ["legal_log", '"pattern": 1, "facility": null'],
    [
      "perfmon",
      '"alarms": [{"duration-key": {"query-type": "*", "response-type": "*", "start-event": "a", "stop-event": "b", "subnet-id": -1}, "high-water-ms": 2, "low-water-ms": 1}]',
    ],
    ["radius", '"timeout": 0, "realm": 1, "access": {"servers": [{"name": "::1", "port": 0, "secret": "a"}]}'],
    ["radius", '"timeout": 4294967296, "retries": 4294967295, "deadtime": 4294967295'],
    ["radius", '"nas-ports": [{"port": -1, "subnet-id": 4294967296}]'],
  ])("may have values that make no sense where Kea takes them: %s with %s", (name, parameters) =>
    expect(faultsOf(`{"library": "libdhcp_${name}.so", "parameters": {${parameters}}}`)).toEqual([]),
  );

  it.each([
    ["run_script", '"name": "/x", "sinc": true', 'sinc: is not a known key, and has no effect; did you mean "sync"?'],
    ["flex_id", `"identifier-expression": "'a'", "a": 1`, "a: is not a known key, and has no effect; remove it"],
    ["ddns_tuning", '"hostname-exp": 7', 'hostname-exp: .*; did you mean "hostname-expr"?'],
    ["legal_log", '"basename": "a"', 'basename: .*; did you mean "base-name"?'],
    ["lease_cmds", '"binding-variable": 7', 'binding-variable: .*; did you mean "binding-variables"?'],
    ["limits", '"constructor": {}', "constructor: is not a known key, and has no effect"],
    ["radius", '"access": {"servers": [{"name": "::1", "secret": "a", "prt": 1}]}', 'access.servers.0..prt: .*"port"'],
    ["radius", '"access": {"attributes": [{"type": 1, "raw": "61", "dat": ""}]}', 'access.attributes.0..dat: .*"data"'],
    ["radius", '"nas-ports": [{"port": 1, "subnet": 1}]', "nas-ports.0..subnet: is not a known key"],
    ["stat_cmds", '"a": 7', "a: has no effect"],
  ])("may have keys that %s does not know, where Kea takes them, with a warning: %s", (name, parameters, warning) => {
    const [fault, ...more] = faultsOf(`{"library": "libdhcp_${name}.so", "parameters": {\n${parameters}}}`);
    expect(fault).toMatch(new RegExp(`^f:4:\\d+: warning: Dhcp4.hooks-libraries.0..parameters.${warning}`));
    expect(more).toEqual([]);
  });

  it.each([
    [
      '{"library": "/x/libdhcp_lease_cmds.so", "parameters": {"binding-variables": [\n{"name": "a", "expression": "option[1", "source": "query"}]}}',
      expect.stringMatching(/^f:4:29: .*binding-variables\[0\].expression: "option\[1" has an error at column 9/),
    ],
    [
      '{"library": "/x/libdhcp_lease_cmds.so", "parameters": {"binding-variables": [\n{"name": "", "expression": "option[1].hex", "source": "query"}]}}',
      expect.stringMatching(/^f:4:10: .*binding-variables\[0\].name: /),
    ],
    [
      '{"library": "/x/libdhcp_lease_cmds.so", "parameters": {"binding-variables": [\n{"name": "a", "expression": "option[1].hex", "source": "answer"}]}}',
      expect.stringMatching(/^f:4:.*binding-variables\[0\].source: /),
    ],
    [
      '{"library": "libdhcp_stat_cmds.so", "parameters": {"x": 1}}',
      "f:3:52: warning: Dhcp4.hooks-libraries[0].parameters.x: has no effect: what the library does is built in, and has no such parameter",
    ],
    [
      '{"library": "libdhcp_gss_tsig.so"}',
      `f:3:13: Dhcp4.hooks-libraries[0].library: "libdhcp_gss_tsig.so" is a hook that is not supported yet; remove the entry; ${BUILT_IN}`,
    ],
    [
      `{"library": "libdhcp_perfmon.so", "parameters": {"alarms": [\n{"duration-key": {"query-type": "DHCPDISCOVER", "response-type": "", "start-event": "c", "stop-event": "d"}, "high-water-ms": 5, "low-water-ms": 5}]}}`,
      expect.stringMatching(/^f:4:1: .*parameters.alarms\[0\]: has a low-water-ms that is not below high-water-ms/),
    ],
    [
      `{"library": "libdhcp_perfmon.so", "parameters": {"alarms": [\n{"duration-key": {"query-type": "SOLICIT", "response-type": "*", "start-event": "c", "stop-event": "d"}, "high-water-ms": 5, "low-water-ms": 4}]}}`,
      expect.stringMatching(
        /^f:4:33: .*duration-key.query-type: "SOLICIT" is no type of message, such as DHCPDISCOVER$/,
      ),
    ],
    [
      '{"library": "libdhcp_radius.so", "parameters": {"nas-ports": [\n{"port": 1, "subnet-prefix": "192.0.2.0/24"}]}}',
      expect.stringMatching(
        /^f:4:30: .*nas-ports\[0\].subnet-prefix: "192.0.2.0\/24" names nothing that is configured/,
      ),
    ],
    [
      '{"library": "libdhcp_radius.so", "parameters": {"nas-ports": [\n{"port": 1, "shared-network-name": "a"}]}}',
      expect.stringMatching(/^f:4:36: .*nas-ports\[0\].shared-network-name: "a" names nothing that is configured/),
    ],
    [
      '{"library": "libdhcp_ping_check.so", "parameters": {\n"min-ping-requests": 0}}',
      expect.stringMatching(/^f:4:22: .*parameters.min-ping-requests: 0 is too small/),
    ],
    [
      '{"library": "libdhcp_ping_check.so", "parameters": {"min-ping-requests": 91}}',
      expect.stringContaining("parameters: takes too long: min-ping-requests times reply-timeout may be 9000"),
    ],
    [
      '{"library": "/k/ours.so"}',
      `f:3:13: Dhcp4.hooks-libraries[0].library: "/k/ours.so" is no extension: only ES modules are loaded, and no libraries of machine code; write what it does as a module, "name.mjs", or remove the entry; ${BUILT_IN}`,
    ],
    [
      '{"library": "libdhcp_run_script.so", "parameters": {}}',
      `f:3:52: Dhcp4.hooks-libraries[0].parameters.name: is missing; write "name"`,
    ],
    [
      '{"library": "libdhcp_legal_log.so", "parameters": {\n"type": "mysql"}}',
      'f:4:9: Dhcp4.hooks-libraries[0].parameters.type: "mysql" needs the name of the database: write "name"',
    ],
    [
      '{"library": "libdhcp_legal_log.so", "parameters": {"type": "syslog",\n"facility": 5}}',
      "f:4:13: Dhcp4.hooks-libraries[0].parameters.facility: 5 is not a text in double quotes",
    ],
    [
      '{"library": "libdhcp_legal_log.so", "parameters": {\n"base-name": "a/b"}}',
      'f:4:14: Dhcp4.hooks-libraries[0].parameters.base-name: "a/b" has to be a name without a slash',
    ],
    [
      '{"library": "libdhcp_legal_log.so", "parameters": {\n"response-parser-format": "pkt4.foo"}}',
      'f:4:27: Dhcp4.hooks-libraries[0].parameters.response-parser-format: "pkt4.foo" has an error at column 6: "foo" is no field: expected pkt4.mac, pkt4.hlen, pkt4.htype, pkt4.ciaddr, pkt4.giaddr, pkt4.yiaddr, pkt4.siaddr, pkt4.msgtype, pkt4.transid',
    ],
    [
      `{"library": "libdhcp_flex_id.so", "parameters": {\n"identifier-expression": "substring(pkt4.mac, 0, 3"}}`,
      'f:4:26: Dhcp4.hooks-libraries[0].parameters.identifier-expression: "substring(pkt4.mac, 0, 3" has an error at column 25: expected ")" instead of the end',
    ],
    [
      `{"library": "libdhcp_flex_id.so", "parameters": {\n"identifier-expression": "relay6[0].peeraddr"}}`,
      expect.stringMatching(/^f:4:26: .*identifier-expression: "relay6\[0\]\.peeraddr" has an error at column 1/),
    ],
    [
      '{"library": "libdhcp_flex_option.so", "parameters": {"options": [\n{"code": 67}]}}',
      'f:4:1: Dhcp4.hooks-libraries[0].parameters.options[0]: needs one of "add", "supersede", "remove" and "sub-options"',
    ],
    [
      `{"library": "libdhcp_flex_option.so", "parameters": {"options": [\n{"name": "boot-file", "add": "'a'"}]}}`,
      "f:4:1: Dhcp4.hooks-libraries[0].parameters.options[0]: names no option: check name, code and space",
    ],
    [
      `{"library": "libdhcp_flex_option.so", "parameters": {"options": [\n{"code": 67, "sub-options": [{"code": 1, "add": "'a'"}]}]}}`,
      'f:4:1: Dhcp4.hooks-libraries[0].parameters.options[0]: has "sub-options" of no space: name one, for options of a vendor "vendor-4491"',
    ],
    [
      `{"library": "libdhcp_ddns_tuning.so", "parameters": {\n"hostname-expr": "'a' +"}}`,
      expect.stringMatching(/^f:4:18: .*parameters.hostname-expr: "'a' \+" has an error at column 6/),
    ],
    [
      '{"library": "libdhcp_flex_id.so"}',
      expect.stringMatching(/^f:3:\d+: Dhcp4.hooks-libraries\[0\].parameters.identifier-expression: is missing/),
    ],
  ])("%s", (entry, fault) => {
    expect(faultsOf(entry)).toEqual([fault]);
  });
});

describe("a module", () => {
  it("is named by its path, or by its name in the directory of extensions", () => {
    const path = startingWith("");
    expect(faultsOf(`{"library": "${path}"}`)).toEqual([]);
    expect(faultsOf(`{"library": "extension.mjs", "parameters": {}}`, { directory: dirname(path) })).toEqual([]);
  });

  it("says where its parameters are wrong, and what to do", () => {
    const schema = "parameters: ({ z }) => z.strictObject({ file: z.string(), class: z.enum(['a', 'b']).optional() }),";
    const path = startingWith("", schema);
    expect(faultsOf(`{"library": "${path}", "parameters": {\n"fle": "x",\n"class": "c"}}`)).toEqual([
      expect.stringMatching(/^f:3:\d+: Dhcp4\.hooks-libraries\[0\]\.parameters\.file: is missing/),
      'f:4:1: Dhcp4.hooks-libraries[0].parameters.fle: is not a known key; did you mean "file"?',
      expect.stringMatching(/^f:5:10: Dhcp4\.hooks-libraries\[0\]\.parameters\.class: "c" is not one of/),
    ]);
  });

  it.each([
    ["without parameters has none", ""],
    ["says what it drops", "parameters: ({ z }) => z.object({ file: z.string().optional() }),"],
  ])("%s", (_, schema) => {
    expect(faultsOf(`{"library": "${startingWith("", schema)}", "parameters": {\n"x": 1}}`)).toEqual([
      expect.stringContaining("f:4:1: warning: Dhcp4.hooks-libraries[0].parameters.x: is not a known key"),
    ]);
  });

  it.each([
    ["throw new Error('no'); export default 1;", "cannot be loaded: no; check the path"],
    ["export default }", "cannot be loaded: Unexpected token"],
    ["await 1; export default { name: 'x', start() {} };", "waits for something at its top level; move the await"],
    ["export const a = 1;", "has no default export with a name and a function start; write export default"],
    ["export default { name: 'x' };", "has no default export with a name and a function start"],
    ["export default { name: 'Not so', start() {} };", "has no default export with a name"],
    ["export default { name: 'x', start() {}, parameters: () => { throw new Error('oh') } };", "extension x failed"],
    ["export default { name: 'x', start() {}, parameters: () => 7 };", "extension x failed"],
  ])("%s is refused", (text, fault) => {
    const faults = faultsOf(`{"library": "${moduleFile(text)}"}`);
    expect(faults).toEqual([expect.stringContaining(fault)]);
    expect(faults[0]).toContain("f:3:");
  });

  it("that is not there is refused", () => {
    expect(faultsOf('{"library": "/nowhere/x.mjs"}')).toEqual([
      expect.stringContaining(`"/nowhere/x.mjs" cannot be loaded: Cannot find module`),
    ]);
  });
});

describe("a configuration from a control channel", () => {
  const throwing = () => moduleFile("throw new Error('it has been run');");

  it("runs no module outside of the directory of extensions", () => {
    const path = throwing();
    for (const directory of ["/extensions", join(dirname(path), "deeper"), `${dirname(path)}x`]) {
      expect(faultsOf(`{"library": "${path}"}`, { directory, known: [] })).toEqual([
        `f:3:13: Dhcp4.hooks-libraries[0].library: "${path}" is not inside ${directory}; name it in the configuration file`,
      ]);
    }
    const detour = join(dirname(path), "in", "..", "..", "x.mjs");
    expect(faultsOf(`{"library": "${detour}"}`, { directory: dirname(path), known: [] })).toHaveLength(1);
  });

  it("may name what is in the directory, and what is in force", () => {
    const path = throwing();
    const isRun = [expect.stringContaining("it has been run")];
    expect(faultsOf(`{"library": "${path}"}`, { directory: dirname(path), known: [] })).toEqual(isRun);
    expect(faultsOf(`{"library": "${path}"}`, { known: [path] })).toEqual(isRun);
  });
});

it("a library that is for one family is none for the other", () => {
  const text =
    '{"Dhcp6": {"interfaces-config": {"interfaces": ["a"]}, "hooks-libraries": [{"library": "libdhcp_ping_check.so"}]}}';
  const family = withExtensions(dhcp6Family, { directory: "/x", known: undefined });
  const faults = parseConfig(family, { file: "f", text }, nowhere).faults.map(formatFault);
  expect(faults).toEqual([
    expect.stringMatching(
      /hooks-libraries\[0\].library: "libdhcp_ping_check.so" is for DHCPv4 only; remove the entry$/,
    ),
  ]);
});

it.each([
  ['"rate-limit": "5 packets per second"', undefined],
  ['"rate-limit": "1 packet per year"', undefined],
  ['"rate-limit": " 2  packets  per day"', undefined],
  [
    '"rate-limit": "5 packets per fortnight"',
    /rate-limit: "5 packets per fortnight" is no rate: write "5 packets per second"/,
  ],
  ['"rate-limit": "4294967296 packets per second"', /is no rate/],
  ['"rate-limit": 5', /rate-limit: 5 is not a text in double quotes/],
  ['"address-limit": 0, "prefix-limit": 4294967295', undefined],
  ['"address-limit": -1', /address-limit: -1 is too small/],
  ['"prefix-limit": 4294967296', /prefix-limit: 4294967296 is too large/],
  ['"rate": "5 packets per second"', /limits\.rate: is not a known key/],
])("limits of a class: %s", (limits, fault) => {
  const classes = `[{"name": "a", "user-context": {"limits": {${limits}}}}]`;
  const faults = faultsOf(`{"library": "libdhcp_limits.so"}], "client-classes": ${classes}, "option-def": [`);
  expect(faults).toEqual(fault === undefined ? [] : [expect.stringMatching(fault)]);
});

describe("what user-context says to extensions", () => {
  const library = '{"library": "libdhcp_ddns_tuning.so"}';
  const subnet = (context: string) =>
    `{"id": 1, "subnet": "192.0.2.0/24", "user-context": {"x": 1,\n"ddns-tuning": ${context}}}`;
  const tuned = (scopes: string) => faultsOf(`${library}], ${scopes}, "option-def": [`);

  it.each([
    ['{"hostname-expr": ""}', undefined],
    ['{"hostname-expr": "pkt4.mac"}', undefined],
    ['{"hostname-expr": "pkt5.mac"}', /hostname-expr: "pkt5.mac" has an error at column 1/],
    ['{"hostname-expr": 7}', /hostname-expr: 7 is not a text in double quotes/],
    ['{"hostname-exp": "pkt4.mac"}', /hostname-exp: is not a known key, and.*; did you mean "hostname-expr"\?/],
  ])("%s", (context, fault) => {
    const [inSubnet, inNetwork] = [
      tuned(`"subnet4": [${subnet(context)}]`),
      tuned(`"shared-networks": [{"name": "n", "subnet4": [${subnet(context)}]}]`),
    ];
    expect(inSubnet).toEqual(fault === undefined ? [] : [expect.stringMatching(fault)]);
    expect(inNetwork).toEqual(fault === undefined ? [] : [expect.stringMatching(fault)]);
    if (fault === undefined) return;
    expect(inSubnet[0]).toMatch(/^f:4:\d+: (warning: )?Dhcp4\.subnet4\[0\]\.user-context\.ddns-tuning\./);
    expect(inNetwork[0]).toMatch(
      /^f:4:\d+: (warning: )?Dhcp4\.shared-networks\[0\]\.subnet4\[0\]\.user-context\.ddns-tuning\./,
    );
  });
});
