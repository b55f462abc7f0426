/** Every example configuration is good, and serves real clients as it stands. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, onTestFinished, test } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { Client6, LAN } from "../../src/clients/client6.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { drivers6 } from "../../src/clients/drivers6.ts";
import { startRelay4 } from "../../src/clients/relay4.ts";
import { startRelays6 } from "../../src/clients/relay6.ts";
import { KEY, NameServer } from "../../src/dns/name-server.ts";
import { type Host, Lab, type Network, run } from "../../src/lab/lab.ts";
import { findProgram, type Program } from "../../src/lab/program.ts";
import { databaseKinds, readTable } from "../../src/subject/database-server.ts";
import { type Family, ourDaemon, privateFolders } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";

const EXAMPLES = join(top, "deploy/examples");

interface Stage {
  readonly lab: Lab;
  readonly host: Host;
  /** What the server's interfaces are plugged into, eth0 first. */
  readonly networks: readonly Network[];
  readonly program: Program;
}

function daemonOf(example: string): string {
  const [, daemon = ""] = /"(Dhcp4|Dhcp6|DhcpDdns)"/.exec(readFileSync(join(EXAMPLES, example), "utf8"))!;
  return daemon === "DhcpDdns" ? join(top, "apps/d2d/bin/d2d") : ourDaemon(Number(daemon.at(-1)) as Family);
}

function start(lab: Lab, host: Host, example: string): Program {
  const command = [daemonOf(example), "-c", join(EXAMPLES, example)];
  return host.start(command, { env: privateFolders(lab.folder), cwd: lab.folder });
}

/** Runs an example on a host with these addresses, on eth0 and so on; what it needs there is made ready before. */
async function serve(
  example: string,
  addresses: readonly string[],
  play: (stage: Stage) => Promise<void>,
  prepare = async (_: Host): Promise<void> => {},
) {
  await using lab = new Lab();
  const family = example.endsWith("6.conf") ? 6 : 4;
  const host = lab.host("server", { ipv6: family === 6 });
  const networks = addresses.map((address, index) => {
    const network = lab.network();
    host.attach(network, `eth${index}`, address);
    return network;
  });
  await prepare(host);
  const program = start(lab, host, example);
  await program.waitFor(new RegExp(`DHCP${family}_STARTED`));
  await play({ lab, host, networks, program });
  expect(await program.stop()).toEqual({ code: 0, signal: null });
}

/** Plugs a client in. @returns what it was given */
async function ask(lab: Lab, network: Network, mac?: string) {
  const host = lab.host(`client${++clients}`);
  host.attach(network, "eth0", undefined, mac);
  await using client = new Client4(drivers4.udhcpc, lab, host, "eth0");
  return await client.bound();
}
let clients = 0;

test.each(readdirSync(EXAMPLES))("%s is a valid configuration", async (example) => {
  await using lab = new Lab();
  const program = lab.host("server").start([daemonOf(example), "-t", join(EXAMPLES, example)]);
  expect(await program.exited).toEqual({ code: 0, signal: null });
  expect(program.lines).toEqual([`${join(EXAMPLES, example)} is a valid configuration`]);
});

describe.skipIf(findProgram("udhcpc") === undefined)("needs udhcpc", () => {
  test("office4.conf: devices are known by what is reserved for them, and strangers get nothing on the second network", () =>
    serve("office4.conf", ["10.1.0.1/24", "10.2.0.1/24"], async ({ lab, networks: [office, cameras], program }) => {
      expect(await ask(lab, office!, "02:00:00:00:01:10")).toMatchObject({ address: "10.1.0.10", hostname: "printer" });
      expect(await ask(lab, office!)).toMatchObject({ address: "10.1.0.100", routers: "10.1.0.1" });
      expect(await ask(lab, office!, "02:00:00:00:01:12")).toMatchObject({ nameServers: "9.9.9.9" });
      expect(await ask(lab, cameras!, "02:00:00:00:02:10")).toMatchObject({ address: "10.2.0.100" });
      const stranger = lab.host("stranger");
      stranger.attach(cameras!, "eth0");
      await using client = new Client4(drivers4.udhcpc, lab, stranger, "eth0");
      await program.waitFor(/ALLOC_ENGINE_V4_ALLOC_FAIL/);
      expect(client.events.seen.filter(({ reason }) => reason === "BOUND")).toEqual([]);
    }));

  describe.skipIf(findProgram("dhcrelay") === undefined)("needs isc-dhcp-relay", () => {
    test("campus4.conf: a relayed client gets an address of its building", () =>
      serve("campus4.conf", ["10.0.0.1/24"], async ({ lab, host, networks: [backbone] }) => {
        const relayed = await startRelay4(lab, host, backbone!);
        expect(await ask(lab, relayed.clients)).toMatchObject({ address: "10.1.0.20", routers: "10.1.0.1" });
      }));

    test("isp6.conf: a customer's router gets an address and a prefix through its access node", () =>
      serve("isp6.conf", ["2001:db8::1/64"], async ({ lab, networks: [backbone] }) => {
        const relayed = await startRelays6(lab, backbone!, 1);
        const host = lab.host("router", { ipv6: true });
        host.attach(lab.network(), LAN);
        host.attach(relayed.clients, "eth0");
        const duid = `00:03:00:01:${host.mac("eth0")}`;
        await using router = new Client6(drivers6.dhcpcd, lab, host, "eth0", duid, { addresses: 1, prefix: true });
        await router.served();
        expect(router.addresses).toEqual(["2001:db8:1::1000"]);
        expect(router.prefixes).toEqual(["2001:db8:8000::/56"]);
      }));
  });

  describe.each([
    { example: "postgresql4.conf", name: "PostgreSQL", port: 5432 },
    { example: "mysql4.conf", name: "MariaDB", port: 3306 },
  ])("$example", ({ example, name, port }) => {
    const kind = databaseKinds.find((each) => each.name === name)!;

    describe.skipIf(kind.start === undefined)(`needs ${kind.package}`, () => {
      test("tables are made as it says, and the lease is in them", async () => {
        const databases = await kind.start!();
        onTestFinished(() => databases.stop());
        await databases.create("kotare", "SELECT 1");
        await databases.createUser("kotare");
        // The server has a file that all hosts of the lab see; the example wants its port on the daemon's own.
        const door = `require("net").createServer((client) => client.pipe(require("net").connect(process.argv[1])).pipe(client))
        .listen(${port}, "127.0.0.1", () => console.log("open"))`;
        await serve(
          example,
          ["10.4.0.1/16"],
          async ({ lab, networks: [lan] }) => {
            const { address } = await ask(lab, lan!);
            expect(address).toMatch(/^10\.4\./);
            expect([...(await readTable(databases, "kotare", 4)).keys()]).toEqual([address]);
          },
          async (host) => {
            await host.start([process.execPath, "-e", door, databases.socket]).waitFor(/open/);
            expect(host.run(ourDaemon(4), "db", "init", "-c", join(EXAMPLES, example))).toContain("has been made");
          },
        );
      });
    });
  });

  test.skipIf(findProgram("named") === undefined)(
    "names4.conf and names.conf: a client can be found by name",
    async () => {
      const address = "192.168.77.53";
      await serve("names4.conf", ["192.168.77.1/24"], async ({ lab, host, networks: [lan] }) => {
        // On the lab's own side, where it can be asked.
        run("ip", "address", "add", `${address}/24`, "dev", lan!.bridge);
        const zones = ["home.arpa", "77.168.192.in-addr.arpa"];
        const folder = join(lab.folder, "dns");
        const keys = [{ ...KEY, name: "home" }];
        await using dns = await NameServer.start({ folder, zones, address, port: 53, keys });
        await start(lab, host, "names.conf").waitFor(/DHCP_DDNS_STARTED/);
        const given = await ask(lab, lan!);
        const name = "laptop.home.arpa";
        const found = () => [dns.ask(name, "A"), dns.askReverse(given.address)];
        await expect.poll(found, { timeout: 60_000 }).toEqual([[given.address], [`${name}.`]]);
      });
    },
  );
});
