/** Packets are served all the while that an HTTP socket is sent everything that is bad for it. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crowdBehind } from "../../src/bench/family4.ts";
import { startStorm } from "../../src/clients/http-storm.ts";
import { certify } from "../../src/lab/certify.ts";
import { Lab, run } from "../../src/lab/lab.ts";
import { PATIENT, runLoad } from "../../src/load/load.ts";
import { Server } from "../../src/subject/server.ts";

// Of no other test: all files share the network that it is reached from.
const NETWORK = "198.18.3";
const [PORT, TLS_PORT] = [8000, 8443];
const [USER, PASSWORD] = ["admin", "right"];

test("a storm of bad requests loses no exchange, and keeps nobody out who asks from elsewhere", async () => {
  await using lab = new Lab();
  const lan = lab.network();
  run("ip", "address", "add", `${NETWORK}.250/24`, "dev", lan.bridge);
  const host = lab.host("server");
  host.attach(lan, "eth0", `${NETWORK}.1/24`);
  const clients = lab.host("clients");
  clients.attach(lan, "eth0", `${NETWORK}.2/24`);
  const authentication = { type: "basic", clients: [{ user: USER, password: PASSWORD }] };
  const http = { "socket-type": "http", "socket-address": `${NETWORK}.1`, "socket-port": PORT, authentication };
  const file = (name: string) => join(lab.folder, name);
  certify(host, lab.folder, "authority", "daemon");
  certify(host, lab.folder, "others", "stranger");
  const https = {
    ...http,
    "socket-type": "https",
    "socket-port": TLS_PORT,
    "trust-anchor": file("authority.pem"),
    "cert-file": file("daemon.pem"),
    "key-file": file("daemon.key"),
  };
  const config = {
    "control-sockets": [http, https],
    subnet4: [
      { id: 1, subnet: `${NETWORK}.0/24`, relay: { "ip-addresses": ["203.0.113.1"] } },
      {
        id: 2,
        subnet: "10.0.0.0/8",
        pools: [{ pool: "10.1.0.0/16" }],
        relay: { "ip-addresses": [`${NETWORK}.2`] },
      },
    ],
  };
  await using server = await Server.start("kotare", host, config, { folder: join(lab.folder, "server") });
  const foreign = { cert: readFileSync(file("stranger.pem")), key: readFileSync(file("stranger.key")) };
  const target = { host: `${NETWORK}.1`, port: PORT, tlsPort: TLS_PORT };
  const storm = startStorm(target, `${USER}:${PASSWORD}`, foreign);
  try {
    const load = {
      more: PATIENT,
      rate: 200,
      seconds: 3,
      clients: 10_000,
      crowd: crowdBehind(`${NETWORK}.2`, `${NETWORK}.1`),
    };
    const running = runLoad(clients, load);
    const statuses: string[] = [];
    const data = ["-H", "Content-Type: application/json", "-d", '{"command":"version-get"}'];
    const curl = ["curl", "-s", "-u", `${USER}:${PASSWORD}`, ...data, "-o", "/dev/null", "-w", "%{http_code}\n"];
    let isOver = false;
    void running.finally(() => (isOver = true));
    while (!isOver) {
      const asking = clients.start([...curl, `http://${NETWORK}.1:${PORT}/`]);
      await asking.exited;
      statuses.push(asking.output);
    }
    const result = await running;
    expect(result.offered).toBeGreaterThan(100);
    expect(result.completed).toBe(result.offered);
    expect(new Set(statuses)).toEqual(new Set(["200"]));
    await expect.poll(storm.unended, { timeout: 60_000 }).toEqual([]);
    expect(server.program.running).toBe(true);
  } finally {
    storm.stop();
  }
});
