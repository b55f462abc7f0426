import { describe, expect, it } from "vitest";
import { configOf, configOf6, faultsOf } from "../testing/parse-body.ts";

const sockets = (...names: string[]) =>
  `"control-sockets": [${names.map((name) => `\n{"socket-type": "unix", "socket-name": "${name}"}`).join(",")}]`;

describe("control sockets", () => {
  it.each([["/run/kea/a", "b"], ["x".repeat(107)]])("may be at %s", (...names) => {
    expect(faultsOf(sockets(...names))).toEqual([]);
  });

  it.each([
    [sockets(""), "is missing"],
    ['"control-socket": {"socket-type": "unix"}', "is missing"],
    [sockets("x".repeat(108)), "cannot be the path of a socket; give it at most 107 characters"],
    [sockets("a", "a"), '"a" is the path of another socket too'],
  ])("%.60s are refused", (body, what) => {
    expect(faultsOf(body)).toEqual([expect.stringContaining(what)]);
  });
});

describe("hooks", () => {
  const hooks = (...libraries: string[]) =>
    `"hooks-libraries": [${libraries.map((library) => `{"library": "${library}"}`).join(", ")}]`;

  it("that are built in are accepted wherever they are said to be, for both families", () => {
    const body = hooks("/usr/lib/kea/hooks/libdhcp_lease_cmds.so", "/x/libdhcp_stat_cmds.so", "libdhcp_mysql.so");
    expect(configOf(body)["hooks-libraries"]).toHaveLength(3);
    expect(configOf6(body)["hooks-libraries"]).toHaveLength(3);
  });

  it("others are refused, each at its place", () => {
    expect(faultsOf(hooks("libdhcp_ha.so", "libdhcp_lease_cmds.so", "xlibdhcp_lease_cmds.so"))).toEqual([
      expect.stringContaining("hooks-libraries[0].library"),
      expect.stringContaining("hooks-libraries[2].library"),
    ]);
  });
});
