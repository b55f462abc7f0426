import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { TestListener } from "../testing/test-listener.ts";
import { loadWebPage } from "./web-page.ts";

const HTML = "<!doctype html><title>K\u00f6tare</title>";

let folder: string;
let test: TestListener;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "kotare-page-"));
  const names = ["page.html", "page.js", "page.css", "page.svg", "page-editor.js", "page-dhcp4d.json"];
  for (const name of names) writeFileSync(join(folder, name), HTML);
  writeFileSync(join(folder, "start.cjs"), "secret");
  test = new TestListener();
  for (const [path, page] of loadWebPage(pathToFileURL(join(folder, "worker.mjs")))) test.pages.set(path, page);
  await test.open();
});
afterEach(() => {
  test[Symbol.dispose]();
  rmSync(folder, { recursive: true, force: true });
});

describe("the web page", () => {
  it.each([
    ["/", "text/html; charset=utf-8"],
    ["/?x", "text/html; charset=utf-8"],
    ["/page.js", "text/javascript; charset=utf-8"],
    ["/page.css", "text/css; charset=utf-8"],
    ["/page.svg", "image/svg+xml"],
    ["/page-editor.js", "text/javascript; charset=utf-8"],
    ["/page-dhcp4d.json", "application/json"],
  ])("is at %s, and loads nothing from elsewhere", async (path, type) => {
    const answer = await fetch(test.url(path));
    expect(answer.status).toBe(200);
    expect(answer.headers.get("content-type")).toBe(type);
    expect(answer.headers.get("content-security-policy")).toMatch(/^default-src 'none'; script-src 'self'; /);
    expect(answer.headers.get("x-content-type-options")).toBe("nosniff");
    expect(await answer.text()).toBe(HTML);
  });

  it.each(["/start.cjs", "/page.html", "/./page.js%00", "//page.js", "/%70age.js", "/page.js/../start.cjs"])(
    "is not at %s, and nothing else is",
    async (path) => {
      expect(await test.getRaw(path)).toMatch(/^HTTP\/1\.1 404 /);
    },
  );

  it("comes compressed to who can read that, and whole to who cannot", async () => {
    expect(await test.getRaw("/")).not.toMatch(/content-encoding/i);
    for (const [accepted, encoding] of [
      ["gzip, deflate", "gzip"],
      ["deflate, gzip;q=1.0, br", "br"],
    ] as const) {
      const answer = await fetch(test.url(), { headers: { "accept-encoding": accepted } });
      expect([answer.headers.get("content-encoding"), await answer.text()]).toEqual([encoding, HTML]);
    }
  });

  it("is not sent again to who has it", async () => {
    const etag = (await fetch(test.url())).headers.get("etag")!;
    const again = await fetch(test.url(), { headers: { "If-None-Match": etag } });
    expect([again.status, await again.text(), again.headers.get("etag")]).toEqual([304, "", etag]);
  });

  it("is in memory: what happens to the files meanwhile does not matter", async () => {
    rmSync(folder, { recursive: true });
    expect(await (await fetch(test.url())).text()).toBe(HTML);
  });

  it("is not there where it was not built", () => {
    expect(loadWebPage(pathToFileURL("/nosuch/worker.mjs"))).toEqual([]);
  });
});
