import { execFileSync } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { lease4Csv } from "../csv/lease4-csv.ts";
import { lease6Csv } from "../csv/lease6-csv.ts";
import { checkReplaceable } from "./check-replaceable.ts";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "kotare-written-"));
});
afterEach(() => rmSync(folder, { recursive: true }));

const at = (name: string) => join(folder, name);
const check = (name: string) => checkReplaceable(at(name), lease4Csv);

describe("a list of leases takes the place of", () => {
  it("nothing", async () => {
    expect(await check("fresh")).toBeUndefined();
    expect(existsSync(at("fresh"))).toBe(false);
  });

  it.each([
    ["one of ours", Buffer.from(lease4Csv.header).toString()],
    ["one of an old Kea's", "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname\n"],
  ])("%s", async (_, text) => {
    writeFileSync(at("copy"), text);
    expect(await check("copy")).toBeUndefined();
  });

  it.each([
    ["the other family's", Buffer.from(lease6Csv.header).toString()],
    ["a process's number", "4711\n"],
    ["a queue", '{"version":1}\n'],
    ["an empty file", ""],
    ["a header without an end", "address,hwaddr,client_id,valid_lifetime,expire,subnet_id,fqdn_fwd,fqdn_rev,hostname"],
  ])("nothing else: %s", async (_, text) => {
    writeFileSync(at("other"), text);
    expect(await check("other")).toContain("is no list of these leases");
    expect(readFileSync(at("other"), "utf8")).toBe(text);
  });

  it("nothing that is no file, and does not wait for it", async () => {
    mkdirSync(at("folder"));
    expect(await check("folder")).toContain("is no regular file");
    execFileSync("mkfifo", [at("pipe")]);
    expect(await check("pipe")).toContain("is no regular file");
    writeFileSync(at("copy"), lease4Csv.header);
    symlinkSync(at("copy"), at("link"));
    symlinkSync(at("nosuch"), at("dangling"));
    for (const link of ["link", "dangling"]) expect(await check(link)).toContain("is a link");
    const server = createServer().listen(at("socket"));
    await new Promise((resolve) => server.once("listening", resolve));
    expect(await check("socket")).toContain("socket");
    server.close();
  });

  it("no file of a lease file that a daemon has", async () => {
    writeFileSync(at("leases.csv.lock"), "");
    for (const ending of ["", ".1", ".2", ".completed", ".output", ".new", ".bad", ".lock", ".pid"]) {
      writeFileSync(at(`leases.csv${ending}`), lease4Csv.header);
      expect(await check(`leases.csv${ending}`)).toContain("in use");
    }
    expect(await check("leases.csv.copy")).toBeUndefined();
  });
});
