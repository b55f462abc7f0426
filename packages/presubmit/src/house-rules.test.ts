import { describe, expect, it } from "vitest";
import { circles } from "./rules/circles.ts";
import { digits } from "./rules/digits.ts";
import { fileLength } from "./rules/file-length.ts";
import { layers } from "./rules/layers.ts";
import { links } from "./rules/links.ts";
import { silenced, unfinished } from "./rules/marks.ts";
import { mentions } from "./rules/mentions.ts";
import { messageIds } from "./rules/message-ids.ts";
import { names } from "./rules/names.ts";
import { opening } from "./rules/opening.ts";
import { optionClauses } from "./rules/option-clauses.ts";
import { rooms } from "./rules/rooms.ts";
import { timers } from "./rules/timers.ts";
import { type Rule, readSourceFiles, type SourceFile } from "./source-files.ts";

const repository = readSourceFiles();

/** Marks that this file must not hold in one piece. */
const [DO, IGNORE, EXPECT] = ["TO" + "DO", "biome-" + "ignore", "@ts-" + "expect-error"];

type Fixture = [path: string, text: string];
const imports = (path: string, target: string): Fixture => [path, `import { x } from "${target}";\n`];
const defines = (...ids: string[]) =>
  `export const messages = defineMessages("", {\n${ids.map((id) => `  ${id}: info("text", "doc"),\n`).join("")}});\n`;

/** Each rule with what it must refuse, and what it must let pass. */
const rules: Record<string, { rule: Rule; refuses: Fixture[][]; passes: Fixture[][] }> = {
  "imports go down the layers": {
    rule: layers,
    refuses: [
      [imports("packages/core/src/ip/ipv4.ts", "../wire/reader.ts")],
      [imports("packages/core/src/log/a.ts", "../stats/statistics.ts")],
      [imports("packages/core/src/databases/a.ts", "../control/command.ts")],
      [imports("packages/core/src/daemon/a.ts", "../tools/db.ts")],
      [imports("packages/core/src/tools/a.ts", "../program/run-daemon.ts")],
      [imports("packages/core/src/config/schema/a.ts", "../../leases/model/lease4.ts")],
      [imports("packages/core/src/unheard-of/a.ts", "../base/hex.ts")],
      [imports("packages/core/src/storage/a.ts", "../leases/model/lease.ts")],
      [imports("packages/core/src/leases/table/a.ts", "../file/memfile.ts")],
      [imports("packages/core/src/leases/file/a.ts", "../database/offers.ts")],
      [imports("packages/core/src/leases/unheard-of/a.ts", "../model/lease.ts")],
      [imports("packages/core/src/leases/file/a.ts", "../testing/crash-run.ts")],
      [imports("packages/core/src/leases/file/a.ts", "./a.vectors.ts")],
      [imports("apps/d2d/src/a.ts", "@kotare/testkit/own-loopback")],
      [imports("packages/core/src/leases/a.ts", "../../../netio/src/file.ts")],
      [imports("packages/netio/src/a.ts", "@kotare/core/ip/ipv4")],
      [imports("packages/core/src/daemon/a.ts", "@kotare/core/ip/ipv4")],
      [imports("packages/core/src/daemon/a.ts", "@kotare/dhcp4d/main")],
      [imports("apps/dhcp4d/src/a.ts", "@kotare/d2d/main")],
      [imports("apps/dhcp4d/src/a.ts", "../../d2d/src/main.ts")],
      [imports("deploy/src/a.ts", "@kotare/netio/file")],
      [imports("deploy/src/a.ts", "../../apps/d2d/src/main.ts")],
      [["packages/core/src/ip/a.ts", 'const late = await import("../wire/reader.ts");\n']],
      [["packages/core/src/ip/a.ts", 'export { Reader } from "../wire/reader.ts";\n']],
      [["packages/core/src/ip/a.ts", 'import {\n  Reader,\n} from "../wire/reader.ts";\n']],
    ],
    passes: [
      [imports("packages/core/src/wire/a.ts", "../ip/ipv4.ts")],
      [imports("packages/core/src/subnets/a.ts", "../hosts/model/host4.ts")],
      [imports("packages/core/src/program/a.ts", "../tools/db.ts")],
      [imports("packages/core/src/tools/a.ts", "../daemon/paths.ts")],
      [imports("packages/core/src/leases/file/a.ts", "@kotare/netio/file")],
      [imports("packages/core/src/leases/file/a.ts", "../table/lease-table.ts")],
      [imports("packages/core/src/leases/model/a.test.ts", "../testing/test-families.ts")],
      [imports("packages/core/src/leases/testing/a.ts", "../file/memfile.ts")],
      [imports("apps/d2d/src/a.test.ts", "@kotare/testkit/own-loopback")],
      [imports("apps/dhcp4d/src/handlers/a.ts", "../query4.ts")],
      [imports("apps/dhcp4d/src/a.ts", "@kotare/core/ip/ipv4")],
    ],
  },
  "no file imports what imports it": {
    rule: circles,
    refuses: [
      [imports("apps/d2d/src/a.ts", "./b.ts"), imports("apps/d2d/src/b.ts", "./a.ts")],
      [
        ["apps/d2d/src/a.ts", 'import type { B } from "./b.ts";\n'],
        imports("apps/d2d/src/b.ts", "./c/c.ts"),
        imports("apps/d2d/src/c/c.ts", "../a.ts"),
      ],
      [imports("apps/d2d/src/a.ts", "./a.ts")],
    ],
    passes: [
      [
        imports("apps/d2d/src/a.ts", "./b.ts"),
        imports("apps/d2d/src/b.ts", "./c.ts"),
        imports("apps/d2d/src/a.ts", "./c.ts"),
      ],
    ],
  },
  "files are named after what they hold": {
    rule: names,
    refuses: [
      [["packages/core/src/base/utils.ts", ""]],
      [["packages/core/src/base/string-helpers.ts", ""]],
      [["packages/core/src/common/hex.ts", ""]],
      [["packages/core/src/leases/lease-manager.ts", ""]],
      [["packages/core/src/base/LeaseFile.ts", ""]],
      [["packages/core/src/base/lease_file.ts", ""]],
      [["packages/core/src/base/index.ts", ""]],
    ],
    passes: [
      [["packages/core/src/leases/model/lease-store.contract.ts", ""]],
      [["apps/dhcp4d/src/handlers/index.ts", ""]],
    ],
  },
  "files open with a sentence on what they are": {
    rule: opening,
    refuses: [[imports("packages/core/src/base/a.ts", "./b.ts")], [["e2e/bin/a.mjs", "#!/usr/bin/env node\nrun();\n"]]],
    passes: [
      [["packages/core/src/base/a.ts", "/** Small facts. */\n"]],
      [["packages/netio/native/a.c", "/* Frames. */\n"]],
      [["e2e/bin/a.mjs", "#!/usr/bin/env node\n// Runs.\n"]],
    ],
  },
  "nothing is left for later": {
    rule: unfinished,
    refuses: [[["packages/core/src/base/a.ts", `// ${DO} later\n`]]],
    passes: [[["packages/core/src/base/a.ts", "// The to-do list of the client.\n"]]],
  },
  "no check is silenced": {
    rule: silenced,
    refuses: [
      [["packages/core/src/base/a.ts", `// ${IGNORE} lint/x: y\n`]],
      [["packages/core/src/base/a.test.ts", `// ${EXPECT}\n`]],
    ],
    passes: [[["packages/core/src/base/a.ts", "// Errors are expected here.\n"]]],
  },
  "no file is longer than 400 lines": {
    rule: fileLength,
    refuses: [[["packages/core/src/base/a.ts", "\n".repeat(401)]]],
    passes: [[["packages/core/src/base/a.ts", "\n".repeat(400)]]],
  },
  "no folder has more than 25 files": {
    rule: rooms,
    refuses: [
      Array.from({ length: 26 }, (_, i) => [`packages/core/src/base/a${i}.ts`, ""]),
      Array.from({ length: 26 }, (_, i) => [`e2e/scenes/clients/a${i}.e2e.ts`, ""]),
    ],
    passes: [
      Array.from({ length: 25 }, (_, i) => [`packages/core/src/base/a${i}.ts`, ""]),
      Array.from({ length: 26 }, (_, i) => [`packages/core/src/base/${i % 2 === 0 ? "a" : "b"}/a${i}.ts`, ""]),
    ],
  },
  "the repository speaks of itself only": {
    rule: mentions,
    refuses: [
      [["docs/a.md", `see ${"/wo"}${"rk/"}notes\n`]],
      [["packages/core/src/base/a.ts", `// from ${"../sha"}${"red"}/reference\n`]],
      [["e2e/a.e2e.ts", `// ${"iss"}${"ue"} 2 wants this\n`]],
    ],
    passes: [[["docs/a.md", "the working tree, and a shared network\n"]]],
  },
  "links lead somewhere": {
    rule: links,
    refuses: [
      [["docs/a.md", "see [b](b.md)\n"]],
      [["docs/a.md", "# A\n[below](#more)\n"]],
      [
        ["docs/a.md", "see [b](../packages/b/README.md#why-a-b)\n"],
        ["packages/b/README.md", "# Why\n"],
      ],
    ],
    passes: [
      [["docs/a.md", "[x](https://example.org/), `[y](z)`\n## More, of it\n[below](#more-of-it)\n"]],
      [
        ["ARCHITECTURE.md", "[code](packages/b/src) [why](packages/b/README.md#why-ab)\n"],
        ["packages/b/README.md", "## Why `a.b`?\n"],
        ["packages/b/src/a.ts", ""],
      ],
    ],
  },
  "every log message is defined once and used": {
    rule: messageIds,
    refuses: [
      [["packages/core/src/a/messages.ts", defines("A_B")]],
      [
        ["packages/core/src/a/messages.ts", defines("A_B", "A_C")],
        ["packages/core/src/a/a.ts", "log(messages.A_B);\n"],
      ],
      [
        ["packages/core/src/a/messages.ts", defines("A_B")],
        ["packages/core/src/b/messages.ts", defines("A_B")],
        ["packages/core/src/a/a.ts", "log(messages.A_B);\n"],
      ],
      // A test is no use.
      [
        ["packages/core/src/a/messages.ts", defines("A_B")],
        ["packages/core/src/a/a.test.ts", "log(messages.A_B);\n"],
      ],
    ],
    passes: [
      [
        ["packages/core/src/a/messages.ts", defines("A_B")],
        ["packages/core/src/a/a.ts", "log(messages.A_B);\n"],
      ],
    ],
  },
  "what both families have carries the digit of each": {
    rule: digits,
    refuses: [
      [
        ["packages/core/src/a/pool4.ts", "export interface Pool {}\n"],
        ["packages/core/src/a/pool6.ts", "export interface Pool6 {}\n"],
      ],
      [
        ["apps/dhcp4d/src/a/place.ts", "export function place() {}\n"],
        ["apps/dhcp6d/src/a/place6.ts", "export async function place6() {}\n"],
      ],
    ],
    passes: [
      [
        ["packages/core/src/a/pool.ts", "export interface Pool {}\n"],
        ["packages/core/src/a/pool4.ts", "export interface Pool4 {}\nexport const NAK = 6;\n"],
        ["packages/core/src/a/pool6.ts", "export interface Pool6 {}\n"],
      ],
      [
        ["e2e/src/dhcp4/client.ts", "export interface Client {}\n"],
        ["e2e/src/dhcp6/client.ts", "export interface Client {}\n"],
        ["e2e/src/client6.ts", "export interface Client6 {}\n"],
      ],
    ],
  },
  "timers of any length are one": {
    rule: timers,
    refuses: [
      [["apps/d2d/src/a.ts", "setTimeout(run, wait);\n"]],
      [
        [
          "packages/core/src/leases/a.ts",
          "this.#timer = setInterval(() => {\n  f(1, [2]);\n}, seconds * 1000).unref();\n",
        ],
      ],
      [
        [
          "packages/core/src/a/a.ts",
          'import { setTimeout as pause } from "node:timers/promises";\nawait pause(wait);\n',
        ],
      ],
      [["packages/core/src/a/a.ts", 'import { setTimeout } from "node:timers/promises";\nawait setTimeout(wait);\n']],
    ],
    passes: [
      [
        [
          "apps/d2d/src/a.ts",
          "setTimeout(() => {\n  f(a, { b });\n}, 2 * PAUSE).unref();\nsocket.setTimeout(wait, f);\n",
        ],
      ],
      [["packages/core/src/base/timer.ts", "setTimeout(run, wait);\n"]],
      [["packages/core/src/a/a.test.ts", "setTimeout(run, wait);\n"]],
      [
        [
          "packages/core/src/a/a.ts",
          'import { setTimeout as pause } from "node:timers/promises";\nawait pause(REST);\n',
        ],
      ],
    ],
  },
  "every option names its clause": {
    rule: optionClauses,
    refuses: [
      [["packages/core/src/dhcp4/options/index.ts", '  routers: option(3, "routers", "", ipv4s),\n']],
      [["packages/core/src/dhcp4/options/index.ts", '  routers: option(3, "routers", "RFC 2132", ipv4s),\n']],
      [["packages/core/src/dhcp4/options/index.ts", '  routers: option(3, "routers", ipv4s),\n']],
    ],
    passes: [
      [["packages/core/src/dhcp4/options/index.ts", '  routers: option(3, "routers", "RFC 2132 §3.5", ipv4s),\n']],
    ],
  },
};

const filesOf = (fixtures: Fixture[]): SourceFile[] => fixtures.map(([path, text]) => ({ path, text }));

describe.each(Object.entries(rules))("house rule: %s", (_, { rule, refuses, passes }) => {
  it.each(refuses.map((fixtures) => [JSON.stringify(fixtures).slice(0, 120), fixtures] as const))(
    "refuses %s",
    (_title, fixtures) => {
      expect(rule(filesOf(fixtures))).not.toEqual([]);
    },
  );

  it.each(passes.map((fixtures) => [JSON.stringify(fixtures).slice(0, 120), fixtures] as const))(
    "lets pass %s",
    (_title, fixtures) => {
      expect(rule(filesOf(fixtures))).toEqual([]);
    },
  );

  it("holds in the repository", () => {
    expect(rule(repository).map(({ path, line, what }) => `${path}:${line} ${what}`)).toEqual([]);
  });
});

it("the rules see the whole repository, not an empty list", () => {
  const paths = repository.map((file) => file.path);
  expect(paths.length).toBeGreaterThan(100);
  for (const path of ["packages/core/src/ip/ipv4.ts", "packages/netio/native/netio.h", "package.json"]) {
    expect(paths).toContain(path);
  }
});
