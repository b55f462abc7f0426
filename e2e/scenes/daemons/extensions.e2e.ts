/** Extensions of an operator's own, with the daemon and a real client: at the start, while it serves, and bad ones. */
import { existsSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { type Host, Lab, type Network } from "../../src/lab/lab.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { Server } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";
import { getOffer } from "../../src/wire/dora.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const [PRINTER, OTHER] = ["02:00:00:00:0e:01", "02:00:00:00:0e:02"];

let lab: Lab;
let network: Network;
let host: Host;
let clients: Host;
let printer: Host;
let folder: string;
let server: Server;

/** @param library beside the example of MAC addresses */
function configOf(library?: string) {
  const parameters = { file: join(folder, "macs"), class: "printers" };
  return {
    "control-sockets": [{ "socket-type": "unix", "socket-name": join(folder, "socket") }],
    "client-classes": [{ name: "printers" }, { name: "others", test: "not member('printers')" }],
    subnet4: [
      {
        id: 1,
        subnet: "10.0.0.0/24",
        pools: [
          { pool: "10.0.0.10-10.0.0.19", "client-class": "printers" },
          { pool: "10.0.0.100-10.0.0.199", "client-class": "others" },
        ],
      },
    ],
    "hooks-libraries": [
      { library: join(top, "deploy/extensions/mac-classes.mjs"), parameters },
      ...(library === undefined ? [] : [{ library }]),
    ],
  };
}

function moduleOf(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

async function offered(mac: string): Promise<string> {
  using probe = await Probe4.open(clients, "eth0");
  return (await getOffer(probe, mac)).yiaddr;
}

beforeAll(async () => {
  lab = new Lab();
  network = lab.network();
  host = lab.host("server");
  host.attach(network, "eth0", "10.0.0.1/24");
  clients = lab.host("clients");
  clients.attach(network, "eth0");
  printer = lab.host("printer");
  printer.attach(network, "eth0", undefined, PRINTER);
  folder = lab.folder;
  writeFileSync(join(folder, "macs"), PRINTER);
  server = await Server.start("kotare", host, configOf(), { folder });
});
afterAll(() => lab[Symbol.asyncDispose]());

test("a client gets the class that stands in the example's file, and the file may change", async () => {
  await using client = new Client4(drivers4.dhclient, lab, printer, "eth0");
  expect((await client.bound()).address).toBe("10.0.0.10");
  expect(await offered(OTHER)).toBe("10.0.0.100");
  writeFileSync(join(folder, "macs.new"), `${PRINTER}\n${OTHER}`);
  const from = server.program.lines.length;
  renameSync(join(folder, "macs.new"), join(folder, "macs"));
  await server.program.waitFor(/mac-classes: .* has 2 addresses now/, { from });
  expect(await offered(OTHER)).toBe("10.0.0.11");
});

test("one that leaks promises and timers costs nobody an answer, and its commands come and go with a reload", async () => {
  const library = moduleOf(
    "leak.mjs",
    `export default { name: "leak", start: () => ({
      identify() { Promise.reject(new Error("leaked")); setImmediate(() => { throw new Error("thrown late"); }); },
      commands: [{ name: "leak-get", access: "read", run: () => ({ result: 0 }) }],
    }) };`,
  );
  const ask = async () => JSON.parse(await sendCommand(join(folder, "socket"), "leak-get")) as unknown;
  await server.reload(configOf(library));
  expect(await ask()).toEqual({ result: 0 });
  expect(await offered("02:00:00:00:0e:03")).toMatch(/^10\.0\.0\.1\d\d$/);
  await server.program.waitFor(/DAEMON_UNEXPECTED_ERROR .*leaked/);
  await server.program.waitFor(/DAEMON_UNEXPECTED_ERROR .*thrown late/);
  await server.reload(configOf());
  expect(await ask()).toMatchObject({ result: 2 });
  expect(await offered("02:00:00:00:0e:04")).toMatch(/^10\.0\.0\.1\d\d$/);
});

test("with ping_check the address of a host that answers no ping is not offered: ARP finds it, and it is declined", async () => {
  const squatter = lab.host("squatter");
  squatter.attach(network, "eth0", "10.0.0.50/24");
  squatter.set("net/ipv4/icmp_echo_ignore_all", 1);
  const subnet = { id: 2, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.50-10.0.0.51" }] };
  await server.reload({ ...configOf("libdhcp_ping_check.so"), subnet4: [subnet] });
  expect(await offered("02:00:00:00:0e:05")).toBe("10.0.0.51");
  expect(server.leases().get("10.0.0.50")).toMatchObject({ state: 1, hwaddr: "" });
  await server.reload(configOf());
});

test("one that does not start leaves the configuration as it was", async () => {
  const library = moduleOf("late.mjs", 'export default { name: "late", start() { throw new Error("no power"); } };');
  const from = server.program.lines.length;
  writeFileSync(server.configFile, JSON.stringify({ Dhcp4: configOf(library) }));
  server.program.signal("SIGHUP");
  await server.program.waitFor(/DYNAMIC_RECONFIGURATION_FAIL .*cannot start: extension late: no power/, { from });
  expect(await offered(PRINTER)).toBe("10.0.0.10");
});

test("a control channel runs no module from elsewhere", async () => {
  const ran = join(folder, "ran");
  const library = moduleOf("foreign.mjs", `import { writeFileSync } from "node:fs"; writeFileSync("${ran}", "");`);
  for (const command of ["config-test", "config-set"]) {
    const answer = await sendCommand(join(folder, "socket"), command, { Dhcp4: configOf(library) });
    expect(JSON.parse(answer)).toMatchObject({ result: 1, text: expect.stringContaining("is not inside") });
  }
  expect(existsSync(ran)).toBe(false);
});

test("with -F, what cannot be taken into force ends the daemon", async () => {
  await server[Symbol.asyncDispose]();
  const under = ["sh", "-c", 'exec "$@" -F', "sh"];
  await using other = await Server.start("kotare", host, configOf(), { folder, under });
  const library = moduleOf("never.mjs", 'export default { name: "never", start() { throw new Error("no power"); } };');
  writeFileSync(other.configFile, JSON.stringify({ Dhcp4: configOf(library) }));
  other.program.signal("SIGHUP");
  expect(await other.program.exited).toMatchObject({ code: 1 });
  expect(other.program.output).toMatch(/DHCP4_CONFIG_UNRECOVERABLE_ERROR .*no power/);
  expect(other.program.lines.at(-1)).toContain("DHCP4_SHUTDOWN ");
});
