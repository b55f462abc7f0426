/** The move from ISC's dhcpd while clients renew, and back: they keep their addresses, prefixes and names. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { text as bytesOf } from "@kotare/testkit/payloads";
import { describe, expect, it } from "vitest";
import { askAll } from "../../src/former/ask-all.ts";
import { Dhcpd } from "../../src/former/dhcpd.ts";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { client, discover, extend, relayed, selecting } from "../../src/oracle/dhcp4/client.ts";
import { SERVER as SERVER4 } from "../../src/oracle/dhcp4/lan.ts";
import { type Speech4, stage4 } from "../../src/oracle/dhcp4/stage.ts";
import * as six from "../../src/oracle/dhcp6/client.ts";
import { type Speech6, stage6 } from "../../src/oracle/dhcp6/stage.ts";
import type { Answer, Voice } from "../../src/oracle/speech.ts";
import { type DhcpConfig, type Family, ourDaemon, privateFolders, Server } from "../../src/subject/server.ts";

const GIADDR = "10.20.0.254";
const COUNT = 48;

/** The commands of our daemon about the files of a folder: what is said, whatever the exit code. */
async function ours(family: Family, folder: string, ...words: readonly string[]) {
  const env = { ...process.env, ...privateFolders(folder) };
  const ran = promisify(execFile)(ourDaemon(family), words, { env, maxBuffer: 1 << 24 });
  type Failure = { code: number; stdout: string; stderr: string };
  return await ran.then(
    (done) => ({ code: 0, ...done }),
    (error: unknown) => error as Failure,
  );
}

/** Converts a file as an operator does, and says where leases and commands are. */
async function convert(family: Family, folder: string, rest: DhcpConfig = {}): Promise<DhcpConfig> {
  const { stdout } = await ours(family, folder, "convert", join(folder, "dhcpd.conf"));
  const { loggers, ...body } = (JSON.parse(stdout) as Record<string, DhcpConfig>)[`Dhcp${family}`]!;
  const config = {
    ...body,
    ...rest,
    "lease-database": { type: "memfile", name: join(folder, `leases${family}.csv`) },
    "control-socket": { "socket-type": "unix", "socket-name": join(folder, "commands") },
  };
  writeFileSync(join(folder, "moved.json"), JSON.stringify({ [`Dhcp${family}`]: config }));
  return config;
}

/** Clients that have addresses and renew all the time, whoever serves. */
class Renewers {
  readonly #voice: Voice<Speech4>;
  readonly addresses: string[] = [];
  /** Answers that are no ACK of the address that the client has. */
  readonly wrong: string[] = [];
  /** How many were answered in the last round. */
  answered = 0;
  #rounds = 0;
  #isOver = false;
  readonly #waiters: { readonly round: number; readonly resolve: () => void }[] = [];

  constructor(voice: Voice<Speech4>) {
    this.#voice = voice;
  }

  #extra(number: number) {
    return { options: [[12, bytesOf(`client-${number}`)] as const] };
  }

  async getAddresses(): Promise<void> {
    const who = Array.from({ length: COUNT }, (_, number) => client(number));
    const ask = (queries: readonly ReturnType<typeof discover>[]) =>
      askAll(
        this.#voice,
        queries.map((query) => relayed(query, { giaddr: GIADDR })),
      );
    const offers = await ask(who.map((each, i) => discover(each, this.#extra(i))));
    const acks = await ask(who.map((each, i) => selecting(each, offers[i]!.message, this.#extra(i))));
    for (const ack of acks) this.addresses.push(ack!.message.yiaddr);
  }

  async run(): Promise<void> {
    while (!this.#isOver) {
      const queries = this.addresses.map((address, i) =>
        relayed(extend(client(i), address, this.#extra(i)), { giaddr: GIADDR }),
      );
      const answers = await askAll(this.#voice, queries);
      for (const [i, answer] of answers.entries()) this.#judge(i, answer);
      this.answered = answers.filter((answer) => answer !== undefined).length;
      this.#rounds++;
      for (const { round, resolve } of this.#waiters) if (round <= this.#rounds) resolve();
    }
  }

  #judge(i: number, answer: Answer<Speech4> | undefined): void {
    if (answer === undefined) return;
    const { yiaddr, options } = answer.message;
    const type = options.find(([code]) => code === 53)?.[1][0];
    if (type !== 5 || yiaddr !== this.addresses[i]) this.wrong.push(`client-${i}: ${type} ${yiaddr}`);
  }

  /** Two more: one that has not begun yet is whole then. */
  async rounds(): Promise<void> {
    const round = this.#rounds + 2;
    await new Promise<void>((resolve) => this.#waiters.push({ round, resolve }));
  }

  stop(): void {
    this.#isOver = true;
  }
}

describe.skipIf(findProgram("dhcpd") === undefined)("needs isc-dhcp-server", () => {
  it("clients that renew all the time keep their addresses and names, there and back", async () => {
    await using lab = new Lab();
    const { server: host, clients } = stage4.plugIn(lab);
    clients.ip("address", "replace", `${GIADDR}/32`, "dev", "eth0");
    host.ip("route", "add", "10.20.0.0/24", "dev", "eth0");
    using voice = await stage4.open(clients);
    const [folder, text] = [newFolder(lab, "there"), dhcpdConf4()];
    const renewers = new Renewers(voice);
    let leaseFile: string;
    let renewing: Promise<void>;
    {
      await using dhcpd = await Dhcpd.start(4, host, folder, text);
      ({ leaseFile } = dhcpd);
      await renewers.getAddresses();
      renewing = renewers.run();
      await renewers.rounds();
      expect(renewers.answered).toBe(COUNT);
    }
    const config = await convert(4, folder);
    const importing = ["leases", "import", "--from", "dhcpd", "-c", join(folder, "moved.json"), leaseFile];
    const { stdout } = await ours(4, folder, ...importing);
    expect(stdout).toBe(`${COUNT} leases were imported, 0 were there already\n`);
    const back = join(folder, "back.leases");
    {
      await using server = await Server.start("kotare", host, config, { folder });
      await renewers.rounds();
      expect(renewers.answered).toBe(COUNT);
      const names = [...server.leases().values()].map(({ hostname }) => hostname).sort();
      expect(names).toEqual(Array.from({ length: COUNT }, (_, i) => `client-${i}`).sort());
      // Beside service, with the daemon that has the lease file: what is newer there stays.
      const [gone] = renewers.addresses;
      const call = ["call", "-c", join(folder, "moved.json")];
      await ours(4, folder, ...call, "lease4-del", `ip-address=${gone}`);
      const again = await ours(4, folder, ...importing);
      expect(again.stdout).toMatch(/^\d+ leases were imported, \d+ were there already, \d+ stayed as they were: newer/);
      expect(again.code).toBe(4);
      const exporting = ["leases", "export", "--to", "dhcpd", "-c", join(folder, "moved.json"), back];
      expect((await ours(4, folder, ...exporting)).stdout).toBe(`${COUNT} leases are in ${back}\n`);
      expect(server.program.output).not.toContain("ALLOC_FAIL");
    }
    await using dhcpd = await Dhcpd.start(4, host, newFolder(lab, "back"), text, readFileSync(back, "latin1"));
    await renewers.rounds();
    expect(renewers.answered).toBe(COUNT);
    renewers.stop();
    await renewing;
    expect(renewers.wrong).toEqual([]);
    expect(dhcpd.program.running).toBe(true);
    expect(readFileSync(dhcpd.leaseFile, "latin1")).toContain('client-hostname "client-7"');
  });

  it("DHCPv6: clients renew addresses and prefixes with the server that they know, there and back", async () => {
    await using lab = new Lab();
    const { server: host, clients } = stage6.plugIn(lab);
    using voice = await stage6.open(clients);
    const folder = newFolder(lab, "there");
    const text = `${AROUND6}\nsubnet6 2001:db8:7::/64 {\n  range6 2001:db8:7::100 2001:db8:7::1ff;\n  prefix6 2001:db8:700:: 2001:db8:7ff:: /56;\n}\n`;
    const who = Array.from({ length: 16 }, (_, number) => six.client(number));
    let given: readonly Answer<Speech6>[];
    let leaseFile: string;
    {
      await using dhcpd = await Dhcpd.start(6, host, folder, text);
      ({ leaseFile } = dhcpd);
      const offers = await ask6(
        voice,
        who.map((each) => six.solicit(each, [six.na(1), six.pd(1)])),
      );
      const queries = who.map((each, i) => withServer(six.request(each, six.held(offers[i]!.message)), offers[i]!));
      given = await ask6(voice, queries);
    }
    const importing = ["leases", "import", "--from", "dhcpd", "-c", join(folder, "moved.json"), leaseFile];
    await convert(6, folder);
    const { stdout, stderr } = await ours(6, folder, ...importing);
    expect(stdout).toBe(`${2 * who.length} leases were imported, 0 were there already\n`);
    const [, serverId = ""] = /"server-id": (\{.*\})/.exec(stderr) ?? [];
    const renewals = who.map((each, i) => withServer(six.renew(each, six.held(given[i]!.message)), given[i]!));
    const leasesOf = ({ message }: Answer<Speech6>) => six.held(message);
    const back = join(folder, "back.leases");
    {
      const config = await convert(6, folder, { "server-id": JSON.parse(serverId) as object });
      await using server = await Server.start("kotare", host, config, { folder, family: 6 });
      expect((await ask6(voice, renewals)).map(leasesOf)).toEqual(given.map(leasesOf));
      // Beside service: what has gone comes back, and what is newer there stays.
      const gone = [...server.leases().keys()].find((address) => address.startsWith("2001:db8:7::"));
      await ours(6, folder, "call", "-c", join(folder, "moved.json"), "lease6-del", `ip-address=${gone}`);
      expect((await ours(6, folder, ...importing)).stdout).toMatch(/^1 leases were imported, /);
      expect((await ask6(voice, renewals)).map(leasesOf)).toEqual(given.map(leasesOf));
      const exporting = ["leases", "export", "--to", "dhcpd", "-c", join(folder, "moved.json"), back];
      expect((await ours(6, folder, ...exporting)).stdout).toBe(`${2 * who.length} leases are in ${back}\n`);
      expect(server.program.running).toBe(true);
    }
    await using dhcpd = await Dhcpd.start(6, host, newFolder(lab, "back"), text, readFileSync(back, "latin1"));
    expect((await ask6(voice, renewals)).map(leasesOf)).toEqual(given.map(leasesOf));
    expect(dhcpd.program.running).toBe(true);
  });
});

function newFolder(lab: Lab, name: string): string {
  const folder = join(lab.folder, name);
  mkdirSync(folder);
  return folder;
}

/** dhcpd wants a subnet for its interface. */
function dhcpdConf4(): string {
  const own = SERVER4.prefix.replace(/\.\d+\/\d+$/, ".0");
  return `ping-check false; dhcp-cache-threshold 0; default-lease-time 3600;
subnet ${own} netmask 255.255.255.0 { }
subnet 10.20.0.0 netmask 255.255.255.0 { range 10.20.0.10 10.20.0.200; option routers ${GIADDR}; }
`;
}

const AROUND6 = "dhcp-cache-threshold 0;\nsubnet6 2001:db8::/64 { }";

async function ask6(voice: Voice<Speech6>, queries: readonly six.Query[]): Promise<Answer<Speech6>[]> {
  const answers = await askAll(
    voice,
    queries.map((query) => six.relayed(query, { link: "2001:db8:7::fffe" })),
  );
  return answers.map((answer, i) => answer ?? expect.fail(`no answer for client ${i}`));
}

/** To the server that has answered. */
function withServer(query: six.Query, { message }: Answer<Speech6>): six.Query {
  const server = message.options.filter(([code]) => code === 2);
  return { ...query, options: [...query.options.filter(([code]) => code !== 2), ...server] };
}
