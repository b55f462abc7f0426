/**
 * What `npm start` shows: dhcp4d with the example configuration on a private network, and a real DHCP client that gets
 * a lease from it, step by step. Runs inside e2e/bin/in-lab. Serves on until Ctrl-C when a person watches.
 */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Client } from "./clients/client.ts";
import { type ClientName, drivers } from "./clients/drivers.ts";
import { getLease } from "./clients/plain-client.ts";
import { type Host, Lab, type Network } from "./lab/lab.ts";
import { findProgram, type Program } from "./lab/program.ts";
import { ourDaemon, privateFolders } from "./subject/server.ts";
import { top } from "./top.ts";
import { describeFrame } from "./wire/describe.ts";
import { Wire } from "./wire/wire.ts";

const EXAMPLE = "deploy/examples/home4.conf";
const SERVER = "192.168.77.1/24";

function step(text: string): void {
  console.log(`\n== ${text}`);
}

function teller(who: string): (line: string) => void {
  return (line) => console.log(`${who.padEnd(8)}| ${line}`);
}

async function startServer(lab: Lab, network: Network): Promise<{ program: Program; host: Host }> {
  const host = lab.host("server");
  host.attach(network, "eth0", SERVER);
  const program = host.start([ourDaemon(4), "-c", join(top, EXAMPLE)], {
    env: privateFolders(lab.folder),
    cwd: lab.folder,
  });
  program.follow(teller("dhcp4d"));
  await program.waitFor(/DHCP4_STARTED/);
  return { program, host };
}

/** Plugs one more client in; returns when it has its address. */
async function serveOne(lab: Lab, network: Network, number: number): Promise<void> {
  const name = `client${number}`;
  const host = lab.host(name);
  host.attach(network, "eth0");
  const found = (["udhcpc", "dhclient", "dhcpcd"] satisfies ClientName[]).find(
    (each) => findProgram(each) !== undefined,
  );
  if (found === undefined) {
    step(`${name} is plugged in and asks for an address (a client of our own: Debian's cannot be had here)`);
    await getLease(host, "eth0", teller(name));
  } else {
    step(`${name} is plugged in and runs Debian's ${found}`);
    const client = new Client(drivers[found], lab, host, "eth0");
    client.program.follow(teller(name));
    await client.bound();
    client.events[Symbol.dispose]();
  }
  console.log(`\n$ ip -4 -brief address   # on ${name}\n${host.ip("-4", "-brief", "address", "show", "eth0").trim()}`);
}

function showLeases(folder: string): void {
  const path = join(folder, "kea-leases4.csv");
  if (!existsSync(path)) throw new Error(`${path} is not there`);
  console.log(`\n$ cat kea-leases4.csv   # synced to disk before the ACK left\n${readFileSync(path, "utf8").trim()}`);
}

function goOn(): void {
  step("how to go on");
  console.log(`  less ${EXAMPLE}            the configuration that was served
  apps/dhcp4d/bin/dhcp4d -t my.conf          check a Kea configuration of your own
  npm start -- -c my.conf                    serve it on the real interfaces (as root)
  npm test                                   see everything work, Kea side by side`);
}

async function show(): Promise<void> {
  await using lab = new Lab();
  step("a network of its own: a server at 192.168.77.1 and a switch; yours is not touched");
  const network = lab.network();
  step(`the server runs: dhcp4d -c ${EXAMPLE}`);
  const { program, host } = await startServer(lab, network);
  using wire = await Wire.open(host, "eth0");
  const tell = teller("wire");
  wire.listen((frame) => {
    const line = describeFrame(frame);
    if (line !== undefined) tell(line);
  });

  let clients = 0;
  const serveNext = async (): Promise<void> => {
    await serveOne(lab, network, ++clients);
    showLeases(lab.folder);
  };
  await serveNext();
  goOn();
  if (process.stdin.isTTY) {
    const prompt = "\nPress Enter to plug in another client, Ctrl-C to take everything down.";
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
    await Promise.race([stopped, program.exited]);
    terminal.close();
  }
  step("taking it all down");
  await program.stop();
}

await show();
