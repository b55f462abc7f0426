/** The commands that write a configuration database, on one of some kind. Tests only. */
import { expect, it } from "vitest";
import { parseConfig } from "../../config/load/load-config.ts";
import type { ConfigDatabase } from "../../config-database/config-database.ts";
import { storedConfig4 } from "../../config-database/stored-config4.ts";
import { remoteCommands4 } from "../../control/commands/remote-commands.ts";

/** @param open an empty database of DHCPv4 */
export function describeRemoteCommands(open: () => Promise<ConfigDatabase>): void {
  it("does what the remote commands say, and refuses what would not be taken", async () => {
    const database = await open();
    await using _closing = { [Symbol.asyncDispose]: () => database.close() };
    const { family } = storedConfig4.tree;
    const loaded = parseConfig(family, { file: "kea.conf", text: '{"Dhcp4": {}}' }, { read: () => "" });
    if (loaded.kind === "refused") throw new Error("refused");
    const context = {
      config: () => loaded.config,
      check: (config: typeof loaded.config) => family.check(config),
      source: { isUsed: true, database, status: () => ({ type: "mysql" }) },
    };
    const ask = async (name: string, args: object) => {
      const command = remoteCommands4.find((each) => each.name === name);
      if (command === undefined || "takesConfig" in command) throw new Error(name);
      return JSON.parse(JSON.stringify(await command.call(args, context))) as object;
    };
    const all = { "server-tags": ["all"] };
    const subnet = {
      id: 5,
      subnet: "10.5.0.0/16",
      "shared-network-name": "net",
      pools: [{ pool: "10.5.0.10 - 10.5.0.99" }],
      "option-data": [{ name: "routers", data: "10.5.0.1" }],
    };
    expect(await ask("remote-subnet4-set", { subnets: [{ ...subnet, subnet: "x" }], ...all })).toMatchObject({
      result: 1,
      text: expect.stringContaining('"x" is not an IPv4 prefix'),
    });
    expect(await ask("remote-subnet4-set", { subnets: [subnet], "server-tags": ["nobody"] })).toMatchObject({
      result: 1,
      text: 'the database has no server "nobody": make it with remote-server4-set',
    });
    expect(await ask("remote-network4-set", { "shared-networks": [{ name: "net" }], ...all })).toMatchObject({
      result: 0,
    });
    expect(await ask("remote-subnet4-set", { subnets: [subnet], ...all })).toMatchObject({
      result: 0,
      arguments: { subnets: [{ id: 5, subnet: "10.5.0.0/16" }] },
    });
    const dns = { options: [{ name: "domain-name-servers", data: "10.5.0.53" }] };
    const pool = { pools: [{ pool: "10.5.0.10-10.5.0.99" }] };
    expect(await ask("remote-option4-pool-set", { ...pool, ...dns })).toMatchObject({ result: 0 });
    expect(await ask("remote-option4-subnet-set", { subnets: [{ id: 9 }], ...dns })).toMatchObject({ result: 3 });
    expect(await ask("remote-subnet4-get-by-prefix", { subnets: [{ subnet: "10.5.0.0/16" }] })).toMatchObject({
      result: 0,
      arguments: {
        count: 1,
        subnets: [
          {
            id: 5,
            "shared-network-name": "net",
            "option-data": [{ code: 3, data: "10.5.0.1" }],
            pools: [{ pool: "10.5.0.10 - 10.5.0.99", "option-data": [{ code: 6, data: "10.5.0.53" }] }],
            metadata: { "server-tags": ["all"] },
          },
        ],
      },
    });
    await ask("remote-server4-set", { servers: [{ "server-tag": "One", description: "here" }] });
    expect(await ask("remote-server4-get-all", {})).toMatchObject({
      arguments: { servers: [{ "server-tag": "one", description: "here" }], count: 1 },
    });
    const time = (seconds: number) => ({ parameters: { "valid-lifetime": seconds } });
    await ask("remote-global-parameter4-set", { ...time(100), ...all });
    await ask("remote-global-parameter4-set", { ...time(200), "server-tags": ["one"] });
    expect(await ask("remote-global-parameter4-get-all", { "server-tags": ["one"] })).toMatchObject({
      arguments: { parameters: [time(200).parameters] },
    });
    expect(await ask("remote-global-parameter4-get-all", all)).toMatchObject({
      arguments: { parameters: [time(100).parameters] },
    });
    const classes = [{ name: "a" }, { name: "b", test: "member('a')" }, { name: "c", "follow-class-name": "a" }];
    for (const each of classes)
      expect(await ask("remote-class4-set", { "client-classes": [each], ...all })).toMatchObject({ result: 0 });
    expect(await ask("remote-class4-get-all", all)).toMatchObject({
      arguments: { "client-classes": [{ name: "a" }, { name: "c" }, { name: "b" }], count: 3 },
    });
    expect(await ask("remote-class4-del", { "client-classes": [{ name: "a" }] })).toMatchObject({
      result: 1,
      text: 'The test of "b" asks for DHCPv4 client class "a": delete or change that first.',
    });
    expect(await ask("remote-class4-get-all", all)).toMatchObject({ arguments: { count: 3 } });
    for (const name of ["b", "a"])
      expect(await ask("remote-class4-del", { "client-classes": [{ name }] })).toMatchObject({ result: 0 });
    const colour = { code: 222, name: "colour", type: "record", "record-types": "uint8, string" };
    await ask("remote-option-def4-set", { "option-defs": [colour], ...all });
    expect(await ask("remote-option-def4-get", { "option-defs": [{ code: 222 }], ...all })).toMatchObject({
      arguments: { "option-defs": [{ ...colour, space: "dhcp4" }] },
    });
    expect(
      await ask("remote-network4-del", { "shared-networks": [{ name: "net" }], "subnets-action": "delete" }),
    ).toMatchObject({ result: 0 });
    expect(await ask("remote-subnet4-list", all)).toMatchObject({ result: 3, arguments: { subnets: [], count: 0 } });
    await ask("remote-server4-del", { servers: [{ "server-tag": "one" }] });
  });
}
