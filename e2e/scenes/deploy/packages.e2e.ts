/** Packages on a whole Debian of the test's own: built, installed, run by systemd, upgraded, removed, purged. */
import {
  appendFileSync,
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { VERSION } from "@kotare/core/daemon/version";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { Prometheus } from "../../src/clients/prometheus.ts";
import { FORMER } from "../../src/former/former-units.ts";
import { certify } from "../../src/lab/certify.ts";
import { carryOut } from "../../src/lab/containerfile.ts";
import { expectKeaNames } from "../../src/lab/kea-names.ts";
import { Lab, run } from "../../src/lab/lab.ts";
import { filesOfDeb, filesOfRpm } from "../../src/lab/package-files.ts";
import { findProgram } from "../../src/lab/program.ts";
import { hasSystem, System } from "../../src/lab/system.ts";
import { scriptOf } from "../../src/manual/machine-commands.ts";
import { playPackagedPage } from "../../src/page/packaged-page.ts";
import { AFAR } from "../../src/subject/afar.ts";
import { readRows } from "../../src/subject/lease-file.ts";
import { playPairOfSystems } from "../../src/subject/pair-of-systems.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import { top } from "../../src/top.ts";

const DAEMONS = readdirSync(join(top, "apps"));
/** Debian takes it for newer. */
const NEXT = `${VERSION}+1`;
/** To compress them well takes longer than to make them. */
const HASTY = "DPKG_DEB_COMPRESSOR_LEVEL=0";
const HASTY_RPM = '--define "_binary_payload w1.gzdio"';
const CONFIG = {
  Dhcp4: {
    "interfaces-config": { interfaces: ["eth0"] },
    "lease-database": { type: "memfile" },
    "valid-lifetime": 1200,
    subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10 - 10.0.0.19" }] }],
  },
};

const isBookMade = ["mdbook", "lynx"].every((name) => findProgram(name) !== undefined);

describe.skipIf(!hasSystem() || !isBookMade)("needs a Debian system, mdbook and lynx", () => {
  const lab = new Lab();
  let system: System;
  let packages: readonly string[];

  beforeAll(() => {
    system = new System(lab);
    const build = join(system.root, "build");
    // The lab has no way out: the build takes nothing from the network.
    run("env", "XZ_OPT=-0", join(top, "deploy/bin/source"), build);
    const archive = readdirSync(build)[0]!;
    run("tar", "-x", "-C", build, "-f", join(build, archive));
    make(`cd /build/${archive.replace(".tar.xz", "")} && ${HASTY} dpkg-buildpackage --build=binary --no-sign`);
    packages = readdirSync(build).filter((name) => name.endsWith(".deb") && !name.includes("-dbgsym"));
  }, 600_000);

  afterAll(async () => {
    system[Symbol.dispose]();
    await lab[Symbol.asyncDispose]();
  });

  /** Where the manual's commands look for them; apt asks nothing. */
  function putPackages(into: System): void {
    run("cp", ...packages.map((name) => join(system.root, "build", name)), into.root);
    into.run("sh", "-c", "dpkg -i /kotare-common_*.deb /kotare-dhcp4d_*.deb");
    writeFileSync(join(into.root, "etc/apt/apt.conf.d/yes"), 'APT::Get::Assume-Yes "true";\n');
  }

  /** Runs in the system; says what went wrong by its last lines. */
  const make = (command: string) =>
    system.run("sh", "-c", `(${command}) >/build/log 2>&1 || { tail -n 30 /build/log >&2; exit 1; }`);

  const install = (...files: readonly string[]) =>
    system.run("sh", "-c", `dpkg -i ${files.map((file) => `/build/${file}`).join(" ")}`);

  test("there is one for each daemon, one for what they share, one that measures, and Debian's checker has nothing to say", () => {
    const names = packages.map((file) => file.split("_")[0]);
    const shared = ["kotare-common", "kotare-doc", "kotare-kea-names", "kotare-load"];
    expect(names.sort()).toEqual([...shared, ...DAEMONS.map((daemon) => `kotare-${daemon}`)].sort());
    const all = packages.map((file) => `/build/${file}`);
    expect(system.run("lintian", "--allow-root", "--fail-on", "error,warning", ...all)).toBe("");
  });

  test("installed, they have a user, configurations that only it reads, units that systemd likes", () => {
    expect(() => install(...packages)).toThrow();
    system.run("dpkg", "--remove", "kea-dhcp4-server");
    // As the manual has it.
    system.run("ln", "-s", "/build", "/tmp/kotare");
    system.run("sh", "-c", scriptOf("installation.md", "Install them"));
    system.run("rm", "/tmp/kotare");
    install(...packages);
    system.run("sh", "-c", scriptOf("dns.md", "Unbound"));
    // An administrator's own file would outlive the packages.
    system.run("rm", "/usr/lib/kotare/extensions/unbound-hosts.mjs");
    expect(system.run("id", "_kotare")).toContain("(_kotare)");
    expect(system.run("stat", "-c", "%U:%G %a", "/etc/kotare").trim()).toBe("root:_kotare 750");
    expect(system.run("dhcp-load", "--version")).toBe(`${VERSION}\n`);
    expect(existsSync(join(system.root, "usr/share/doc/kotare-common/grafana/kotare.json"))).toBe(true);
    for (const daemon of DAEMONS) {
      const unit = `/usr/lib/systemd/system/${daemon}.service`;
      // systemd looks at the manual pages, too, and this system has no man.
      expect(system.run("sh", "-c", `systemd-analyze verify --man=no ${unit} 2>&1`)).toBe("");
      const security = system.run("systemd-analyze", "security", "--offline=yes", unit);
      expect(Number(/Overall exposure level for \S+: ([\d.]+)/.exec(security)?.[1])).toBeLessThanOrEqual(2);
      const check = `setpriv --reuid=_kotare --regid=_kotare --clear-groups ${daemon} -t /etc/kotare/${daemon}.conf`;
      expect(system.run("sh", "-c", check)).toContain("is a valid configuration");
      const completion = `. /usr/share/bash-completion/completions/${daemon} && complete -p ${daemon}`;
      expect(system.run("bash", "-c", completion)).toContain(`_${daemon}`);
      // What V8 has compiled of a daemon is of this machine's node, and so made when the package is.
      expect(existsSync(join(system.root, `usr/lib/kotare/${daemon}/dist/daemon.cache`))).toBe(true);
    }
  });

  test("a client is served by dhcp4d as its unit confines it; reload, crash and stop are systemd's to manage", async () => {
    const lan = lab.network();
    const host = lab.host("server");
    host.attach(lan, "eth0", "10.0.0.1/24");
    const file = join(system.root, "etc/kotare/dhcp4d.conf");
    writeFileSync(file, JSON.stringify(CONFIG));
    await using booted = await system.boot(host);
    expect(booted.show("dhcp4d", "ActiveState", "StatusText")).toMatchObject({
      ActiveState: "active",
      StatusText: expect.stringContaining("eth0"),
    });
    for (const daemon of DAEMONS) expect(booted.show(daemon, "ActiveState")).toEqual({ ActiveState: "active" });
    expectKeaNames(booted);
    const clientHost = lab.host("client");
    clientHost.attach(lan, "eth0");
    await using client = new Client4(drivers4.udhcpc, lab, clientHost, "eth0");
    expect(await client.bound()).toMatchObject({ address: "10.0.0.10", lifetime: 1200 });
    expect(readFileSync(join(system.root, "var/lib/kotare/kea-leases4.csv"), "latin1")).toContain("10.0.0.10,");

    const change = { Dhcp4: { ...CONFIG.Dhcp4, "valid-lifetime": 2400 } };
    writeFileSync(file, JSON.stringify(change));
    booted.run("systemctl", "reload", "dhcp4d");
    await lifetimeOf(client, 2400);
    writeFileSync(file, '{ "Dhcp4": { "nonsense": 1 } }');
    expect(() => booted.run("systemctl", "reload", "dhcp4d")).toThrow();
    expect(booted.show("dhcp4d", "ActiveState")).toEqual({ ActiveState: "active" });
    writeFileSync(file, JSON.stringify(CONFIG));

    booted.run("systemctl", "kill", "--signal=SIGKILL", "dhcp4d");
    await expect
      .poll(() => booted.show("dhcp4d", "SubState", "NRestarts"), { timeout: 60_000 })
      .toEqual({ SubState: "running", NRestarts: "1" });
    await lifetimeOf(client, 1200);
    booted.run("systemctl", "stop", "dhcp4d");
    const socket = { "socket-type": "unix", "socket-name": "kea4-ctrl-socket" };
    writeFileSync(file, JSON.stringify({ Dhcp4: { ...CONFIG.Dhcp4, "control-socket": socket } }));
    expect(booted.run("sh", "-c", scriptOf("installation.md", "Install them", 1))).toContain("active (running)");
    // Without a configuration or a socket a command means the service.
    expect(booted.run("dhcp4d", "call", "lease4-get", "ip-address=10.0.0.10")).toContain("10.0.0.10");
    booted.run("systemctl", "stop", "dhcp4d");
    expect(booted.show("dhcp4d", "Result", "ActiveState")).toEqual({ Result: "success", ActiveState: "inactive" });
  });

  test("upgraded, they keep the administrator's configuration; removed, also the leases; purged, nothing", () => {
    const file = join(system.root, "etc/kotare/dhcp4d.conf");
    const mine = `// mine\n${JSON.stringify(CONFIG)}`;
    writeFileSync(file, mine);
    for (const name of packages) {
      const contents = join(system.root, "build/next");
      system.run("dpkg-deb", "--raw-extract", `/build/${name}`, "/build/next");
      const control = join(contents, "DEBIAN/control");
      writeFileSync(control, readFileSync(control, "utf8").replaceAll(VERSION, NEXT));
      const config = join(contents, "etc/kotare/dhcp4d.conf");
      if (existsSync(config)) appendFileSync(config, "// a new default\n");
      system.run("dpkg-deb", "-z0", "--build", "/build/next", `/build/new-${name}`);
      rmSync(contents, { recursive: true });
    }
    system.run("sh", "-c", "dpkg -i --force-confold /build/new-*.deb");
    expect(system.run("dpkg-query", "--show", "kotare-dhcp4d")).toBe(`kotare-dhcp4d\t${NEXT}\n`);
    expect(readFileSync(file, "utf8")).toBe(mine);

    const names = packages.map((name) => name.split("_")[0]!);
    system.run("sh", "-c", `dpkg --remove ${names.join(" ")}`);
    expect(existsSync(join(system.root, "usr/sbin/dhcp4d"))).toBe(false);
    expect(readFileSync(file, "utf8")).toBe(mine);
    expect(statSync(join(system.root, "var/lib/kotare/kea-leases4.csv")).size).toBeGreaterThan(100);
    system.run("sh", "-c", `dpkg --purge ${names.join(" ")}`);
    const left = system.run(
      "sh",
      "-c",
      "find / -xdev -path /build -prune -o -name '*kotare*' -print -o -name 'dhcp?d*' -print -o -name 'dhcp-load*' -print",
    );
    expect(left.trim()).toBe("");
    expect(readFileSync(join(system.root, "etc/passwd"), "utf8")).not.toContain("kotare");
    expect(readFileSync(join(system.root, "etc/group"), "utf8")).not.toContain("kotare");
  });

  if (isThorough)
    test("an image by the recipe has a daemon that serves without root's privileges", async () => {
      using image = new System(lab);
      const recipe = join(top, "deploy/oci/Containerfile");
      const { environment, command, stopSignal } = carryOut(recipe, join(system.root, "build"), image);
      writeFileSync(join(image.root, "etc/kotare/dhcp4d.conf"), JSON.stringify(CONFIG));
      const lan = lab.network();
      const host = lab.host("container");
      host.attach(lan, "eth0", "10.0.0.1/24");
      // What `--cap-drop all --cap-add net_raw,net_bind_service` leaves.
      const confined = ["setpriv", "--bounding-set=-all,+net_raw,+net_bind_service", "--inh-caps=-all"];
      const daemon = host.start(["chroot", image.root, "env", "-i", ...environment, ...confined, ...command]);
      await daemon.waitFor(/DHCP4_STARTED/);
      const clientHost = lab.host("guest");
      clientHost.attach(lan, "eth0");
      await using client = new Client4(drivers4.udhcpc, lab, clientHost, "eth0");
      expect(await client.bound()).toMatchObject({ address: "10.0.0.10" });
      expect(readFileSync(join(image.root, "var/lib/kotare/kea-leases4.csv"), "latin1")).toContain("10.0.0.10,");
      expect(await daemon.stop(stopSignal as NodeJS.Signals)).toMatchObject({ code: 0 });
    });

  test("in the place of Kea, and Kea in its place again: the client keeps its lease and does not notice", async () => {
    using moved = new System(lab);
    putPackages(moved);
    moved.run("systemctl", "disable", "dhcp4d");
    moved.run("systemctl", "enable", "kea-dhcp4-server");
    // Kea's file as most are: without a name for the lease file.
    writeFileSync(join(moved.root, "etc/kea/kea-dhcp4.conf"), JSON.stringify(CONFIG));
    moved.run("sh", "-c", scriptOf("coming-from-kea.md", "Check your configuration first"));
    const lan = lab.network();
    const host = lab.host("moved");
    host.attach(lan, "eth0", "10.0.0.1/24");
    const keaOwner = moved.run("stat", "-c", "%U", "/etc/kea").trim();
    await using booted = await moved.boot(host);
    expect(booted.show("kea-dhcp4-server", "ActiveState")).toEqual({ ActiveState: "active" });
    const clientHost = lab.host("settled");
    clientHost.attach(lan, "eth0");
    await using client = new Client4(drivers4.udhcpc, lab, clientHost, "eth0");
    const { address } = await client.bound();

    const leases = join(moved.root, "var/lib/kea/kea-leases4.csv");
    const rows = () => [...readRows(leases)].filter((row) => row.address === address).length;
    const there = scriptOf("coming-from-kea.md", "Move to Kotare");
    const back = scriptOf("coming-from-kea.md", "Go back to Kea");
    // At last for ever.
    for (const script of [there, back, there, scriptOf("coming-from-kea.md", "Tools that look for Kea by its name")]) {
      const before = rows();
      booted.run("sh", "-c", `cd / && { ${script}\n} >&2`);
      expect(await client.renewed()).toMatchObject({ address });
      await expect.poll(rows).toBeGreaterThan(before);
      expect(booted.run("stat", "-c", "%U", "/var/lib/kea/kea-leases4.csv").trim()).toBe("_kea");
    }
    expect(client.events.seen.filter(({ reason }) => reason === "bound")).toHaveLength(1);
    expect(booted.run("stat", "-c", "%U", "/etc/kea").trim()).toBe(keaOwner);
    expect(booted.run("kea-dhcp4", "-v")).toContain("3.0.4");
  });

  test("systemctl status of a server of a pair shows both", async () => {
    using one = new System(lab);
    using two = new System(lab);
    for (const each of [one, two]) putPackages(each);
    await playPairOfSystems(lab, [one, two]);
  });

  test.each(FORMER)("in the place of $unit, and it in its place again, as the manual has it", async (former) => {
    using moved = new System(lab);
    putPackages(moved);
    moved.run("systemctl", "disable", "dhcp4d");
    moved.run("systemctl", "enable", former.unit);
    for (const [path, text] of Object.entries(former.files)) writeFileSync(join(moved.root, path), text);
    const lan = lab.network();
    const host = lab.host(former.unit);
    host.attach(lan, "eth0", "10.0.0.1/24");
    await using booted = await moved.boot(host);
    const clientHost = lab.host(`${former.unit}-client`);
    clientHost.attach(lan, "eth0");
    await using client = new Client4(drivers4.udhcpc, lab, clientHost, "eth0");
    const { address } = await client.bound();
    for (const [script, unit] of [
      [former.there, "dhcp4d"],
      [former.back, former.unit],
    ] as const) {
      booted.run("sh", "-c", `cd /root && { ${script}\n} >&2`);
      expect(booted.show(unit, "ActiveState")).toEqual({ ActiveState: "active" });
      expect(await client.renewed()).toMatchObject({ address });
    }
    expect(client.events.seen.filter(({ reason }) => reason === "bound")).toHaveLength(1);
  });

  const lacking = ["kea-shell", "prometheus", "chromium-headless-shell"].find(
    (name) => findProgram(name) === undefined,
  );
  describe.skipIf(lacking !== undefined)(`needs ${lacking ?? "kea-shell, prometheus and a browser"}`, () => {
    test("managed from afar: by HTTP, by TLS, by who may, and watched by Prometheus", async () => {
      using fresh = new System(lab);
      // Kea is there, whose names can be had only without it.
      const compatible = packages.filter((name) => !name.startsWith("kotare-kea-names"));
      run("cp", ...compatible.map((name) => join(system.root, "build", name)), fresh.root);
      fresh.run("sh", "-c", "dpkg -i /kotare-*.deb");
      const lan = lab.network();
      const host = lab.host("managed");
      host.attach(lan, "eth0", "10.0.0.1/24");
      const tls = join(fresh.root, "etc/kotare/tls");
      mkdirSync(tls);
      certify(host, tls, "authority", "daemon", "shell");
      fresh.run("chown", "-R", "root:_kotare", "/etc/kotare/tls");
      fresh.run("chmod", "-R", "g+r", "/etc/kotare/tls");
      const config = { ...CONFIG.Dhcp4, "control-sockets": AFAR };
      writeFileSync(join(fresh.root, "etc/kotare/dhcp4d.conf"), JSON.stringify({ Dhcp4: config }));
      await using booted = await fresh.boot(host);
      const prometheus = new Prometheus(host, join(lab.folder, "prometheus"), {
        target: "127.0.0.1:8000",
        user: "prometheus",
        password: "p",
      });
      const clientHost = lab.host("watched");
      clientHost.attach(lan, "eth0");
      await using client = new Client4(drivers4.udhcpc, lab, clientHost, "eth0");

      const ask = (user: string, command: string, args?: object): unknown => {
        const body = JSON.stringify({ command, arguments: args });
        const words = ["-u", `${user}:p`, "-H", "Content-Type: application/json", "-d", body];
        return JSON.parse(host.run("curl", "-s", ...words, "http://127.0.0.1:8000/"));
      };
      const nameServer = { name: "domain-name-servers", data: "10.0.0.54" };
      const [subnet] = CONFIG.Dhcp4.subnet4;

      expect(host.run("curl", "-s", "http://127.0.0.1:8000/manual/")).toContain("<title>Kotare");
      const { address } = await client.bound();
      const renewed = () => client.renewed();
      await playPackagedPage({ host, client: clientHost, subnet: subnet!, renewed });
      expect(ask("viewer", "lease4-get", { "ip-address": address })).toMatchObject([
        { result: 0, arguments: { "hw-address": clientHost.mac("eth0") } },
      ]);

      const args = join(lab.folder, "arguments");
      const changed = { ...config, subnet4: [{ ...subnet, "option-data": [nameServer] }] };
      writeFileSync(args, JSON.stringify({ Dhcp4: changed }).slice(1, -1));
      const own = ["--ca", `${tls}/authority.pem`, "--cert", `${tls}/shell.pem`, "--key", `${tls}/shell.key`];
      const shell = ["kea-shell", "--host", "localhost", "--port", "8443", ...own, "config-set"];
      expect(JSON.parse(host.run("sh", "-c", `"$@" <${args}`, "sh", ...shell))).toMatchObject([{ result: 0 }]);
      expect(await client.renewed()).toMatchObject({ address, nameServers: "10.0.0.54" });

      const journal = booted.run("journalctl", "--unit", "dhcp4d", "--output", "cat");
      const trail = [
        ...journal.matchAll(/COMMAND_CARRIED_OUT (\S+) at 127\.0\.0\.1 changed something with '(\S+)': result 0/g),
      ];
      expect(trail.map(([, user, command]) => `${user} ${command}`)).toEqual([
        "admin subnet4-update",
        "shell config-set",
      ]);

      await expect.poll(() => prometheus.health(), { timeout: 60_000 }).toBe("up");
      expect(prometheus.values("kotare_lease_store_up")).toEqual(["1"]);
      const acks = () => Number(prometheus.values('kea_dhcp4_packets_sent_total{operation="ack"}')[0]);
      await expect.poll(acks, { timeout: 60_000 }).toBeGreaterThanOrEqual(3);
    });
  });

  if (isThorough)
    test("RPM packages have the same in them, their checker has nothing to say, and they install", () => {
      const sources = readdirSync(join(system.root, "build")).find((name) => /^kotare-[\d.]+$/.test(name))!;
      const folderOfSpec = `/build/${sources}/deploy/rpm`;
      const spec = `${folderOfSpec}/kotare.spec`;
      make(`rpmbuild -bb --nodeps ${HASTY_RPM} --define "_sourcedir /build" --define "_rpmdir /build/rpm" ${spec}`);
      // Its exit code would hide what it says.
      const verdict = system.run(
        "sh",
        "-c",
        `rpmlint --config ${folderOfSpec}/rpmlint.toml ${spec} /build/rpm || true`,
      );
      expect(verdict).toContain("0 errors, 0 warnings");
      using fresh = new System(lab);
      const folder = join(fresh.root, "rpm");
      run("cp", "-r", join(system.root, "build/rpm"), folder);
      const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) => name.endsWith(".rpm"));
      expect(files).toHaveLength(packages.length);
      // Debian's rpm knows of no nodejs; what scripts and macros the packages need they bring along.
      fresh.run("rpm", "--install", "--nodeps", ...files.map((name) => `/rpm/${name}`));
      expect(fresh.run("stat", "-c", "%U:%G %a", "/etc/kotare").trim()).toBe("root:_kotare 750");
      for (const program of [...DAEMONS, "load"]) {
        expect(filesOfRpm(fresh, program)).toEqual(filesOfDeb(system, packages, program));
      }
      for (const daemon of DAEMONS) {
        const unit = `/usr/lib/systemd/system/${daemon}.service`;
        expect(fresh.run("sh", "-c", `systemd-analyze verify --man=no ${unit} 2>&1`)).toBe("");
        expect(fresh.run(daemon, "-t", `/etc/kotare/${daemon}.conf`)).toContain("is a valid configuration");
      }
      const installed = [...DAEMONS, "kea-names", "load", "doc", "common"].map((name) => `kotare-${name}`);
      fresh.run("rpm", "--erase", ...installed);
      expect(existsSync(join(fresh.root, "usr/lib/kotare"))).toBe(false);
    });
});

/** Renews until the lease is given for so many seconds. */
async function lifetimeOf(client: Client4, lifetime: number): Promise<void> {
  await expect.poll(async () => (await client.renewed()).lifetime, { timeout: 60_000 }).toBe(lifetime);
}
