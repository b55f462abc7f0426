import { createSocket, type Socket } from "node:dgram";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { systemClock } from "@kotare/core/base/clock";
import { daemonPaths } from "@kotare/core/daemon/paths";
import { moduleFile } from "@kotare/core/extensions/testing/module-file";
import { Memfile4 } from "@kotare/core/leases/file/memfile4";
import { LeaseClock } from "@kotare/core/leases/model/lease-clock";
import { RecordingLogger } from "@kotare/core/log/testing/recording-logger";
import { openHostDatabases } from "@kotare/core/server/databases/open-host-databases";
import { Urgency } from "@kotare/core/server/packets/intake";
import { Statistics } from "@kotare/core/stats/statistics";
import { statistics4 } from "@kotare/core/stats/statistics4";
import { CrashDisk } from "@kotare/core/storage/testing/crash-disk";
import { buildMessage4, type Message4Fields } from "@kotare/testkit/build-message4";
import { nextMessage } from "@kotare/testkit/next-message";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { afterEach, beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { urgencyOf4 } from "./path/urgency4.ts";
import { type Server4, startServer4 } from "./server4.ts";
import { type Dhcp4Text, parseText4 } from "./testing/test-server4.ts";

/** The whole daemon but its process, on the loopback: an ordinary user can run it. */
const SERVER = "127.0.0.1";
const CLIENT = "127.0.0.50";

function configOf(change: Dhcp4Text = {}) {
  return parseText4({
    "interfaces-config": { interfaces: ["lo"], "dhcp-socket-type": "udp" },
    "valid-lifetime": 1000,
    subnet4: [{ id: 7, subnet: "127.0.0.0/24", pools: [{ pool: "127.0.0.50-127.0.0.59" }] }],
    ...change,
  });
}

let client: Socket;
let ports: { server: number; client: number };
let disk: CrashDisk;
let store: Memfile4;
let log: RecordingLogger;
let server: Server4;
let isRunning: boolean;
let statistics: Statistics<typeof statistics4>;
let statuses: string[];

async function bind(address: string, port = 0): Promise<Socket> {
  const socket = createSocket("udp4");
  socket.bind(port, address);
  await once(socket, "listening");
  return socket;
}

/** A port that was free a moment ago. */
async function freePort(): Promise<number> {
  const socket = await bind(SERVER);
  const { port } = socket.address();
  socket.close();
  await once(socket, "close");
  return port;
}

function openStore(): Promise<Memfile4> {
  return Memfile4.open({
    path: "/leases/leases4.csv",
    lfcInterval: 0,
    maxRowErrors: 0,
    subnetCheck: { mode: "none", subnetIdOf: () => undefined },
    clock: systemClock,
    report: () => {},
    disk,
  });
}

async function stop(): Promise<void> {
  isRunning = false;
  await server.stop();
}

const noSql = () => Promise.reject(new Error("there is none here"));
const kinds = { mysql: noSql, postgresql: noSql };

async function start(change: Dhcp4Text = {}): Promise<void> {
  isRunning = true;
  server = await startServer4(configOf(change), {
    store,
    leaseClock: new LeaseClock(systemClock, 0, () => {}),
    clock: systemClock,
    log,
    statistics,
    health: { type: "memfile", isUp: true },
    paths: daemonPaths({ KEA_DHCP_DATA_DIR: "/nowhere" }),
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

/** Sends a message of the client and waits for what comes back. */
async function ask(fields: Message4Fields) {
  const answer = nextMessage(client, () => [server.describe(), ...log.lines].join("\n"));
  client.send(buildMessage4({ ciaddr: CLIENT, ...fields }), ports.server, SERVER);
  return readMessage4(await answer);
}

beforeEach(async () => {
  client = await bind(CLIENT);
  ports = { server: await freePort(), client: client.address().port };
  log = new RecordingLogger();
  statuses = [];
  statistics = new Statistics(statistics4, systemClock.wall());
  disk = new CrashDisk();
  store = await openStore();
});

afterEach(async () => {
  if (isRunning) await stop();
  client.close();
});

describe("a running server", () => {
  it("answers over real sockets, and the lease is on disk", async () => {
    await start();
    expect(await ask({ type: 3 })).toMatchObject({ type: "ACK", yiaddr: CLIENT });
    expect(store.count).toBe(1);
    expect(server.describe()).toBe("lo");
    expect(statuses.at(-1)).toBe("lo");
  });

  it("takes a new configuration into force; leases and sockets stay", async () => {
    await start();
    await ask({ type: 3 });
    await server.reconfigure(configOf({ "valid-lifetime": 77 }));
    expect((await ask({ type: 3 })).u32(51)).toBe(77);
    expect(store.count).toBe(1);
    expect(log.lines.filter((line) => line.startsWith("DHCP4_OPEN_SOCKET "))).toHaveLength(1);
  });

  it("counts the leases that it finds and those that it gives, and lists what is in the configuration", async () => {
    const counted = (name: string) => statistics.find(name)?.value;
    await start();
    await ask({ type: 3 });
    await stop();
    store = await openStore();
    statistics = new Statistics(statistics4, systemClock.wall());
    await start();
    expect(counted("subnet[7].assigned-addresses")).toBe(1);
    expect(counted("subnet[7].pool[0].total-addresses")).toBe(10);
    await server.reconfigure(configOf({ subnet4: [{ id: 8, subnet: "127.0.0.0/24" }] }));
    expect(counted("subnet[7].assigned-addresses")).toBeUndefined();
    expect(counted("subnet[8].total-addresses")).toBe(0);
    await server.reconfigure(configOf());
    expect(counted("subnet[7].assigned-addresses")).toBe(1);
  });

  it("keeps as many samples of statistics as the configuration says, by number or by age", async () => {
    const samples = () =>
      statistics
        .find("pkt4-received")
        ?.samples()
        .map(({ value }) => value);
    await start({ "statistic-default-sample-count": 2 });
    for (let i = 0; i < 4; i++) await ask({ type: 3 });
    expect(samples()).toEqual([4, 3]);
    statistics.find("pkt4-received")?.limitSamples({ kind: "count", samples: 9 });
    await server.reconfigure(configOf({ "statistic-default-sample-count": 1 }));
    expect(samples()).toEqual([4]);
    await server.reconfigure(configOf({ "statistic-default-sample-count": 0, "statistic-default-sample-age": 60 }));
    for (let i = 0; i < 25; i++) await ask({ type: 3 });
    expect(samples()).toHaveLength(26);
  });

  it("stops serving an interface that the configuration does not have any more, and starts again", async () => {
    await start();
    const none = { interfaces: [], "dhcp-socket-type": "udp" };
    await server.reconfigure(configOf({ "interfaces-config": none }));
    expect([server.isComplete, server.isComplete]).toEqual([false, false]);
    await server.reconfigure(configOf());
    expect((await ask({ type: 8 })).type).toBe("ACK");
  });

  it("takes a file of reservations into service beside it, keeps it open, and gives it up", async () => {
    const folder = mkdtempSync("/tmp/hosts-");
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const name = join(folder, "hosts.jsonl");
    const found = () => ask({ type: 1, options: [[55, [12]]] }).then((reply) => reply.text(12));
    const line = (hostname: string) => JSON.stringify({ "subnet-id": 7, "hw-address": "02:00:00:00:00:01", hostname });
    writeFileSync(name, `${line("first")}\n${line("second")}\n`);
    const using = { "hosts-databases": [{ type: "file", name }] };
    await start();
    expect(await found()).toBeUndefined();
    await server.reconfigure(configOf(using));
    expect(await found()).toBe("second");
    await server.reconfigure(configOf({ ...using, "valid-lifetime": 99 }));
    const twice = configOf({
      "hosts-databases": [...using["hosts-databases"], { type: "file", name, readonly: true }],
    });
    await expect(server.reconfigure(twice)).rejects.toThrow("in use by another process");
    expect(await found()).toBe("second");
    await server.reconfigure(configOf());
    expect(await found()).toBeUndefined();
    writeFileSync(name, `${line("third")}\nnonsense\n`);
    await server.reconfigure(configOf(using));
    expect(await found()).toBe("third");
    expect(readFileSync(name, "utf8")).toBe(`${line("third")}\n`);
    expect(log.lines.filter((one) => one.startsWith("DHCPSRV_HOST_FILE_LINE_BAD"))).toHaveLength(1);
  });

  describe("with extensions", () => {
    const library = (name: string, body = "") =>
      moduleFile(`export default { name: "${name}", start({ log }) {
        log.info("started");
        ${body}
        return {
          shape: () => ({ options: [{ kind: "add", code: 67, data: new Uint8Array(Buffer.from("${name}")) }] }),
          async observe(events) { await new Promise(setImmediate); log.info("told of " + events.length); },
          stop() { log.info("stopped"); },
        };
      } };`);
    const using = (...libraries: string[]) => ({ "hooks-libraries": libraries.map((path) => ({ library: path })) });
    const bootFile = async () => Buffer.from((await ask({ type: 3 })).option(67) ?? []).toString();
    const said = () => log.lines.flatMap((line) => /^EXTENSION_SAYS_INFO (.*)/.exec(line)?.[1] ?? []);

    it("those of the next configuration are started before the former are stopped, which are told everything", async () => {
      await start(using(library("first")));
      expect(await bootFile()).toBe("first");
      await server.reconfigure(configOf(using(library("second"))));
      expect(await bootFile()).toBe("second");
      await server.reconfigure(configOf());
      expect(await bootFile()).toBe("");
      const life = (name: string) => said().filter((line) => line.startsWith(name));
      for (const name of ["first", "second"]) {
        expect(life(name)).toEqual([`${name}: started`, `${name}: told of 1`, `${name}: stopped`]);
      }
      expect(said().indexOf("second: started")).toBeLessThan(said().indexOf("first: stopped"));
    });

    it("those that do not start leave everything as it was, and a server that stops ends its own", async () => {
      await start(using(library("first")));
      const next = configOf({ ...using(library("second"), library("third", "throw 'no';")), "valid-lifetime": 77 });
      await expect(server.reconfigure(next)).rejects.toThrow("cannot start: extension third: no");
      expect(await bootFile()).toBe("first");
      expect((await ask({ type: 3 })).u32(51)).toBe(1000);
      await stop();
      expect(said().filter((line) => !line.includes("told"))).toEqual([
        "first: started",
        "second: started",
        "third: started",
        "second: stopped",
        "first: stopped",
      ]);
    });

    it("those of a configuration that fails to compile are stopped", async () => {
      await start(using(library("first")));
      store.openPool = () => {
        throw new Error("no memory");
      };
      await expect(server.reconfigure(configOf(using(library("second"))))).rejects.toThrow("no memory");
      expect(await bootFile()).toBe("first");
      expect(said().filter((line) => !line.includes("told"))).toEqual([
        "first: started",
        "second: started",
        "second: stopped",
      ]);
    });

    it("those of a configuration in which nothing of theirs has changed go on", async () => {
      await start(using(library("first")));
      const config = configOf(using(library("first")));
      await server.reconfigure({
        ...config,
        subnet4: config.subnet4.map((subnet) => ({ ...subnet, "valid-lifetime": 77 })),
      });
      const before = said().length;
      const all = { ...config, subnet4: config.subnet4.map((subnet) => ({ ...subnet, "valid-lifetime": 78 })) };
      await server.reconfigure(all);
      expect((await ask({ type: 3 })).u32(51)).toBe(78);
      expect(said().slice(before)).toEqual([]);
      const told = { ...all, subnet4: all.subnet4.map((subnet) => ({ ...subnet, "user-context": { any: 1 } })) };
      await server.reconfigure(told);
      expect(said().slice(before)).toContain("first: started");
    });
  });

  it("says why when its port is taken, and serves when it is asked again after that", async () => {
    const other = await bind(SERVER, ports.server);
    await start();
    expect(server.isComplete).toBe(false);
    expect(server.describe()).toMatch(/not lo: .*another DHCP server has UDP port \d+ there/);
    other.close();
    await once(other, "close");
    await server.reconfigure(configOf());
    expect((await ask({ type: 8 })).type).toBe("ACK");
  });

  it("finishes what is in flight when it stops", async () => {
    await start();
    const answer = nextMessage(client, () => [server.describe(), ...log.lines].join("\n"));
    client.send(buildMessage4({ ciaddr: CLIENT, type: 3 }), ports.server, SERVER);
    while (store.begin().byAddress(0x7f00_0032) === undefined) await new Promise(setImmediate);
    await stop();
    expect(readMessage4(await answer).type).toBe("ACK");
  });
});

describe("how urgent a message is, at a glance", () => {
  const glance = (fields: Message4Fields, end?: number) => {
    const bytes = buildMessage4(fields).subarray(0, end);
    const buffer = new Uint8Array(bytes.length + 20).fill(1);
    buffer.set(bytes, 10);
    return urgencyOf4({ buffer, offset: 10, length: bytes.length });
  };
  const [DISCOVER, REQUEST, DECLINE, RELEASE, INFORM] = [1, 3, 4, 7, 8] as const;

  it.each([
    [DISCOVER, Urgency.first],
    [REQUEST, Urgency.other],
    [DECLINE, Urgency.other],
    [RELEASE, Urgency.other],
    [INFORM, Urgency.other],
  ])("message type %i: %i", (type, urgency) => {
    expect(glance({ type })).toBe(urgency);
  });

  it("a REQUEST that says its own address renews or rebinds (RFC 2131 §4.3.2)", () => {
    expect(glance({ type: REQUEST, ciaddr: "10.0.0.1" })).toBe(Urgency.renewal);
  });

  it.each([0, 1, 240, 241, 242])("a DISCOVER is not seen in %i bytes of it", (length) => {
    expect(glance({ type: DISCOVER }, length)).toBe(Urgency.other);
  });
});
