/** dhcp-load's clients at our servers, on a link and behind relays: what they do, and what its exit codes say. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { acknowledgedLeases, DHCP_LOAD, LEASES, reportOf } from "../../src/load/load.ts";
import { isHeld } from "../../src/subject/lease-file.ts";
import { type Family, Server } from "../../src/subject/server.ts";

const CLIENTS = 50;
const COUNT = ["-n", `${CLIENTS}`, "-c", `${CLIENTS}`, "-r", "500", "--patience", "10000"];

const POOLS = {
  4: { subnet: "10.0.0.0/16", pools: [{ pool: "10.0.16.0/20" }] },
  6: {
    subnet: "2001:db8::/48",
    interface: "eth0",
    "rapid-commit": true,
    pools: [{ pool: "2001:db8:0:1::/64" }],
    "pd-pools": [{ prefix: "2001:db8:8000::", "prefix-len": 33, "delegated-len": 56 }],
  },
};
const HOSTS = { 4: ["10.0.0.1/16", "10.0.0.2/16"], 6: ["2001:db8::1/48", "2001:db8::2/48"] } as const;

async function stage(family: Family, play: (clients: Host, server: Server, folder: string) => Promise<void>) {
  await using lab = new Lab();
  const lan = lab.network();
  const [host, clients] = ["server", "clients"].map((name, i) => {
    const made = lab.host(name, { ipv6: family === 6 });
    made.attach(lan, "eth0", HOSTS[family][i]);
    return made;
  });
  if (family === 4) clients!.ip("address", "add", "10.0.0.3/16", "dev", "eth0");
  const config = { [`subnet${family}`]: [{ id: 1, ...POOLS[family] }] };
  await using server = await Server.start("kotare", host!, config, { family, folder: join(lab.folder, "server") });
  await play(clients!, server, lab.folder);
}

/** What each message of an exchange came to, and who has what: at the clients as at the server. */
async function play(clients: Host, server: Server, run: number, words: string) {
  const mac = `02:0${run}:00:00:00:00`;
  const command = [DHCP_LOAD, "--json", "-", ...LEASES, ...COUNT, "--first-mac", mac, ...words.split(" ")];
  const program = clients.start(command);
  const { steps } = await reportOf(program);
  const given = acknowledgedLeases(program.lines).map(({ clientId, address }) => `${address} ${clientId}`);
  const held = [...server.leases().values()].filter((row) => isHeld(row) && row.hwaddr.startsWith(mac.slice(0, 5)));
  const rows = held.map(({ address, clientId }) => `${address.replace(/\/.*/, "")} ${clientId}`);
  return {
    legs: steps.flatMap(({ legs }) => legs.map(({ name, sent, answered }) => `${name} ${sent} ${answered}`)),
    given: given.toSorted(),
    held: rows.toSorted(),
    names: held.map(({ hostname }) => hostname).toSorted(),
  };
}

const FOUR_WAY = ["DISCOVER-OFFER 50 50", "REQUEST-ACK 50 50"];
const FOUR_WAY6 = ["SOLICIT-ADVERTISE 50 50", "REQUEST-REPLY 50 50"];
const RELAYED = "-l 10.0.0.2,10.0.0.3 10.0.0.1";
const NAMES = Array.from({ length: CLIENTS }, (_, i) => `pc-${String(i).padStart(2, "0")}`);

test.concurrent("DHCPv4: each client has what the server has on file, and its name", () =>
  stage(4, async (clients, server) => {
    const runs = [
      ["-i eth0", FOUR_WAY],
      [RELAYED, FOUR_WAY],
      ["-i eth0 -x renew", ["REQUEST-ACK (renewal) 50 50"]],
      [`-x renew ${RELAYED}`, ["REQUEST-ACK (renewal) 50 50"]],
    ] as const;
    for (const [run, [words, legs]] of runs.entries()) {
      const played = await play(clients, server, run, `--hostname pc-## ${words}`);
      expect(played).toEqual({ legs, given: played.held, held: played.held, names: NAMES });
    }
    for (const [run, words] of ["-i eth0", RELAYED].entries()) {
      const { legs, held } = await play(clients, server, runs.length + run, `--release 20 ${words}`);
      expect([legs, held.length]).toEqual([[...FOUR_WAY, "RELEASE 20 0"], CLIENTS - 20]);
    }
  }));

test.concurrent("DHCPv6: each client has what the server has on file", () =>
  stage(6, async (clients, server) => {
    const runs = [
      ["--ask both", FOUR_WAY6],
      ["--ask prefix -x renew", ["RENEW-REPLY 50 50"]],
      ["-x rapid --fqdn pc-##.example.org", ["SOLICIT-REPLY 50 50"]],
      ["-l 2001:db8::2 --relay-option 18=65", FOUR_WAY6],
      ["-l 2001:db8::2 2001:db8::1", FOUR_WAY6],
    ] as const;
    for (const [run, [words, legs]] of runs.entries()) {
      const { names: _names, ...played } = await play(clients, server, run, `-6 -i eth0 ${words}`);
      expect(played).toEqual({ legs, given: played.held, held: played.held });
      expect(played.held).toHaveLength(words.includes("both") ? 2 * CLIENTS : CLIENTS);
    }
    const { legs, held } = await play(clients, server, runs.length, "-6 -i eth0 --release 20");
    expect([legs, held.length]).toEqual([[...FOUR_WAY6, "RELEASE-REPLY 20 20"], CLIENTS - 20]);
  }));

test.concurrent("the exit code says what came of it, and the text for people has a table and a plot", () =>
  stage(4, async (clients, server, folder) => {
    const run = async (words: string) => {
      const program = clients.start([DHCP_LOAD, ...words.split(" ")]);
      return { ...(await program.exited), output: program.output };
    };
    const [ramp, unknown, wrong] = await Promise.all([
      run("-i eth0 -r 100-300 --steps 3 -s 0.2 -c 20 --max-loss 50"),
      run("-i eth9"),
      run("eth0"),
    ]);
    expect([unknown.code, wrong.code]).toEqual([1, 64]);
    // A busy machine is too slow, which it says.
    expect([0, 4]).toContain(ramp.code);
    expect(ramp.output).toMatch(/^DISCOVER-OFFER +\d+ .*\n.*\nDISCOVER-OFFER +\d+ [\s\S]*\d ms \|.*o/m);
    expect(unknown.output).toBe("dhcp-load: there is no interface eth9");
    await server.program.stop();
    const json = join(folder, "results");
    const lost = await run(`-i eth0 -n 5 --patience 100 --json ${json}`);
    expect([lost.code, lost.output]).toEqual([3, expect.stringContaining("0 of 5 exchanges completed, 5 did not")]);
    expect(JSON.parse(readFileSync(json, "utf8"))).toMatchObject({ family: 4, steps: [{ begun: 5, completed: 0 }] });
  }));
