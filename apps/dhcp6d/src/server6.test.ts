import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { systemClock } from "@kotare/core/base/clock";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { Message6 } from "@kotare/core/dhcp6/message6";
import { Option6 } from "@kotare/core/dhcp6/option6";
import { Memfile6 } from "@kotare/core/leases/file/memfile6";
import { LeaseClock } from "@kotare/core/leases/model/lease-clock";
import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import { openHostDatabases } from "@kotare/core/server/databases/open-host-databases";
import { Urgency } from "@kotare/core/server/packets/intake";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics6 } from "@kotare/core/stats/statistics6";
import { CrashDisk } from "@kotare/core/storage/testing/crash-disk";
import { nextMessage } from "@kotare/testkit/next-message";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { urgencyOf6 } from "./path/urgency6.ts";
import { type Server6, startServer6 } from "./server6.ts";
import { buildMessage6, na, option, type Part6, type TestRelay6 } from "./testing/test-client6.ts";
import { type Dhcp6Text, parseText6 } from "./testing/test-server6.ts";

/** The whole daemon but its process, on the loopback, where a relay asks it: an ordinary user can run it. */
const LOOPBACK = "::1";
const RELAY: TestRelay6 = { link: "2001:db8::1", peer: "fe80::2" };
const CLIENT = option(Option6.clientId, "00:02:00:00:00:09:00:01");

function configOf(change: Dhcp6Text = {}) {
  return parseText6({
    "interfaces-config": { interfaces: ["lo"] },
    "server-id": { type: "EN", identifier: "01", persist: false },
    subnet6: [{ id: 7, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::50-2001:db8::59" }] }],
    ...change,
  });
}

let relay: Socket;
let ports: { server: number; client: number };
let store: Memfile6;
let log: RecordingLogger;
let server: Server6;
let isRunning: boolean;
let statuses: string[];

async function bind(port = 0): Promise<Socket> {
  const socket = createSocket("udp6");
  socket.bind(port, LOOPBACK);
  await once(socket, "listening");
  return socket;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const socket = await bind();
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

async function stop(): Promise<void> {
  isRunning = false;
  await server.stop();
}

const noSql = () => Promise.reject(new Error("there is none here"));
const kinds = { mysql: noSql, postgresql: noSql };

async function start(change: Dhcp6Text = {}): Promise<void> {
  isRunning = true;
  server = await startServer6(configOf(change), {
    store,
    leaseClock: new LeaseClock(systemClock, 0, () => {}),
    clock: systemClock,
    log,
    statistics: new Statistics(statistics6, systemClock.wall()),
    health: { type: "memfile", isUp: true },
    paths: {
      data: "/nowhere",
      pid: "",
      log: "",
      controlSocket: "",
      extensions: "/extensions",
      scripts: "/scripts",
      legalLog: "/legal",
      manual: "/manual",
    },
    ports,
    onStatus: (status) => statuses.push(status),
    giveUp: (why) => statuses.push(why),
    openLogTable: () => Promise.reject(new Error("there is no database")),
    openHosts: (family, config, former) =>
      openHostDatabases(family, config, former, kinds, {
        paths: daemonPaths({}),
        clock: systemClock,
        log,
        signal: new AbortController().signal,
        schedule: () => undefined,
        giveUp: (why) => statuses.push(why),
      }),
  });
}

/** Sends a client's message through the relay and waits for what comes back for the client. RFC 8357: to our own port. */
async function ask(type: number, ...parts: readonly Part6[]): Promise<Message6> {
  const answer = nextMessage(relay, () => [server.describe(), ...log.lines].join("\n"));
  const relays = [{ ...RELAY, options: [option(Option6.relaySourcePort, "0000")] }];
  relay.send(buildMessage6(type, [CLIENT, ...parts], relays), ports.server, LOOPBACK);
  return new Message6(await answer);
}

beforeEach(async () => {
  relay = await bind();
  ports = { server: await freePort(), client: 546 };
  log = new RecordingLogger();
  statuses = [];
  store = await Memfile6.open({
    path: "/leases/leases6.csv",
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck: { mode: "none", subnetIdOf: () => undefined },
    clock: systemClock,
    report: () => {},
    disk: new CrashDisk(),
  });
});

afterEach(async () => {
  if (isRunning) await stop();
  relay.close();
});

describe("a running server", () => {
  it("answers over real sockets, and the lease is on disk", async () => {
    await start();
    const reply = await ask(MessageType6.SOLICIT, na(1), option(Option6.rapidCommit));
    expect(reply.ias[0]?.leases).toHaveLength(1);
    expect(server.describe()).toBe("lo");
    expect(statuses.at(-1)).toBe("lo");
  });

  it("takes a new configuration into force; leases and sockets stay", async () => {
    await start();
    await server.reconfigure(configOf({ "valid-lifetime": 77, "preferred-lifetime": 66 }));
    const reply = await ask(MessageType6.SOLICIT, na(1));
    expect(reply.ias[0]?.leases[0]).toMatchObject({ preferred: 66, valid: 77 });
    expect(log.lines.filter((line) => line.startsWith("DHCP6_OPEN_SOCKET "))).toHaveLength(1);
  });

  it("says why when its port is taken, and serves when it is asked again after that", async () => {
    const other = await bind(ports.server);
    await start();
    expect(server.isComplete).toBe(false);
    expect(server.describe()).toMatch(/not lo: .*another DHCP server has UDP port \d+ there/);
    other.close();
    await once(other, "close");
    await server.reconfigure(configOf());
    expect(server.isComplete).toBe(true);
    expect((await ask(MessageType6.SOLICIT, na(1))).type).toBe(MessageType6.ADVERTISE);
  });
});

describe("how urgent a message is, at a glance", () => {
  const bytesOf = (type: number, relays: readonly TestRelay6[] = []) => buildMessage6(type, [CLIENT, na(1)], relays);
  const glance = (bytes: Uint8Array) => {
    const buffer = new Uint8Array(bytes.length + 20).fill(MessageType6.SOLICIT);
    buffer.set(bytes, 10);
    return urgencyOf6({ buffer, offset: 10, length: bytes.length });
  };
  const SUBSCRIBER = option(Option6.subscriberId, "aabb");
  const { SOLICIT, REQUEST, RENEW, REBIND, RELEASE } = MessageType6;

  it.each([
    [SOLICIT, Urgency.first],
    [REQUEST, Urgency.other],
    [RENEW, Urgency.renewal],
    [REBIND, Urgency.renewal],
    [RELEASE, Urgency.other],
  ])("message type %i, also through relays, whatever options they put first: %i", (type, urgency) => {
    expect(glance(bytesOf(type))).toBe(urgency);
    expect(glance(bytesOf(type, [RELAY]))).toBe(urgency);
    expect(glance(bytesOf(type, [{ ...RELAY, options: [SUBSCRIBER] }, RELAY]))).toBe(urgency);
  });

  it("is looked for inside of the packet only, wherever that is cut", () => {
    const bytes = bytesOf(SOLICIT, [RELAY, RELAY]);
    const at = bytes.lastIndexOf(SOLICIT, bytes.length - 40);
    for (let length = 0; length < at; length++) expect(glance(bytes.subarray(0, length))).toBe(Urgency.other);
  });
});
