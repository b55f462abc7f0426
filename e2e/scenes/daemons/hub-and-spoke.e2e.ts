/** A hub that is the standby of two branches: each goes on when its server is gone, and the other does not notice. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { hooksOf } from "../../src/subject/kea.ts";
import { findDaemon, Server, type Subject } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { type Message4, optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const BRANCHES = ["north", "south"] as const;
type Branch = (typeof BRANCHES)[number];

/** Each branch has a network, in which its server is .1 and the hub .9. */
const networkOf = (branch: Branch) => `10.0.${BRANCHES.indexOf(branch) + 1}`;
const hubFor = (branch: Branch) => `hub-for-${branch}`;

function relationship(own: string, branch: Branch): object {
  const network = networkOf(branch);
  return {
    "this-server-name": own,
    mode: "hot-standby",
    "heartbeat-delay": 500,
    "max-response-delay": 4000,
    "max-ack-delay": 1000,
    "max-unacked-clients": 0,
    peers: [
      { name: branch, url: `http://${network}.1:8000/`, role: "primary" },
      { name: hubFor(branch), url: `http://${network}.9:8000/`, role: "standby" },
    ],
  };
}

function subnet(branch: Branch): object {
  const network = networkOf(branch);
  return {
    id: BRANCHES.indexOf(branch) + 1,
    subnet: `${network}.0/24`,
    pools: [{ pool: `${network}.100 - ${network}.199` }],
    "user-context": { "ha-server-name": branch },
  };
}

/** @param own the name of this server in the relationship of each branch */
function config(subject: Subject, branches: readonly Branch[], own: (branch: Branch) => string) {
  const library = (file: string) => (subject === "kea" ? join(hooksOf(subject), file) : file);
  return {
    "valid-lifetime": 4000,
    subnet4: branches.map(subnet),
    "hooks-libraries": [
      { library: library("libdhcp_lease_cmds.so") },
      {
        library: library("libdhcp_ha.so"),
        parameters: { "high-availability": branches.map((branch) => relationship(own(branch), branch)) },
      },
    ],
  };
}

const serverOf = (ack: Message4) => [...optionOf(ack, 54)!].join(".");
const goesTo = ({ program }: Server, name: string, state: string, from = "\\S+") =>
  program.waitFor(new RegExp(`${name}: .*transitions from ${from} to ${state} state`));

const SPOKES = [
  ["kotare", "kotare"],
  ["kea", "kotare"],
] as const satisfies readonly (readonly Subject[])[];

test.concurrent.each(SPOKES.filter((all) => all.every((subject) => findDaemon(subject, 4) !== undefined)))(
  "the hub of %s and %s serves the branch whose server is gone, with its leases, and gives them back",
  async (...subjects) => {
    await using lab = new Lab();
    const hub = lab.host("hub");
    const [north, south] = BRANCHES.map((branch, i) => {
      const network = lab.network();
      const [host, clients] = [lab.host(branch), lab.host(`clients-${branch}`)];
      host.attach(network, "eth0", `${networkOf(branch)}.1/24`);
      hub.attach(network, `eth${i}`, `${networkOf(branch)}.9/24`);
      clients.attach(network, "eth0", `${networkOf(branch)}.200/24`);
      return { branch, host, clients, subject: subjects[i]! };
    }) as [Spoke, Spoke];
    const start = ({ branch, host, subject }: Spoke) =>
      Server.start(
        subject,
        host,
        config(subject, [branch], () => branch),
        { folder: join(lab.folder, branch) },
      );
    const [one, two, centre] = await Promise.all([
      start(north),
      start(south),
      Server.start("kotare", hub, config("kotare", BRANCHES, hubFor), { folder: join(lab.folder, "hub") }),
    ]);
    await Promise.all(BRANCHES.map((branch) => goesTo(centre, hubFor(branch), "HOT-STANDBY")));
    using near = await Probe4.open(north.clients, "eth0");
    using far = await Probe4.open(south.clients, "eth0");
    const given = await getServed(near, "02:00:00:00:0f:01");
    const other = await getServed(far, "02:00:00:00:0f:02");
    expect([serverOf(given), serverOf(other)]).toEqual(["10.0.1.1", "10.0.2.1"]);
    expect([...centre.leases().keys()].toSorted()).toEqual([given.yiaddr, other.yiaddr].toSorted());
    const from = two.program.lines.length;
    one.program.signal("SIGKILL");
    await goesTo(centre, hubFor("north"), "PARTNER-DOWN");
    const again = await getServed(near, "02:00:00:00:0f:01");
    expect([again.yiaddr, serverOf(again)]).toEqual([given.yiaddr, "10.0.1.9"]);
    const later = await getServed(near, "02:00:00:00:0f:03");
    expect(serverOf(await getServed(far, "02:00:00:00:0f:04"))).toBe("10.0.2.1");
    const back = await start(north);
    await goesTo(centre, hubFor("north"), "HOT-STANDBY", "PARTNER-DOWN");
    expect([...back.leases().keys()].toSorted()).toEqual([given.yiaddr, later.yiaddr].toSorted());
    expect(serverOf(await getServed(near, "02:00:00:00:0f:03"))).toBe("10.0.1.1");
    expect(two.program.lines.slice(from).join("\n")).not.toContain("PARTNER-DOWN");
  },
);

interface Spoke {
  readonly branch: Branch;
  readonly host: Host;
  readonly clients: Host;
  readonly subject: Subject;
}
