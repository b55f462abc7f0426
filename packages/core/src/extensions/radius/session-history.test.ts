/** Sessions that a restart goes on with. */
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, onTestFinished } from "vitest";
import { SessionHistory } from "./session-history.ts";

const said: string[] = [];
const say = (text: string) => void said.push(text);
const log = { debug: say, info: say, warn: say, error: say };

function newPath(): string {
  const folder = mkdtempSync(join(tmpdir(), "sessions-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  return join(folder, "sessions.csv");
}

const HEADER = "address,seconds,milliseconds\n";

it("goes on with those that have not ended, and writes the file anew with them", async () => {
  const path = newPath();
  const history = SessionHistory.open(path, log);
  history.begin("192.0.2.1", "1700000000.007");
  history.begin("192.0.2.2", "1700000000.500");
  history.begin("192.0.2.2", "1700000000.500");
  history.end("192.0.2.1");
  history.end("192.0.2.9");
  history.begin("2001:db8::1", "1700000001.000");
  await history.close();
  const rows = ["192.0.2.1,1700000000,007", "192.0.2.2,1700000000,500", "192.0.2.1,0,0", "2001:db8::1,1700000001,000"];
  expect(readFileSync(path, "utf8")).toBe(`${HEADER}${rows.join("\n")}\n`);
  const next = SessionHistory.open(path, log);
  expect(["192.0.2.1", "192.0.2.2", "2001:db8::1"].map((address) => next.get(address))).toEqual([
    undefined,
    "1700000000.500",
    "1700000001.000",
  ]);
  await next.close();
  expect(readFileSync(path, "utf8")).toBe(`${HEADER}${rows[1]}\n${rows[3]}\n`);
  expect(said).toEqual([]);
});

it("takes over what Kea has written, and passes over what is broken", async () => {
  const path = newPath();
  writeFileSync(path, `${HEADER}10.0.0.71,275628640,13\n10.0.0.72,1\nnobody\n10.0.0.73,27`);
  const history = SessionHistory.open(path, log);
  expect(["10.0.0.71", "10.0.0.72", "10.0.0.73"].map((address) => history.get(address))).toEqual([
    "275628640.013",
    undefined,
    undefined,
  ]);
  await history.close();
});

it("follows no link", () => {
  const path = newPath();
  symlinkSync("/etc/passwd", path);
  expect(() => SessionHistory.open(path, log)).toThrow("is a link");
});

it("is in memory where there is no file", async () => {
  const history = SessionHistory.open(undefined, log);
  history.begin("192.0.2.1", "1.000");
  expect(history.get("192.0.2.1")).toBe("1.000");
  history.end("192.0.2.1");
  expect(history.get("192.0.2.1")).toBeUndefined();
  await history.close();
});
