/**
 * What `npm start` shows: dhcp4d, dhcp6d and d2d with their example configurations on a private network, a real client
 * of each that gets its lease, and the name of one in a real DNS server, step by step. Runs inside e2e/bin/in-lab. Serves on until Ctrl-C when a person watches.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client4 } from "./clients/client4.ts";
import { Client6, LAN } from "./clients/client6.ts";
import { type Client4Name, drivers4 } from "./clients/drivers4.ts";
import { type Client6Name, drivers6 } from "./clients/drivers6.ts";
import { getLease } from "./clients/plain-client.ts";
import { NameServer } from "./dns/name-server.ts";
import { type Host, Lab, type Network, run } from "./lab/lab.ts";
import { delay, findProgram, type Program } from "./lab/program.ts";
import { type Family, privateFolders } from "./subject/server.ts";
import { top } from "./top.ts";
import { describeFrame } from "./wire/describe.ts";
import { Wire } from "./wire/wire.ts";

const ADDRESS = { 4: "192.168.77.1/24", 6: "fd77:7777:7777:1::1/64" } as const;

/** Where the DNS server is: on the lab's own side of the network. */
const DNS_ADDRESS = "192.168.77.53";
/** As in the example for d2d. */
const KEY = { name: "home", algorithm: "hmac-sha256", secret: "LSWXnfkKZjdPJI5QxlpnfQ==" };

const hasDns = ["named", "dig"].every((program) => findProgram(program) !== undefined);

const EXAMPLES = {
  dhcp4d: `deploy/examples/${hasDns ? "names4" : "home4"}.conf`,
  dhcp6d: "deploy/examples/home6.conf",
  d2d: "deploy/examples/names.conf",
} as const;
type Daemon = keyof typeof EXAMPLES;

function step(text: string): void {
  console.log(`\n== ${text}`);
}

function teller(who: string): (line: string) => void {
  return (line) => console.log(`${who.padEnd(8)}| ${line}`);
}

async function startDaemon(host: Host, folder: string, daemon: Daemon, started: RegExp): Promise<Program> {
  step(`a server runs: ${daemon} -c ${EXAMPLES[daemon]}`);
  const command = [join(top, `apps/${daemon}/bin/${daemon}`), "-c", join(top, EXAMPLES[daemon])];
  const program = host.start(command, { env: privateFolders(folder), cwd: folder });
  program.follow(teller(daemon));
  await program.waitFor(started);
  return program;
}

/** BIND, whose zones take nothing but updates with the key. */
function startDns(lab: Lab, network: Network): Promise<NameServer> {
  step(`a DNS server runs at ${DNS_ADDRESS}: Debian's BIND, with two zones that take only signed updates`);
  run("ip", "address", "add", `${DNS_ADDRESS}/24`, "dev", network.bridge);
  const zones = ["home.arpa", "77.168.192.in-addr.arpa"];
  return NameServer.start({ folder: join(lab.folder, "dns"), zones, address: DNS_ADDRESS, port: 53, keys: [KEY] });
}

/** Waits until the address has a name, and shows it both ways. */
async function showName(dns: NameServer, address: string): Promise<void> {
  for (let i = 0; i < 50 && dns.askReverse(address).length === 0; i++) await delay(100);
  const [name = "none"] = dns.askReverse(address);
  console.log(`\n$ dig +short @${DNS_ADDRESS} -x ${address}   # what is its name?\n${name}`);
  console.log(`$ dig +short @${DNS_ADDRESS} ${name}   # and back\n${dns.ask(name, "A").join("\n")}`);
}

/** The first of the clients that is here. */
function firstOf<Name extends string>(...names: readonly Name[]): Name | undefined {
  return names.find((name) => findProgram(name) !== undefined);
}

/** Plugs one more IPv4 client in. @returns its address */
async function serve4(lab: Lab, network: Network, number: number): Promise<string> {
  const name = `client${number}`;
  const host = lab.host(name);
  host.attach(network, "eth0");
  const found = firstOf<Client4Name>("udhcpc", "dhclient", "dhcpcd");
  if (found === undefined) {
    step(`${name} is plugged in and asks for an address (a client of our own: Debian's cannot be had here)`);
    await getLease(host, "eth0", teller(name));
  } else {
    step(`${name} is plugged in and runs Debian's ${found}`);
    const client = new Client4(drivers4[found], lab, host, "eth0");
    client.program.follow(teller(name));
    await client.bound();
    client.events[Symbol.dispose]();
  }
  console.log(`\n$ ip -4 -brief address   # on ${name}\n${host.ip("-4", "-brief", "address", "show", "eth0").trim()}`);
  return host.addresses("eth0")[0] ?? "";
}

/** Plugs one more IPv6 client in, a router that wants a prefix, too; returns when it has both. */
async function serve6(lab: Lab, network: Network, number: number): Promise<void> {
  const found = firstOf<Client6Name>("dhcpcd", "dhclient", "dhcp6c", "dibbler-client");
  if (found === undefined) {
    step("no DHCPv6 client of Debian's can be had here, so none is shown");
    return;
  }
  const name = `router${number}`;
  step(`${name} is plugged in and runs Debian's ${found}: it wants an address, and a prefix for the network behind it`);
  const host = lab.host(name, { ipv6: true });
  host.attach(lab.network(), LAN);
  host.attach(network, "eth0");
  const duid = `00:03:00:01:${host.mac("eth0")}`;
  const client = new Client6(drivers6[found], lab, host, "eth0", duid, { addresses: 1, prefix: true });
  client.program.follow(teller(name));
  await client.served();
  client.events[Symbol.dispose]();
  console.log(`\n$ ip -6 -brief address   # on ${name}\n${host.ip("-6", "-brief", "address", "show").trim()}`);
}

function showLeases(folder: string, family: Family): void {
  const name = `kea-leases${family}.csv`;
  console.log(`\n$ cat ${name}   # synced to disk before the client heard of it`);
  console.log(readFileSync(join(folder, name), "utf8").trim());
}

function goOn(): void {
  step("how to go on");
  console.log(`  less ${Object.values(EXAMPLES).join(" ")}
  apps/dhcp4d/bin/dhcp4d -t my.conf          check a Kea configuration of your own
  npm start -- -c my.conf                    serve it on the real interfaces (as root)
  npm test                                   see everything work, Kea side by side`);
}

async function show(): Promise<void> {
  await using lab = new Lab();
  step(`a network of its own: a server at ${ADDRESS[4]} and ${ADDRESS[6]}, and a switch; yours is not touched`);
  const network = lab.network();
  const host = lab.host("server", { ipv6: true });
  host.attach(network, "eth0", ADDRESS[4]);
  host.ip("address", "add", ADDRESS[6], "dev", "eth0");
  await using dns = hasDns ? await startDns(lab, network) : undefined;
  const servers = [
    ...(hasDns ? [await startDaemon(host, lab.folder, "d2d", /DHCP_DDNS_STARTED/)] : []),
    await startDaemon(host, lab.folder, "dhcp4d", /DHCP4_STARTED/),
    await startDaemon(host, lab.folder, "dhcp6d", /DHCP6_STARTED/),
  ];
  using wire = await Wire.open(host, "eth0");
  const tell = teller("wire");
  wire.listen((frame) => {
    const line = describeFrame(frame);
    if (line !== undefined) tell(line);
  });

  let clients = 0;
  const serveNext = async (): Promise<void> => {
    const number = ++clients;
    const address = await serve4(lab, network, number);
    showLeases(lab.folder, 4);
    if (dns !== undefined) await showName(dns, address);
    await serve6(lab, network, number);
    showLeases(lab.folder, 6);
  };
  await serveNext();
  goOn();
  if (process.stdin.isTTY) {
    const prompt = "\nPress Enter to plug in two more clients, Ctrl-C to take everything down.";
    console.log(prompt);
    const terminal = createInterface({ input: process.stdin });
    const stopped = new Promise<void>((resolve) => {
      for (const signal of ["SIGINT", "SIGTERM"] as const) process.once(signal, resolve);
      terminal.once("SIGINT", resolve);
      terminal.once("close", resolve);
    });
    let turn = Promise.resolve();
    terminal.on("line", () => {
      turn = turn.then(serveNext).then(() => console.log(prompt));
    });
    await Promise.race([stopped, ...servers.map((server) => server.exited)]);
    terminal.close();
  }
  step("taking it all down");
  await Promise.all(servers.map((server) => server.stop()));
}

await show();
