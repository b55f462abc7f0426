/** Clients as they are in the field, at the control sockets of Kea and of ours: whoever is served there is served here. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { family4 } from "../../src/bench/family4.ts";
import { firstOf, writeLeases } from "../../src/bench/lease-files.ts";
import { askLikeThis, ONCE, UNTIL_SHORT } from "../../src/clients/field-client.ts";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { Server, type Subject } from "../../src/subject/server.ts";

const CALLS = 10;
/** Some 30 KB in `config-get`. */
const SUBNETS = 45;

let lab: Lab;
let socket: string;

async function serve(subject: Subject, leases: number): Promise<void> {
  const { large } = family4;
  lab = new Lab();
  const host = lab.host("server");
  host.attach(lab.network(), "eth0", family4.serverAddress);
  const folder = join(lab.folder, "server");
  socket = join(folder, "socket");
  writeLeases(folder, family4, large.subnet.id, firstOf(large, leases));
  const config = {
    "control-socket": { "socket-type": "unix", "socket-name": socket },
    "hooks-libraries": [{ library: "libdhcp_lease_cmds.so" }],
    "valid-lifetime": 7200,
    subnet4: [large.subnet, ...Array.from({ length: SUBNETS }, (_, i) => family4.otherSubnet(i))],
  };
  await Server.start(subject, host, config, { folder });
}

describe.each<Subject>(["kotare", "kea"])("at a control socket of %s", (subject) => {
  const isMissing = subject === "kea" && findProgram("kea-dhcp4") === undefined;

  describe.skipIf(isMissing)(isMissing ? "needs kea-dhcp4-server" : "with many leases", () => {
    beforeAll(() => serve(subject, 5000));
    afterAll(() => lab[Symbol.asyncDispose]());

    test.each(["lease4-get-all", "config-get", "statistic-get-all"])(
      "who reads until a read is short has all of %s",
      async (command) => {
        const text = JSON.stringify({ command });
        const answers: string[] = [];
        for (let i = 0; i < CALLS; i++) answers.push(await askLikeThis(UNTIL_SHORT, socket, text));
        for (const answer of answers) expect(JSON.parse(answer)).toMatchObject({ result: 0 });
      },
    );

    test("who reads once has all that Kea gives at once", async () => {
      const text = JSON.stringify({ command: "config-get" });
      for (let i = 0; i < 3 * CALLS; i++) {
        const answer = await askLikeThis(ONCE, socket, text);
        expect(answer.length).toBeGreaterThan(16 * 1024);
        expect(JSON.parse(answer)).toMatchObject({ result: 0 });
      }
      // On a busy machine there may be more by the time it is read.
      const leases = await askLikeThis(ONCE, socket, JSON.stringify({ command: "lease4-get-all" }));
      expect(leases.length).toBeGreaterThanOrEqual(32 * 1024);
    });
  });
});

describe("at a control socket of ours", () => {
  beforeAll(() => serve("kotare", 1));
  afterAll(() => lab[Symbol.asyncDispose]());

  test.each([
    ["20,000 nested brackets", "[".repeat(20_000), "nested more than 100 deep"],
    ["garbage", "x".repeat(100_000), "invalid first character x"],
  ])("who writes all of %s before it reads is told what is wrong", async (_, text, what) => {
    for (let i = 0; i < CALLS; i++) expect(await askLikeThis(UNTIL_SHORT, socket, text)).toContain(what);
  });
});
