/** What goes wrong where servers run, and that dhcp4d neither dies of it nor stays deaf. */
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { crowdBehind } from "../../src/bench/family4.ts";
import { type Host, Lab, type Network, run } from "../../src/lab/lab.ts";
import { acknowledgedLeases, LEASES, loadCommand, PATIENT, runLoad } from "../../src/load/load.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { isHeld, readLeases } from "../../src/subject/lease-file.ts";
import { type DhcpConfig, ourDaemon, privateFolders, Server, type ServerOptions } from "../../src/subject/server.ts";
import { acceptOffer, getOffer, getServed } from "../../src/wire/dora.ts";
import { optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const CONFIG = {
  "valid-lifetime": 4000,
  subnet4: [{ id: 1, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0 - 10.0.255.250" }] }],
};

interface Stage {
  readonly lab: Lab;
  readonly lan: Network;
  readonly host: Host;
  readonly clients: Host;
  readonly folder: string;
  start(config?: DhcpConfig, options?: Partial<ServerOptions>): Promise<Server>;
}

/** A server host with eth0 at 10.0.0.1 (unless `bare`) and a host of clients at 10.0.0.2. */
async function stage(play: (stage: Stage) => Promise<void>, { bare = false } = {}): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const host = lab.host("server");
  if (!bare) host.attach(lan, "eth0", "10.0.0.1/16");
  const clients = lab.host("clients");
  clients.attach(lan, "eth0", "10.0.0.2/16");
  const folder = join(lab.folder, "server");
  await play({
    lab,
    lan,
    host,
    clients,
    folder,
    start: (config = CONFIG, options = {}) => Server.start("kotare", host, config, { folder, ...options }),
  });
}

function mac(number: number): string {
  return `02:f0:00:00:00:${number.toString(16).padStart(2, "0")}`;
}

describe("interfaces", () => {
  test("one that is not there yet at the start is served when it comes", () =>
    stage(
      async ({ host, lan, clients, start }) => {
        const config = { ...CONFIG, "interfaces-config": { interfaces: ["eth0"] } };
        await using server = await start(config);
        expect(server.program.running).toBe(true);
        host.attach(lan, "eth0", "10.0.0.1/16");
        using probe = await Probe4.open(clients, "eth0");
        expect((await getServed(probe, mac(1))).yiaddr).toMatch(/^10\.0\./);
      },
      { bare: true },
    ));

  test("one that a command adds is served, now or when it comes, until the file is read again", () =>
    stage(
      async ({ host, lan, clients, start, folder }) => {
        const socket = join(folder, "socket");
        const control = { "control-socket": { "socket-type": "unix", "socket-name": socket } };
        await using _server = await start({ ...CONFIG, ...control, "interfaces-config": { interfaces: [] } });
        const ask = async (command: string, args?: object) => JSON.parse(await sendCommand(socket, command, args));
        expect(await ask("interface-add", { interfaces: ["eth0"] })).toEqual({
          result: 0,
          text: "Operation succeeded. Not served yet: eth0.",
        });
        host.attach(lan, "eth0", "10.0.0.1/16");
        using probe = await Probe4.open(clients, "eth0");
        await getServed(probe, mac(1));
        const listed = async () => (await ask("config-get")).arguments.Dhcp4["interfaces-config"].interfaces;
        expect(await listed()).toEqual(["eth0"]);
        await ask("config-reload");
        expect(await listed()).toEqual([]);
      },
      { bare: true },
    ));

  test("one that goes down is served again when it comes up", () =>
    stage(async ({ host, clients, start }) => {
      await using _server = await start();
      using probe = await Probe4.open(clients, "eth0");
      await getServed(probe, mac(1));
      host.ip("link", "set", "eth0", "down");
      await expect(getOffer(probe, mac(2), 700)).rejects.toThrow("no OFFER");
      host.ip("link", "set", "eth0", "up");
      await getServed(probe, mac(3));
    }));

  test("one that is unplugged is served again when another with its name is plugged in", () =>
    stage(async ({ host, lan, clients, start }) => {
      await using _server = await start();
      using probe = await Probe4.open(clients, "eth0");
      await getServed(probe, mac(1));
      host.ip("link", "delete", "eth0");
      host.attach(lan, "eth0", "10.0.0.1/16");
      await getServed(probe, mac(2));
    }));

  test("one that changes its address is served under the new one", () =>
    stage(async ({ host, clients, start }) => {
      await using _server = await start();
      using probe = await Probe4.open(clients, "eth0");
      expect(optionOf(await getServed(probe, mac(1)), 54)?.join(".")).toBe("10.0.0.1");
      host.ip("address", "delete", "10.0.0.1/16", "dev", "eth0");
      host.ip("address", "add", "10.0.0.9/16", "dev", "eth0");
      const until = performance.now() + 5000;
      let server: string | undefined;
      while (server !== "10.0.0.9" && performance.now() < until) {
        server = optionOf(await getServed(probe, mac(2)), 54)?.join(".");
      }
      expect(server).toBe("10.0.0.9");
    }));
});

describe("port 67", () => {
  test("held by another program: dhcp4d says so, goes on trying, and serves when it is free", () =>
    stage(async ({ host, clients, start, folder }) => {
      await (await start()).program.stop();
      const squatter = host.start([
        process.execPath,
        "-e",
        'require("node:dgram").createSocket("udp4").bind(67, () => console.log("bound"))',
      ]);
      await squatter.waitFor(/bound/);
      const program = host.start([ourDaemon(4), "-c", join(folder, "dhcp4.json")], {
        env: privateFolders(folder),
        cwd: folder,
      });
      await program.waitFor(/(WARN|ERROR).*port 67/i);
      using probe = await Probe4.open(clients, "eth0");
      await expect(getOffer(probe, mac(1), 500)).rejects.toThrow("no OFFER");
      await squatter.stop();
      await getServed(probe, mac(1), 60_000);
    }));
});

describe("lease file", () => {
  /** A file system that is full once `filler` is written. */
  function mountSmall(folder: string): { fill(): void; empty(): void } {
    mkdirSync(folder, { recursive: true, mode: 0o750 });
    run("mount", "-t", "tmpfs", "-o", "size=256k,mode=750", "tmpfs", folder);
    const filler = join(folder, "filler");
    return {
      fill() {
        try {
          run("dd", "if=/dev/zero", `of=${filler}`, "bs=4096");
        } catch {
          // dd ends with an error when the disk is full: that is what it is here for.
        }
      },
      empty: () => rmSync(filler),
    };
  }

  test("disk full: nobody gets an ACK, the log says why, and service resumes by itself", () =>
    stage(async ({ clients, folder, start }) => {
      const disk = mountSmall(folder);
      try {
        await using server = await start();
        using probe = await Probe4.open(clients, "eth0");
        await getServed(probe, mac(1));
        disk.fill();
        // What is left of the last page of the lease file may still take some leases.
        let acknowledged = 0;
        for (let i = 2; i < 120; i++) {
          const offer = await getOffer(probe, mac(i));
          const ack = await acceptOffer(probe, mac(i), offer, 300).catch(() => undefined);
          if (ack === undefined) break;
          acknowledged++;
        }
        expect(acknowledged).toBeLessThan(100);
        await server.program.waitFor(/ENOSPC|no space/i);
        disk.empty();
        await getServed(probe, mac(200), 60_000);
        expect([...server.leases().values()].filter(isHeld)).toHaveLength(acknowledged + 2);
      } finally {
        run("umount", "-l", folder);
      }
    }));

  test("taken away while it is in use: a new one with all leases is begun", () =>
    stage(async ({ clients, start }) => {
      await using server = await start();
      using probe = await Probe4.open(clients, "eth0");
      await getServed(probe, mac(1));
      rmSync(server.leaseFile);
      await server.program.waitFor(/DHCPSRV_MEMFILE_FILE_BEGUN/);
      await getServed(probe, mac(2));
      expect([...server.leases().values()].filter(isHeld)).toHaveLength(2);
    }));

  test("two daemons: the second says who has the file and ends", () =>
    stage(async ({ lab, lan, clients, folder, start }) => {
      await using first = await start();
      const other = lab.host("other");
      other.attach(lan, "eth0", "10.0.0.3/16");
      const config = { ...CONFIG, "lease-database": { type: "memfile", name: first.leaseFile } };
      const second = Server.start("kotare", other, config, { folder: join(lab.folder, "other"), patience: 5000 });
      await expect(second).rejects.toThrow(/lock|held|another|in use/i);
      using probe = await Probe4.open(clients, "eth0");
      expect(optionOf(await getServed(probe, mac(1)), 54)?.join(".")).toBe("10.0.0.1");
      expect(isHeld(readLeases(join(folder, "leases4.csv")).values().next().value)).toBe(true);
    }));
});

describe("configuration", () => {
  test("a bad file at SIGHUP is refused with its place, and the old one goes on serving", () =>
    stage(async ({ clients, start }) => {
      await using server = await start();
      writeFileSync(server.configFile, '{ "Dhcp4": {\n  "valid-lifetime": "long" } }\n');
      server.program.signal("SIGHUP");
      await server.program.waitFor(/dhcp4\.json:2:\d+/);
      using probe = await Probe4.open(clients, "eth0");
      const ack = await getServed(probe, mac(1));
      expect(Buffer.from(optionOf(ack, 51)!).readUInt32BE()).toBe(4000);
    }));

  test("a subnet taken away at SIGHUP is served no more, and its leases stay in the file", () =>
    stage(async ({ clients, start }) => {
      await using server = await start();
      using probe = await Probe4.open(clients, "eth0");
      const ack = await getServed(probe, mac(1));
      await server.reload({ ...CONFIG, subnet4: [{ id: 2, subnet: "10.9.0.0/16", pools: [{ pool: "10.9.0.0/24" }] }] });
      await expect(getOffer(probe, mac(1), 500)).rejects.toThrow("no OFFER");
      expect(isHeld(server.leases().get(ack.yiaddr))).toBe(true);
      await server.reload(CONFIG);
      expect((await getServed(probe, mac(1))).yiaddr).toBe(ack.yiaddr);
    }));
});

describe("process", () => {
  test("SIGTERM ends it with status 0", () =>
    stage(async ({ start }) => {
      const server = await start();
      expect(await server.program.stop("SIGTERM")).toEqual({ code: 0, signal: null });
    }));

  test("SIGINT ends it with status 0", () =>
    stage(async ({ start }) => {
      const server = await start();
      expect(await server.program.stop("SIGINT")).toEqual({ code: 0, signal: null });
    }));

  test("killed and started again: the pid file left behind is no trap, and the client keeps its address", () =>
    stage(async ({ clients, start }) => {
      const first = await start();
      using probe = await Probe4.open(clients, "eth0");
      const ack = await getServed(probe, mac(1));
      await first.program.stop("SIGKILL");
      await using _second = await start();
      expect((await getServed(probe, mac(1))).yiaddr).toBe(ack.yiaddr);
      expect((await getServed(probe, mac(2))).yiaddr).not.toBe(ack.yiaddr);
    }));

  test.each(["net_raw", "net_bind_service"])("without CAP_%s it names what is missing", (capability) =>
    stage(async ({ host, folder, start }) => {
      await (await start()).program.stop();
      const without = ["setpriv", `--bounding-set=-${capability}`, `--inh-caps=-${capability}`];
      const command = [...without, ourDaemon(4), "-c", join(folder, "dhcp4.json")];
      const program = host.start(command, { env: privateFolders(folder), cwd: folder });
      await program.waitFor(new RegExp(`CAP_${capability}`, "i"), { timeout: 60_000 });
    }),
  );
});

describe("under traffic", () => {
  const load = { rate: 400, seconds: 6, clients: 100_000, crowd: crowdBehind("10.0.0.2", "10.0.0.1") };

  test("SIGHUP under traffic loses no exchange", () =>
    stage(async ({ clients, start }) => {
      await using server = await start();
      const running = runLoad(clients, { ...load, more: PATIENT });
      for (let i = 0; i < 3; i++) {
        await new Promise((resolve) => setTimeout(resolve, 1000));
        await server.reload({ ...CONFIG, "valid-lifetime": 4000 + i });
      }
      const result = await running;
      expect(result.offered).toBeGreaterThan(1000);
      expect(result.completed).toBe(result.offered);
    }));

  test("kill -9 under traffic: every acknowledged lease is in the file", () =>
    stage(async ({ clients, start }) => {
      const server = await start();
      const crowd = clients.start(loadCommand({ ...load, more: LEASES }));
      await expect.poll(() => server.leases().size, { timeout: 60_000 }).toBeGreaterThan(300);
      await server.program.stop("SIGKILL");
      await crowd.exited;
      const acknowledged = acknowledgedLeases(crowd.lines).map((lease) => lease.address);
      expect(acknowledged.length).toBeGreaterThan(100);
      const leases = server.leases();
      expect(acknowledged.filter((address) => !isHeld(leases.get(address)))).toEqual([]);
      await using again = await start();
      const fresh = clients.start(loadCommand({ ...load, seconds: 2, firstMac: "02:01:00:00:00:00", more: LEASES }));
      await fresh.exited;
      const given = acknowledgedLeases(fresh.lines).map((lease) => lease.address);
      expect(given.length).toBeGreaterThan(100);
      const before = new Set(acknowledged);
      expect(given.filter((address) => before.has(address))).toEqual([]);
      expect(again.program.running).toBe(true);
    }));
});
