import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestListener } from "../testing/test-listener.ts";

const HTML = "<!doctype html><title>K\u00f6tare</title>";

let folder: string;
let test: TestListener;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kotare-manual-"));
  mkdirSync(join(folder, "manual/messages"), { recursive: true });
  for (const name of ["index.html", "messages/A_B.html", "book.js", "kotare.pdf", ".hidden", "what"])
    writeFileSync(join(folder, "manual", name), HTML);
  writeFileSync(join(folder, "secret"), "secret");
  test = new TestListener();
  test.manual = join(folder, "manual");
  await test.open();
});
afterEach(() => {
  test[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe("the manual", () => {
  it.each([
    ["/manual/", "text/html; charset=utf-8"],
    ["/manual/index.html?search=x", "text/html; charset=utf-8"],
    ["/manual/messages/A_B.html", "text/html; charset=utf-8"],
    ["/manual/book.js", "text/javascript; charset=utf-8"],
    ["/manual/kotare.pdf", "application/pdf"],
    ["/manual/what", "application/octet-stream"],
  ])("is at %s, and its pages run no scripts but those of files", async (path, type) => {
    const answer = await fetch(test.url(path));
    expect([answer.status, await answer.text()]).toEqual([200, HTML]);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'self'; style-src /);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
  });

  it.each([
    "/manual/.hidden",
    "/manual/../secret",
    "/manual/messages/../../secret",
    "/manual/%2e%2e/secret",
    "/manual//etc/passwd",
    "/manual/messages",
    "/manual/messages/",
    "/manual/no.html",
    "/manual",
  ])("has nothing at %s, and leads to nothing else", async (path) => {
    expect(await test.getRaw(path)).toMatch(/^HTTP\/1\.1 404 /);
  });

  it("is sent in pieces where a file is long, and not again to who has it", async () => {
    const long = "0123456789".repeat(100_000);
    writeFileSync(join(folder, "manual/long.txt"), long);
    const answer = await fetch(test.url("/manual/long.txt"));
    expect(await answer.text()).toBe(long);
    const again = await fetch(test.url("/manual/long.txt"), {
      headers: { "If-None-Match": answer.headers.get("etag")! },
    });
    expect([again.status, await again.text()]).toEqual([304, ""]);
  });

  it("is there as soon as its package is installed, and gone with it", async () => {
    rmSync(join(folder, "manual"), { recursive: true });
    expect((await fetch(test.url("/manual/"))).status).toBe(404);
    mkdirSync(join(folder, "manual"));
    writeFileSync(join(folder, "manual/index.html"), HTML);
    expect((await fetch(test.url("/manual/"))).status).toBe(200);
  });
});
