/** RADIUS with Debian's FreeRADIUS: what clients get of it, and what it is told, is as with Kea 3. */
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import * as v4 from "../../src/oracle/dhcp4/client.ts";
import { LAN as LAN4 } from "../../src/oracle/dhcp4/lan.ts";
import { bind as bind4, binds as binds4 } from "../../src/oracle/dhcp4/play.ts";
import { type Scene4, stage4 } from "../../src/oracle/dhcp4/stage.ts";
import * as v6 from "../../src/oracle/dhcp6/client.ts";
import { LAN as LAN6 } from "../../src/oracle/dhcp6/lan.ts";
import { binds as binds6 } from "../../src/oracle/dhcp6/play.ts";
import { type Scene6, stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { compareRuns, playScene, type Run, Theatre } from "../../src/oracle/run.ts";
import { type Scene, tells } from "../../src/oracle/scene.ts";
import type { Speech, Stage } from "../../src/oracle/speech.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { FreeRadius, RADIUS_SECRET, type RadiusFields } from "../../src/subject/free-radius.ts";
import { findKea, hooksOf } from "../../src/subject/kea.ts";
import { Server, type Subject } from "../../src/subject/server.ts";

const service = (port: number) => ({ servers: [{ name: "127.0.0.1", port, secret: RADIUS_SECRET }] });
const attributes = [
  { name: "User-Password", data: "a secret that takes more than one block" },
  { name: "Configuration-Token", expr: "'here'" },
];
const librariesWith = (parameters: object) => [
  { library: "libdhcp_host_cache.so" },
  {
    library: "libdhcp_radius.so",
    parameters: {
      dictionary: join(hooksOf("kea3"), "../etc/kea/radius/dictionary"),
      access: { ...service(1812), attributes },
      accounting: service(1813),
      ...parameters,
    },
  },
];

const RELEASED = "10.0.0.77";

const who4 = (number: number) => v4.client(number, v4.macClientId(v4.client(number).mac));
const scene4: Scene4 = {
  title: "radius",
  config: {
    // Next to nothing, and no integer: what is confirmed as it stands would be a second short where one has passed meanwhile.
    "cache-threshold": 0.000001,
    "client-classes": [{ name: "gold" }],
    subnet4: [
      { ...LAN4, pools: [{ pool: "10.0.0.200 - 10.0.0.209", "client-classes": ["gold"] }, ...LAN4.pools] },
      { id: 2, subnet: "10.1.0.0/24", pools: [{ pool: "10.1.0.10 - 10.1.0.19" }] },
    ],
    "hooks-libraries": librariesWith({
      "reselect-subnet-address": true,
      "reselect-subnet-pool": true,
      "nas-ports": [{ port: 9, "subnet-prefix": "10.1.0.0/24" }],
    }),
  },
  exchanges: [
    {
      title: "an address",
      async play(script) {
        const { yiaddr } = await bind4(script, who4(1));
        await script.pause(1.1);
        await script.ask("RENEW", v4.extend(who4(1), yiaddr), v4.unicast(yiaddr));
        await script.tell("RELEASE", v4.release(who4(1), yiaddr), v4.unicast(yiaddr));
      },
    },
    binds4("a class", who4(2)),
    binds4("an address of another subnet", who4(4)),
    tells("an address without the identifier that RADIUS is to be given", v4.discover(v4.client(5))),
    { title: "no", play: (script) => script.tell("DISCOVER", v4.discover(who4(3))) },
  ],
};

const scene6: Scene6 = {
  title: "radius",
  config: { subnet6: [LAN6], "hooks-libraries": librariesWith({ "identifier-type6": "hw-address" }) },
  exchanges: [binds6("an address and a prefix", v6.client(1), [v6.na(1), v6.pd(2)])],
};

type Command = readonly [name: string, args: object];

/** Of leases, while RADIUS is told of them. Kea tells it of those alone, and with a subnet-id: we also of lists and of whole subnets. */
const MAC = "02:aa:00:00:00:09";
const at4 = (address: string, id = 1) => {
  return { "ip-address": address, "subnet-id": id, "hw-address": MAC, "client-id": `01:${MAC}` };
};
const commands4: readonly Command[] = [
  ["lease4-add", at4("10.0.0.100")],
  ["lease4-add", at4("10.0.0.100")],
  ["lease4-update", { ...at4("10.0.0.100"), hostname: "a" }],
  ["lease4-update", { ...at4("10.0.0.101"), "force-create": true }],
  ["lease4-add", at4("10.1.0.102", 2)],
  ["lease4-add", { "ip-address": "10.0.0.103", "subnet-id": 1, "hw-address": MAC }],
  ["lease4-del", at4("10.0.0.100")],
  ["lease4-del", at4("10.0.0.100")],
];
const at6 = (address: string) => {
  return { "ip-address": address, "subnet-id": LAN6.id, duid: `00:03:00:01:${MAC}`, iaid: 1 };
};
const commands6: readonly Command[] = [
  ["lease6-add", at6("2001:db8::100")],
  ["lease6-update", { ...at6("2001:db8::100"), hostname: "a" }],
  ["lease6-update", { ...at6("2001:db8::101"), "force-create": true }],
  ["lease6-add", { ...at6("2001:db8:8000:100::"), type: "IA_PD", "prefix-len": 56 }],
  ["lease6-del", at6("2001:db8::100")],
];

const USERS = `\
"01:02:aa:00:00:00:01" Cleartext-Password := "${attributes[0]!.data}"
\tFramed-IP-Address = ${RELEASED},
\tClass = 0x6b657074

"01:02:aa:00:00:00:02" Cleartext-Password := "${attributes[0]!.data}"
\tFramed-Pool = "gold"

"01:02:aa:00:00:00:04" Cleartext-Password := "${attributes[0]!.data}"
\tFramed-IP-Address = 10.1.0.77,
\tClass = 0x6b657074

"02:aa:00:00:00:01" Cleartext-Password := "${attributes[0]!.data}"
\tFramed-IPv6-Address = 2001:db8::77,
\tDelegated-IPv6-Prefix = 2001:db8:8000:7700::/56

"02:aa:00:00:00:05" Cleartext-Password := "${attributes[0]!.data}"
\tFramed-IP-Address = 10.0.0.78

"01:02:aa:00:00:00:03" Cleartext-Password := "another"
`;

interface Played {
  readonly run: Run;
  readonly answers: readonly unknown[];
  readonly requests: readonly RadiusFields[];
}

async function play<S extends Speech>(
  stage: Stage<S>,
  scene: Scene<S>,
  commands: readonly Command[],
  subject: Subject,
  requests: number,
): Promise<Played> {
  await using theatre = new Theatre(stage, subject);
  const radius = await FreeRadius.start(theatre.hosts.server, {
    folder: theatre.nextFolder(),
    users: USERS,
    isProved: subject === "kotare",
  });
  const run = await playScene(theatre, scene);
  const answers = await carryOut(theatre, scene, commands);
  for (let waited = 0; radius.requests().length < requests && waited < 60_000; waited += 10) await delay(10);
  return { run, answers, requests: radius.requests() };
}

async function carryOut<S extends Speech>(
  theatre: Theatre<S>,
  { config }: Scene<S>,
  commands: readonly Command[],
): Promise<readonly unknown[]> {
  const { stage, subject, hosts } = theatre;
  const folder = theatre.nextFolder();
  const socket = join(folder, "control");
  const libraries = [{ library: "libdhcp_lease_cmds.so" }, ...(config["hooks-libraries"] as object[])];
  const commanded = {
    ...{ ...stage.config, ...config, "hooks-libraries": libraries },
    "control-socket": { "socket-type": "unix", "socket-name": socket },
  };
  await using _ = await Server.start(subject, hosts.server, commanded, { family: stage.family, folder });
  const answers: unknown[] = [];
  for (const [name, args] of commands) answers.push([name, JSON.parse(await sendCommand(socket, name, args))]);
  return answers;
}

/** Two sessions may begin in another millisecond. */
const withoutTime = ({ "Acct-Session-Id": session = "", ...fields }: RadiusFields) => ({
  ...fields,
  session: session.replace(/@.*/, ""),
});

/** The next client may ask the one service before the other one is told of the last. */
function byService(requests: readonly RadiusFields[]): object[] {
  const isAccess = ({ type }: RadiusFields) => type === "Access-Request";
  return [...requests.filter(isAccess), ...requests.filter((fields) => !isAccess(fields))].map(withoutTime);
}

/** Of a lease that a command adds Kea tells that its session goes on. RFC 2866 §5.1 has a word for the first time, which we use. */
function beginningWithStart(requests: readonly RadiusFields[]): readonly RadiusFields[] {
  const begun = new Set<string | undefined>();
  return requests.map((fields) => {
    const { "Acct-Session-Id": session, "Acct-Status-Type": status } = fields;
    const isFirst = status === "Interim-Update" && !begun.has(session);
    begun.add(session);
    return isFirst ? { ...fields, "Acct-Status-Type": "Start" } : fields;
  });
}

const isThere = FreeRadius.find() !== undefined && findKea("kea3", "kea-dhcp4") !== undefined;

describe.skipIf(!isThere).concurrent("needs freeradius, and kea-dhcp4-server of kea3", () => {
  async function compare<S extends Speech>(
    stage: Stage<S>,
    scene: Scene<S>,
    commands: readonly Command[],
    requests: number,
  ): Promise<Played> {
    const [kea, kotare] = await Promise.all([
      play(stage, scene, commands, "kea3", requests),
      play(stage, scene, commands, "kotare", requests),
    ]);
    expect(kotare.answers).toEqual(kea.answers);
    // Kea 3 has a state of its own for what was given back.
    const findings = compareRuns(scene, kea.run, kotare.run).filter(({ step }) => step !== RELEASED);
    expect(findings).toEqual([]);
    expect(byService(kotare.requests)).toEqual(byService(beginningWithStart(kea.requests)));
    return kotare;
  }

  test("DHCPv4", async () => {
    const { run, requests } = await compare(stage4, scene4, commands4, 15);
    expect(requests).toHaveLength(15);
    expect(run.transcripts.get("no")?.[0]?.answers).toEqual([]);
    const sessions = new Set(requests.flatMap(({ "Acct-Session-Id": session }) => session ?? []));
    expect(sessions.size).toBe(7);
    const given = { "Framed-IP-Address": "10.1.0.77", "NAS-Port": "9" };
    expect(requests).toContainEqual(expect.objectContaining(given));
  });

  test("DHCPv6", async () => {
    const { requests } = await compare(stage6, scene6, commands6, 8);
    expect(requests).toHaveLength(8);
  });
});
