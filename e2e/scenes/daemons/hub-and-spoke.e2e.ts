/** A hub that is the standby of two branches: each goes on when its server is gone, and the other does not notice. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { hooksOf } from "../../src/subject/kea.ts";
import { type Family, findDaemon, Server, type Subject } from "../../src/subject/server.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import { openInsistent } from "../../src/wire/insistent.ts";

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

function subnet(family: Family, branch: Branch, device: string): object {
  const [network, number] = [networkOf(branch), BRANCHES.indexOf(branch) + 1];
  const own = { id: number, "user-context": { "ha-server-name": branch } };
  if (family === 4) return { ...own, subnet: `${network}.0/24`, pools: [{ pool: `${network}.100 - ${network}.199` }] };
  const prefix = `2001:db8:${number}:`;
  const pds = [{ prefix: `${prefix}8000::`, "prefix-len": 49, "delegated-len": 56 }];
  return {
    ...own,
    subnet: `${prefix}:/64`,
    interface: device,
    pools: [{ pool: `${prefix}:1:0/112` }],
    "pd-pools": pds,
  };
}

/** @param own the name of this server in the relationship of each branch */
function config(subject: Subject, family: Family, branches: readonly Branch[], own: (branch: Branch) => string) {
  const library = (file: string) => (subject === "kea" ? join(hooksOf(subject), file) : file);
  return {
    "valid-lifetime": 4000,
    [`subnet${family}`]: branches.map((branch, i) => subnet(family, branch, `eth${i}`)),
    "hooks-libraries": [
      { library: library("libdhcp_lease_cmds.so") },
      {
        library: library("libdhcp_ha.so"),
        parameters: { "high-availability": branches.map((branch) => relationship(own(branch), branch)) },
      },
    ],
  };
}

/** @param from the first line of the log that counts */
const goesTo = ({ program }: Server, name: string, state: string, from = 0) =>
  program.waitFor(new RegExp(`${name}: .*transitions from \\S+ to ${state} state`), { from });
const held = (server: Server) => [...server.leases().keys()].toSorted();

/** The hub, and the servers of the two branches. */
const STARS: readonly (readonly [hub: Subject, north: Subject, south: Subject, family: Family])[] = [
  ["kotare", "kotare", "kotare", 4],
  ["kotare", "kea", "kotare", 4],
  ["kotare", "kea", "kotare", 6],
  ["kotare", "kea3", "kotare", 4],
  ["kea", "kotare", "kotare", 4],
  ["kea", "kotare", "kotare", 6],
  ["kea3", "kotare", "kotare", 4],
];
const stars = STARS.slice(0, isThorough ? STARS.length : 2).filter(([...all]) =>
  all.every((one) => typeof one === "number" || findDaemon(one, 4) !== undefined),
);

test.concurrent.each(stars)(
  "the hub, %s, of %s and %s serves the branch whose server is gone, with its leases of DHCPv%i, and gives them back",
  async (subjectOfHub, northern, southern, family) => {
    await using lab = new Lab();
    const ipv6 = family === 6;
    const hub = lab.host("hub", { ipv6 });
    const [north, south] = BRANCHES.map((branch, i) => {
      const network = lab.network();
      const [host, clients] = [lab.host(branch, { ipv6 }), lab.host(`clients-${branch}`, { ipv6 })];
      host.attach(network, "eth0", `${networkOf(branch)}.1/24`);
      hub.attach(network, `eth${i}`, `${networkOf(branch)}.9/24`);
      clients.attach(network, "eth0", ipv6 ? undefined : `${networkOf(branch)}.200/24`);
      return { branch, host, clients, subject: [northern, southern][i]! };
    }) as [Spoke, Spoke];
    const start = ({ branch, host, subject }: Spoke) =>
      Server.start(
        subject,
        host,
        config(subject, family, [branch], () => branch),
        { folder: join(lab.folder, branch), family },
      );
    const [one, two, centre] = await Promise.all([
      start(north),
      start(south),
      Server.start(subjectOfHub, hub, config(subjectOfHub, family, BRANCHES, hubFor), {
        folder: join(lab.folder, "hub"),
        family,
      }),
    ]);
    await Promise.all(BRANCHES.map((branch) => goesTo(centre, hubFor(branch), "HOT-STANDBY")));
    using near = await openInsistent(north.clients, family);
    using far = await openInsistent(south.clients, family);
    const given = await near.serve("02:00:00:00:0f:01");
    const other = await far.serve("02:00:00:00:0f:02");
    expect(held(centre)).toEqual([...given.leases, ...other.leases].toSorted());
    const from = two.program.lines.length;
    one.program.signal("SIGKILL");
    await goesTo(centre, hubFor("north"), "PARTNER-DOWN");
    const again = await near.serve("02:00:00:00:0f:01");
    expect(again.leases).toEqual(given.leases);
    const later = await near.serve("02:00:00:00:0f:03");
    const elsewhere = await far.serve("02:00:00:00:0f:04");
    expect(new Set([given, other, again].map(({ server }) => server)).size).toBe(3);
    expect([later.server, elsewhere.server]).toEqual([again.server, other.server]);
    const since = centre.program.lines.length;
    const back = await start(north);
    await goesTo(centre, hubFor("north"), "HOT-STANDBY", since);
    expect(held(back)).toEqual([...given.leases, ...later.leases].toSorted());
    expect(await near.serve("02:00:00:00:0f:03")).toEqual({ leases: later.leases, server: given.server });
    expect(two.program.lines.slice(from).join("\n")).not.toContain("PARTNER-DOWN");
  },
);

interface Spoke {
  readonly branch: Branch;
  readonly host: Host;
  readonly clients: Host;
  readonly subject: Subject;
}
