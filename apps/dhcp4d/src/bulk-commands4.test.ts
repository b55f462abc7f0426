/** Commands for many leases at once, as what they have or as rows of a lease file. */
import { beforeEach, describe, expect, it } from "vitest";
import { TestServer4 } from "./testing/test-server4.ts";

const SUBNETS = [
  { id: 44, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.10-192.0.2.99" }] },
  { id: 88, subnet: "198.51.100.0/24" },
];
const MAC = "1a:1b:1c:1d:1e:1f";
const ADDED = { "ip-address": "192.0.2.50", "hw-address": MAC };
const NOW = 1_800_000_000;

let server: TestServer4;
beforeEach(async () => {
  server = await TestServer4.start({ "valid-lifetime": 7200, subnet4: SUBNETS });
});

describe("leases as rows of a lease file", () => {
  const row = (address: string, expire: number, lifetime = 7200, subnet = 44) =>
    `${address},${MAC},,${lifetime},${expire},${subnet},0,0,,0,,0\n`;
  const apply = (rows: string, rest: object = {}) => server.ask("lease4-bulk-apply", { rows, ...rest });

  it("are given in pages, and taken back; the last row of an address holds", async () => {
    const text = [50, 51, 52].map((host) => row(`192.0.2.${host}`, NOW + 7200)).join("");
    expect(await apply(text)).toEqual({ result: 0, text: "Bulk apply of 3 IPv4 leases completed." });
    expect(server.durableText()).toContain(text);
    const pages: unknown[] = [];
    for (let from: string | undefined = "start"; from !== undefined; ) {
      const { arguments: page } = await server.ask("lease4-get-rows", { from, limit: 2 });
      pages.push(page);
      from = (page as { last?: string }).last;
    }
    expect(pages).toEqual([
      { count: 2, last: "192.0.2.51", rows: [50, 51].map((host) => row(`192.0.2.${host}`, NOW + 7200)).join("") },
      { count: 1, rows: row("192.0.2.52", NOW + 7200) },
    ]);
    const gone = (host: number) => row(`192.0.2.${host}`, NOW, 0);
    await apply(`${row("192.0.2.50", NOW + 9000)}${gone(50)}${gone(51)}${row("192.0.2.51", NOW + 9000)}${gone(99)}`);
    expect(server.leases().map((lease) => lease.split(" ")[0])).toEqual(["192.0.2.51", "192.0.2.52"]);
    expect(server.lease("192.0.2.51")?.cltt).toBe(NOW + 1800);
  });

  it("are refused together where one is none, or cannot be there", async () => {
    for (const [wrong, answer] of [
      ["192.0.2.60,zz", { result: 1, text: expect.stringMatching(/^arguments.rows: row 2 has 2 fields/) }],
      [row("192.0.2.60", NOW, 7200, 9), { result: 4 }],
      [row("198.51.100.1", NOW), { result: 4 }],
    ] as const) {
      expect(await apply(`${row("192.0.2.50", NOW)}${wrong}`)).toMatchObject(answer);
    }
    expect(server.leases()).toEqual([]);
  });

  it("leave what is newer, or as old, where that is wanted; those that cannot be there are left out", async () => {
    await apply([50, 51, 52].map((host) => row(`192.0.2.${host}`, NOW + 7200)).join(""));
    const rows = [
      row("192.0.2.50", NOW + 7199),
      row("192.0.2.51", NOW + 7200),
      row("192.0.2.52", NOW + 7201),
      row("203.0.113.1", NOW + 9000),
      row("192.0.2.53", NOW + 7200),
    ];
    expect(await apply(rows.join(""), { "newer-only": true })).toMatchObject({
      result: 0,
      arguments: {
        count: 2,
        present: 1,
        newer: ["192.0.2.50"],
        "failed-leases": [{ "ip-address": "203.0.113.1", result: 4 }],
      },
    });
    expect([50, 51, 52, 53].map((host) => server.lease(`192.0.2.${host}`)?.cltt)).toEqual([NOW, NOW, NOW + 1, NOW]);
    const older = { ...ADDED, expire: NOW + 7100 };
    expect(await server.ask("lease4-bulk-apply", { leases: [older], "newer-only": true })).toMatchObject({
      arguments: { count: 0 },
    });
  });

  it("that two servers hold since the same second are one client's at both: declined ones first", async () => {
    const [one, two] = [row("192.0.2.50", NOW + 7200), row("192.0.2.50", NOW + 7200).replace(MAC, "1a:1b:1c:1d:1e:2f")];
    const declined = one.replace(MAC, "").replace(/,0,,0\n$/, ",1,,0\n");
    for (const [here, there, stays] of [
      [one, two, two],
      [two, one, two],
      [one, declined, declined],
      [declined, one, declined],
    ] as const) {
      await apply(here);
      await apply(there, { "newer-only": true });
      const { rows } = (await server.ask("lease4-get-rows", { from: "start", limit: 9 })).arguments as { rows: string };
      expect(rows).toBe(stays);
    }
  });

  it("in force are not another client's that was given back, even later: its own is", async () => {
    const held = row("192.0.2.50", NOW + 7200);
    const own = row("192.0.2.50", NOW + 4, 1).replace(/,0,,0\n$/, ",2,,0\n");
    const others = own.replace(MAC, "1a:1b:1c:1d:1e:2f");
    for (const [here, there, stays] of [
      [held, others, held],
      [others, held, held],
      [held, own, own],
      [own, held, own],
    ] as const) {
      await apply(here);
      await apply(there, { "newer-only": true });
      const { rows } = (await server.ask("lease4-get-rows", { from: "start", limit: 9 })).arguments as { rows: string };
      expect(rows).toBe(stays);
    }
    const [over, newer] = [row("192.0.2.50", NOW), others];
    await apply(over);
    expect(await apply(newer, { "newer-only": true })).toMatchObject({ arguments: { count: 1 } });
  });

  it("of the same second are alike at two servers, whichever asks the other: held rather than given back, and for longer", async () => {
    const held = row("192.0.2.50", NOW + 7200);
    const back = row("192.0.2.50", NOW + 1, 1).replace(/,0,,0\n$/, ",2,,0\n");
    const longer = row("192.0.2.50", NOW + 7300, 7300);
    for (const [one, two, stays] of [
      [held, back, held],
      [held, longer, longer],
    ] as const) {
      for (const [here, there] of [[one, two] as const, [two, one] as const]) {
        await apply(here);
        await apply(there, { "newer-only": true });
        const { rows } = (await server.ask("lease4-get-rows", { from: "start", limit: 9 })).arguments as {
          rows: string;
        };
        expect(rows).toBe(stays);
      }
    }
  });

  it("in force stay with their client when another one's are over, later, where what is newer stays", async () => {
    const held = row("192.0.2.50", NOW + 7200);
    const others = (text: string) => text.replace(MAC, "1a:1b:1c:1d:1e:2f");
    const back = row("192.0.2.50", NOW + 5, 1).replace(/,0,,0\n$/, ",2,,0\n");
    const gone = row("192.0.2.50", NOW + 5, 0);
    for (const over of [back, gone]) {
      await apply(held);
      expect(await apply(others(over), { "newer-stays": true })).toMatchObject({ result: 4 });
      expect(server.lease("192.0.2.50")).toMatchObject({ state: 0, cltt: NOW });
      expect(await apply(over, { "newer-stays": true })).toMatchObject({ result: 0 });
      expect(server.lease("192.0.2.50")?.state).not.toBe(0);
    }
  });

  it("are moved by what the clock of their server is behind", async () => {
    await apply(row("192.0.2.50", NOW + 7100), { shift: 100 });
    await server.ask("lease4-bulk-apply", { leases: [{ "ip-address": "192.0.2.51", "hw-address": MAC }], shift: -100 });
    expect([50, 51].map((host) => server.lease(`192.0.2.${host}`)?.cltt)).toEqual([NOW, NOW - 100]);
  });

  it("of another client who asked later are left to that one, where that is wanted, for as long as it has them", async () => {
    const other = row("192.0.2.50", NOW + 7200).replace(MAC, "1a:1b:1c:1d:1e:2f");
    const rest = { "newer-stays": true };
    await apply(other);
    for (const expire of [NOW + 7199, NOW + 7200]) {
      expect(await apply(row("192.0.2.50", expire), rest)).toEqual({
        result: 4,
        text: "address 192.0.2.50 has been given to another client since, or declined",
      });
    }
    expect(await apply(other.replace(String(NOW + 7200), String(NOW + 7100)), rest)).toMatchObject({ result: 0 });
    expect(await apply(row("192.0.2.50", NOW + 7101), rest)).toMatchObject({ result: 0 });
    await apply(other);
    server.clock.advance(7200);
    expect(await apply(row("192.0.2.50", NOW + 7199), rest)).toMatchObject({ result: 0 });
  });

  it("of a client who has asked before somebody declined them are refused, where what is newer stays", async () => {
    const declined = row("192.0.2.50", NOW + 7200)
      .replace(MAC, "")
      .replace(/,0,,0\n$/, ",1,,0\n");
    expect(await apply(declined)).toMatchObject({ result: 0 });
    expect(await apply(row("192.0.2.50", NOW + 7199), { "newer-stays": true })).toMatchObject({ result: 4 });
    expect(await apply(row("192.0.2.50", NOW + 7201), { "newer-stays": true })).toMatchObject({ result: 0 });
  });

  it("that cannot be there are left out and listed, where what is newer stays", async () => {
    const rows = row("192.0.2.50", NOW) + row("192.0.2.60", NOW, 7200, 9) + row("198.51.100.1", NOW);
    expect(await apply(rows, { "newer-stays": true })).toEqual({
      result: 0,
      text: "Bulk apply of 1 IPv4 leases completed.",
      arguments: {
        "failed-leases": [
          { "ip-address": "192.0.2.60", result: 4, "error-message": expect.stringContaining("subnet") },
          { "ip-address": "198.51.100.1", result: 4, "error-message": expect.stringContaining("subnet") },
        ],
      },
    });
    expect(server.leases()).toHaveLength(1);
  });

  it("have names of any bytes", async () => {
    const name = "caf\u00c3\u00a9,x";
    await server.ask("lease4-add", { ...ADDED, hostname: name });
    const { rows } = (await server.ask("lease4-get-rows", { from: "start", limit: 9 })).arguments as { rows: string };
    expect(rows).toContain("caf&#xc3&#xa9&#x2cx");
    await server.ask("lease4-del", { "ip-address": "192.0.2.50" });
    await apply(rows);
    expect(server.lease("192.0.2.50")?.hostname).toBe(name);
  });
});

describe("lease4-bulk-apply", () => {
  it("deletes, adds and replaces, as lease6-bulk-apply does", async () => {
    await server.ask("lease4-add", ADDED);
    const answer = await server.ask("lease4-bulk-apply", {
      "deleted-leases": [{ "ip-address": "192.0.2.50" }, { "ip-address": "192.0.2.99" }],
      leases: [{ ...ADDED, "ip-address": "192.0.2.51" }],
    });
    expect(answer).toEqual({
      result: 0,
      text: "Bulk apply of 2 IPv4 leases completed.",
      arguments: {
        "failed-deleted-leases": [{ "error-message": "lease not found", "ip-address": "192.0.2.99", result: 3 }],
      },
    });
    expect(server.leases().map((lease) => lease.split(" ")[0])).toEqual(["192.0.2.51"]);
  });
});
