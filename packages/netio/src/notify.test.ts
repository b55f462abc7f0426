import { type ChildProcessByStdio, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable } from "node:stream";
import { afterAll, describe, expect, test } from "vitest";
import { notify } from "./notify.ts";
import { sendUnixDatagram } from "./unix-datagram.ts";

const folder = mkdtempSync(join(tmpdir(), "netio-notify-"));
afterAll(() => rmSync(folder, { recursive: true }));

// Node cannot receive such datagrams; perl is part of every Debian.
const RECEIVE = `
  use Socket; $| = 1;
  ($name = $ARGV[0]) =~ s/^@/\\0/;
  socket(S, AF_UNIX, SOCK_DGRAM, 0) && bind(S, pack_sockaddr_un($name)) or die $!;
  print "ready\\n";
  print unpack("H*", $m), "\\n" while defined recv(S, $m, 65536, 0);
`;

/** A listener on the name, and what it received line by line. */
class Receiver implements AsyncDisposable {
  readonly #perl: ChildProcessByStdio<null, Readable, null>;
  readonly #lines: AsyncIterator<string>;

  constructor(name: string) {
    this.#perl = spawn("perl", ["-e", RECEIVE, name], { stdio: ["ignore", "pipe", "inherit"] });
    this.#lines = createInterface(this.#perl.stdout)[Symbol.asyncIterator]();
  }

  async line(): Promise<string> {
    const { value } = await this.#lines.next();
    return value;
  }

  async datagram(): Promise<string> {
    return Buffer.from(await this.line(), "hex").toString();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#perl.kill();
    await once(this.#perl, "close");
  }
}

const noPerl = spawnSync("perl", ["-v"]).status !== 0;

describe.each([
  { kind: "a path", name: join(folder, "socket") },
  { kind: "an abstract name", name: `@kotare-netio-test-${process.pid}` },
])("to $kind", ({ name }) => {
  test("datagrams arrive whole, one by one", async ({ skip }) => {
    if (noPerl) skip("no perl to receive with");
    await using receiver = new Receiver(name);
    expect(await receiver.line()).toBe("ready");
    sendUnixDatagram(name, Buffer.from("first\n"));
    sendUnixDatagram(name, Buffer.from("second"));
    expect(await receiver.datagram()).toBe("first\n");
    expect(await receiver.datagram()).toBe("second");
    expect(notify({ READY: "1", STATUS: "two\nlines" }, name)).toBe(true);
    expect(await receiver.datagram()).toBe("READY=1\nSTATUS=two lines\n");
  });
});

describe("sendUnixDatagram", () => {
  test.each([
    { title: "nobody at the path", path: "/nonexistent/socket", code: "ENOENT" },
    { title: "nobody at the abstract name", path: "@kotare-nobody", code: "ECONNREFUSED" },
    { title: "a path longer than an address holds", path: `/${"x".repeat(107)}`, code: "ENAMETOOLONG" },
    { title: "no path", path: "", code: "ENAMETOOLONG" },
  ])("$title is $code", ({ path, code }) => {
    expect(() => sendUnixDatagram(path, new Uint8Array(1))).toThrow(expect.objectContaining({ code }));
  });
});

test("notify does nothing when no socket is named", () => {
  expect(notify({ READY: "1" }, undefined)).toBe(false);
  expect(notify({ READY: "1" }, "")).toBe(false);
});
