/** What is wrong in a database's tables of configuration, and what happens while they are read. Tests only. */
import { expect, it } from "vitest";
import { atOnce } from "../base/steps.ts";
import type { StoredChange, StoredEntry } from "../config-database/config-database.ts";
import { storedConfig4 } from "../config-database/stored-config4.ts";
import { storedConfig6 } from "../config-database/stored-config6.ts";
import type { ConfigColumn } from "../config-database/tables/config-column.ts";
import { type ConfigGround, forAll, insert, subnet4 } from "./testing/config-ground.ts";

const NOW = { modification_ts: "CURRENT_TIMESTAMP" };

/** Texts that would do harm where one of them became part of a statement. */
const INJECTIONS = [
  `'); DELETE FROM dhcp4_subnet; --`,
  `"; DROP TABLE dhcp4_subnet; --`,
  `\\'; DROP TABLE dhcp4_subnet; #`,
  "$1 ? :name %s \u00e9",
];

/** @param ground with empty tables */
export function describeConfigFaults(ground: () => ConfigGround): void {
  const definition = (id: number, code: number, more: object) =>
    insert("dhcp4_option_def", {
      ...{ id, code, name: `'own-${id}'`, space: "'dhcp4'", type: 13, is_array: "FALSE", encapsulate: "''", ...NOW },
      ...more,
    });
  const global = (id: number, name: string, value: string, type: number) => [
    insert("dhcp4_global_parameter", { id, name: `'${name}'`, value: `'${value}'`, parameter_type: type, ...NOW }),
    insert("dhcp4_global_parameter_server", forAll("parameter_id", id)),
  ];
  const option = (id: number, code: number, text: string, more: object) =>
    insert("dhcp4_options", { option_id: id, code, formatted_value: `'${text}'`, space: "'dhcp4'", ...more });

  it("tells each row that is wrong in its table, and takes all others", async () => {
    const { additional } = ground();
    await ground().change(
      4,
      ground().kind.withoutForeignKeys,
      ...subnet4(1, "10.1.0.0/16", { relay: `'["10.1.0"]'` }),
      ...subnet4(2, "10.2.0.0/16", { relay: "'10.2.0.1'" }),
      ...subnet4(3, "10.3.0.0/16", { user_context: "'[1]'" }),
      ...subnet4(4, "10.4.0.0/16", { shared_network_name: "'nowhere'" }),
      ...subnet4(5, "10.5.0.0/16", { ddns_replace_client_name: 9 }),
      ...subnet4(6, "10.6.0.0/16", { valid_lifetime: 100, min_valid_lifetime: 200 }),
      ...subnet4(7, "10.7.0.0/16"),
      ground().pool4(70, 7, "10.7.0.99", "10.7.0.10"),
      ...subnet4(8, "10.8.0.0/16"),
      ground().pool4(80, 8, "10.8.0.10", "10.8.0.99"),
      ground().pool4(81, 8, "10.8.0.50", "10.8.0.120"),
      ...subnet4(9, "10.9.0.0/16"),
      option(90, 6, "10.9.0", { dhcp4_subnet_id: 9, scope_id: 1 }),
      ...subnet4(10, "10.10.0.0/16", { [additional]: `'["a", 1]'` }),
      ...subnet4(11, "10.11.0.0/16", { allocator: "'by-dice'" }),
      ...subnet4(0, "10.12.0.0/16"),
      ...subnet4(12, "10.13.0.0/16", { t1_percent: 1.5 }),
      // What names something that is not there harms nobody.
      ground().pool4(99, 77, "10.77.0.10", "10.77.0.99"),
      option(91, 6, "10.9.0.53", { pool_id: 4711, scope_id: 5 }),
      insert("dhcp4_subnet_server", forAll("subnet_id", 4711)),
      // For a server that there is not.
      insert("dhcp4_subnet", { subnet_id: 20, subnet_prefix: "'10.20.0.0/16'", ...NOW }),
      insert("dhcp4_subnet_server", { subnet_id: 20, server_id: 4711, ...NOW }),
      ...subnet4(21, "10.21.0.0/16"),
      ground().pool4(210, 21, "10.21.0.10", "10.21.0.99"),
    );
    await using followed = await ground().follow(storedConfig4, "");
    expect(followed.config.subnet4.map(({ id }) => id)).toEqual([21]);
    expect(followed.config.subnet4[0]!.pools).toHaveLength(1);
    expect([...followed.faults].sort()).toEqual(
      [
        'options.option_id 90: data: option "domain-name-servers" (ipv4-address[]): "10.9.0" is not an IPv4 address: expected e.g. 192.0.2.1',
        'pool.id 70: pool: "10.7.0.99-10.7.0.10" is not a range of addresses; write the lower address first',
        'pool.id 81: pool: "10.8.0.50-10.8.0.120" overlaps dhcp4_pool.id 80; take 10.8.0.50 - 10.8.0.99 out of one of them',
        "subnet.subnet_id 0: id: 0 is too small; it must be at least 1",
        "subnet.subnet_id 10: evaluate-additional-classes[1]: 1 is not a text in double quotes",
        'subnet.subnet_id 11: allocator: "by-dice" is not one of the values known here; write "iterative", "random", "flq" or "shared-flq"',
        "subnet.subnet_id 12: t1-percent: 1.5 is too large; it must be at most 1",
        'subnet.subnet_id 1: relay.ip-addresses[0]: "10.1.0" is not an IPv4 address; write the relay\'s giaddr',
        'subnet.subnet_id 2: relay "10.2.0.1" is no JSON list',
        'subnet.subnet_id 3: user_context "[1]" is no JSON object',
        'subnet.subnet_id 4: shared-network-name: "nowhere" is no shared network of this server; make the network, or give it to this server, too',
        'subnet.subnet_id 5: ddns-replace-client-name: 9 is not one of the values known here; write "never", "always", "when-present" or "when-not-present"',
        'subnet.subnet_id 6: min-valid-lifetime: 200 must be at most "valid-lifetime", which is 100 here',
      ].map((fault) => `dhcp4_${fault}`),
    );
  });

  it("tells rows of the global scope that are wrong, and takes all others", async () => {
    await ground().change(
      4,
      ground().kind.withoutForeignKeys,
      ...global(1, "valid-lifetime", "soon", 0),
      ...global(2, "renew-timer", "60", 9),
      ...global(3, "authoritative", "2", 2),
      ...global(4, "no-such-key", "1", 0),
      ...global(5, "dhcp-ddns.a.b", "1", 0),
      ...global(6, "server-tag", "mine", 4),
      ...global(7, "rebind-timer", "-5", 0),
      ...global(8, "next-server", "here", 4),
      ...global(9, "boot-file-name", "file", 4),
      definition(1, 230, { type: 99 }),
      definition(2, 231, { type: 254, record_types: "'[6, 99]'" }),
      definition(3, 232, { type: 254, record_types: "'6'" }),
      definition(4, 233, { name: "'no name'" }),
      definition(5, 234, { encapsulate: "'dhcp4'" }),
      definition(6, 6, {}),
      definition(7, 235, {}),
      ...[1, 2, 3, 4, 5, 6, 7].map((id) => insert("dhcp4_option_def_server", forAll("option_def_id", id))),
      option(1, 6, "x", { scope_id: 0 }),
      option(2, 3, "10.0.0.1", { scope_id: 0 }),
      ...[1, 2].map((id) => insert("dhcp4_options_server", forAll("option_id", id))),
    );
    await ground().change(
      4,
      ...["member(''two'')", "option[", "member(''one'')", ""].flatMap((test, i) => [
        insert("dhcp4_client_class", {
          id: i + 1,
          name: `'${["one", "bad", "two", "three"][i]}'`,
          test: `'${test}'`,
          ...NOW,
        }),
        insert("dhcp4_client_class_server", forAll("class_id", i + 1)),
      ]),
      ...subnet4(21, "10.21.0.0/16"),
    );
    await using followed = await ground().follow(storedConfig4, "");
    expect(followed.config.subnet4.map(({ id }) => id)).toEqual([21]);
    expect(followed.config).toMatchObject({
      "boot-file-name": "file",
      "client-classes": [{ name: "three" }],
      "option-data": [{ code: 3 }],
      "option-def": [{ code: 235 }],
    });
    expect([...followed.faults].sort()).toEqual(
      [
        'client_class.id 1: test: asks for class "two", which is defined behind this class: move it in front; classes that ask for each other cannot be told apart',
        "client_class.id 2: test: has an error at column 8: expected option code instead of the end",
        'client_class.id 3: test: asks for class "one", which is not defined: define it before this class',
        'global_parameter.id 1: value "soon" is no number, which parameter_type says it is',
        "global_parameter.id 2: parameter_type 9 is no type of a parameter: expected 0, 1, 2 or 4",
        'global_parameter.id 3: value "2" is neither 0 nor 1, and parameter_type says it is a boolean',
        "global_parameter.id 4: no-such-key: is not a known key; remove it, or check in which map it belongs",
        "global_parameter.id 5: dhcp-ddns.a.b: is no key that a database can have; remove the row: it belongs into the file",
        "global_parameter.id 6: server-tag: is no key that a database can have; remove the row: it belongs into the file",
        "global_parameter.id 7: rebind-timer: -5 is too small; it must be at least 0",
        'global_parameter.id 8: next-server: "here" is not an IPv4 address; write four numbers from 0 to 255 such as 192.0.2.1',
        "option_def.id 1: type 99 is no type of an option",
        "option_def.id 2: record_types 99 is no type of an option",
        'option_def.id 3: record_types "6" is no JSON list of numbers',
        'option_def.id 4: name: "no name" is no name for an option: use letters, digits, "-" and "_", the last two not at the ends',
        'option_def.id 5: encapsulate: options of space "dhcp4" carry "dhcp4", which this option belongs to: break the circle',
        'option_def.id 6: code: option 6 of space "dhcp4" is the standard option "domain-name-servers", which cannot be defined anew: remove this definition and use that name, or set the bytes with "csv-format": false',
        'options.option_id 1: data: option "domain-name-servers" (ipv4-address[]): "x" is not an IPv4 address: expected e.g. 192.0.2.1',
      ].map((fault) => `dhcp4_${fault}`),
    );
  });

  it("takes a row that was left out once what was in its way has gone", async () => {
    await ground().change(4, ...subnet4(1, "10.1.0.0/16"), ...subnet4(2, "10.1.0.1/16"));
    await using followed = await ground().follow(storedConfig4, "");
    expect(followed.config.subnet4.map(({ id }) => id)).toEqual([1]);
    await ground().change(4, "DELETE FROM dhcp4_subnet WHERE subnet_id = 1");
    const next = await followed.follower.update(followed.config, atOnce);
    expect(next!.config.subnet4.map(({ id }) => id)).toEqual([2]);
    expect(next!.faults).toEqual([]);
  });

  const tags = ["all"];

  it("takes texts as they are, whatever is in them, and contexts of a million bytes", async () => {
    const database = await ground().open(storedConfig4.tables);
    await using _closing = { [Symbol.asyncDispose]: () => database.close() };
    const contexts = [...INJECTIONS.map((text) => ({ [text]: text })), { long: "x".repeat(1_000_000) }];
    const subnets = contexts.map((context, i): StoredEntry => {
      const text = INJECTIONS[i % INJECTIONS.length]!;
      return {
        ...{ id: i + 1, subnet: `10.${i}.0.0/16`, "shared-network-name": text, "user-context": context },
        ...{ interface: text, "server-hostname": text, "boot-file-name": text, "ddns-qualifying-suffix": text },
        ...{ "4o6-interface": text, "4o6-subnet": text, "client-classes": [text], pools: [] },
        "option-data": [{ code: 15, space: "dhcp4", data: text, "csv-format": true, "user-context": contexts[0] }],
      };
    });
    const entry = { "only-in-additional-list": false };
    const changes = INJECTIONS.flatMap((text) => [
      { set: "network", entry: { name: text, interface: text }, tags } as const,
      { set: "global", name: text, value: text, tag: "all" } as const,
      { set: "server", tag: text, description: text } as const,
      { set: "class", entry: { ...entry, name: text, test: text, "boot-file-name": text }, tags } as const,
      {
        set: "optionDef",
        entry: { code: 230, name: text, space: text, type: "string", encapsulate: text },
        tag: "all",
      } as const,
    ]);
    await database.change(
      [...changes, ...subnets.map((entry) => ({ set: "subnet", entry, tags }) as const)],
      INJECTIONS.join(),
    );
    const stored = await database.load(["all"], undefined, atOnce);
    expect(stored.faults).toEqual([]);
    expect(stored.networks.map(({ name, interface: link }) => [name, link])).toEqual(
      INJECTIONS.map((text) => [text, text]),
    );
    expect(stored.globals.map(({ name, value }) => [name, value])).toEqual(INJECTIONS.map((text) => [text, text]));
    expect(stored.classes).toMatchObject(
      INJECTIONS.map((text) => ({ name: text, test: text, "boot-file-name": text })),
    );
    expect(stored.optionDefs).toMatchObject(INJECTIONS.map((text) => ({ name: text, space: text, encapsulate: text })));
    expect(stored.subnets).toMatchObject(subnets);
    expect((await database.servers()).map(({ tag, description }) => [tag, description]).slice(1)).toEqual(
      INJECTIONS.map((text) => [text, text]),
    );
    for (const text of INJECTIONS) await database.change([{ remove: "server", tag: text }], "");
  });

  it.each([storedConfig4.tables, storedConfig6.tables])(
    "keeps any text in each column of text of DHCPv$family",
    async (tables) => {
      const database = await ground().open(tables);
      await using _closing = { [Symbol.asyncDispose]: () => database.close() };
      const { family, subnet, network, pool, pdPool, class: aClass } = database.tables;
      await ground().empty(family);
      const netOf = (i: number) => (family === 4 ? `10.${i}.0.` : `2001:db8:${i + 1}::`);
      const keyOf = family === 4 ? "subnet4" : "subnet6";
      const changes = INJECTIONS.flatMap((text, i): StoredChange[] => {
        const pools = [{ pool: `${netOf(i)}10 - ${netOf(i)}99`, ...filled(pool, text) }];
        const prefix = { prefix: `2001:db8:8${i}::`, "prefix-len": 48, "delegated-len": 56, "excluded-prefix-len": 0 };
        const pdPools = pdPool && [{ ...filled(pdPool, text), ...prefix }];
        const subnetPrefix = family === 4 ? `${netOf(i)}0/24` : `${netOf(i)}/64`;
        const entry = { id: i + 1, subnet: subnetPrefix, "shared-network-name": text, pools };
        return [
          { set: "network", entry: { ...filled(network, text), name: text, [keyOf]: [] }, tags },
          { set: "class", entry: { ...filled(aClass, text), name: text, "only-in-additional-list": false }, tags },
          {
            set: "subnet",
            entry: { ...filled(subnet, text), ...entry, ...(pdPools && { "pd-pools": pdPools }) },
            tags,
          },
        ];
      });
      await database.change(changes, "");
      const stored = await database.load(["all"], undefined, atOnce);
      expect(stored.faults).toEqual([]);
      const entriesOf = (set: string) =>
        changes.flatMap((change) => {
          if (!("set" in change) || change.set !== set || !("entry" in change)) return [];
          const { [keyOf]: _, ...entry } = change.entry;
          return [entry];
        });
      expect(stored.networks).toMatchObject(entriesOf("network"));
      expect(stored.classes).toMatchObject(entriesOf("class"));
      expect(stored.subnets).toMatchObject(entriesOf("subnet"));
    },
  );

  it("sees all of a change or nothing, whatever is changed while it reads", async () => {
    const [database, other] = [
      await ground().open(storedConfig4.tables),
      await ground().open(storedConfig4.tables),
    ] as const;
    await using _closing = { [Symbol.asyncDispose]: () => database.close() };
    await using _closingOther = { [Symbol.asyncDispose]: () => other.close() };
    const timed = (time: number) => [
      { set: "global", name: "valid-lifetime", value: time, tag: "all" } as const,
      { set: "subnet", entry: { id: 1, subnet: "10.1.0.0/16", "valid-lifetime": time }, tags } as const,
    ];
    await other.change(timed(1000), "");
    const seen = new Set<unknown>();
    let isOver = false;
    const changing = (async () => {
      // A busy machine may make thirty changes between two reads.
      for (let time = 1001; time <= 1030 || (seen.size < 2 && time <= 2000); time++)
        await other.change(timed(time), "");
      isOver = true;
    })();
    while (!isOver) {
      const { globals, subnets } = await database.load(["all"], undefined, atOnce);
      expect(subnets[0]!["valid-lifetime"]).toBe(globals[0]!["value"]);
      seen.add(globals[0]!["value"]);
    }
    await changing;
    expect(seen.size).toBeGreaterThan(1);
  });

  it("takes changes by their numbers, whatever the clock of who makes them says", async () => {
    await ground().change(4, ...subnet4(1, "10.1.0.0/16"));
    await using followed = await ground().follow(storedConfig4, "");
    let current = followed.config;
    for (const [i, time] of ["2037-01-01 00:00:00", "1999-01-01 00:00:00"].entries()) {
      await ground().change(4, `UPDATE dhcp4_subnet SET valid_lifetime = ${i + 1}, modification_ts = '${time}'`);
      await ground().run(`UPDATE dhcp4_audit_revision SET modification_ts = '${time}'`);
      const next = await followed.follower.update(current, atOnce);
      next!.accept();
      current = next!.config;
      expect(current.subnet4[0]!["valid-lifetime"]).toBe(i + 1);
    }
  });
}

/** An entry with a text wherever one can be; prefixes are none. */
function filled(columns: readonly ConfigColumn[], text: string): StoredEntry {
  const values: Readonly<Record<string, unknown>> = {
    text,
    given: text,
    octets: text,
    oneName: [text],
    names: [text],
    relay: { "ip-addresses": [text] },
    context: { [text]: text },
  };
  const wanted = columns.filter(({ key, kind }) => kind in values && !/^(excluded-)?prefix$/.test(key));
  return Object.fromEntries(wanted.map(({ key, kind }) => [key, values[kind]]));
}
