/** The forensic log while the daemon is killed amid its work, and files are rotated: no client has an address of which it says nothing. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Lab } from "../../src/lab/lab.ts";
import { delay } from "../../src/lab/program.ts";
import { client } from "../../src/oracle/dhcp4/client.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { Server } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const CLIENTS = 8;

test("who has an ACK is in the log when the daemon is killed", async () => {
  await using lab = new Lab();
  const { server: host, clients } = stage4.plugIn(lab);
  const folder = join(lab.folder, "server");
  const server = await Server.start(
    "kotare",
    host,
    {
      subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0-10.0.99.255" }] }],
      "hooks-libraries": [
        { library: "libdhcp_legal_log.so", parameters: { path: folder, "base-name": "legal", "time-unit": "second" } },
      ],
    },
    { folder, severity: "WARN", logToFile: true },
  );
  const served = new Map<string, string>();
  let isOver = false;
  async function serve(lane: number): Promise<void> {
    using probe = await Probe4.open(clients, "eth0");
    for (let i = lane; !isOver; i += CLIENTS) {
      const { mac } = client(i);
      const ack = await getServed(probe, mac, isOver ? 0 : 2000).catch(() => undefined);
      if (ack !== undefined) served.set(mac, ack.yiaddr);
    }
  }
  const lanes = Array.from({ length: CLIENTS }, (_, lane) => serve(lane));
  for (const logs = () => readdirSync(folder).filter((name) => name.startsWith("legal.")); logs().length < 4; ) {
    await delay(50);
  }
  server.program.signal("SIGKILL");
  isOver = true;
  await Promise.all(lanes);
  const files = readdirSync(folder).filter((name) => name.startsWith("legal."));
  const text = files.map((name) => readFileSync(join(folder, name), "latin1")).join("");
  const missing = [...served].filter(
    ([mac, address]) => !new RegExp(`Address: ${address} has been assigned for .* hwtype=1 ${mac}\\n`).test(text),
  );
  expect(served.size).toBeGreaterThan(20);
  expect(missing).toEqual([]);
});
