/** Subnets come and go by commands while a server with ten thousand of them serves. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { crowdBehind } from "../../src/bench/family4.ts";
import { getLease } from "../../src/clients/plain-client.ts";
import { Lab } from "../../src/lab/lab.ts";
import { PATIENT, runLoad } from "../../src/load/load.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { Server } from "../../src/subject/server.ts";

const LAN = { id: 1, subnet: "192.0.2.0/24", pools: [{ pool: "192.0.2.100-192.0.2.150" }] };
const CROWD = {
  id: 2,
  subnet: "10.0.0.0/8",
  pools: [{ pool: "10.1.0.0/16" }],
  relay: { "ip-addresses": ["192.0.2.2"] },
};
const OTHERS = Array.from({ length: 10_000 }, (_, i) => {
  const [net, host] = [`172.${16 + (i >> 10)}.${(i >> 2) & 255}`, (i & 3) * 64];
  return { id: 10 + i, subnet: `${net}.${host}/26`, pools: [{ pool: `${net}.${host + 10}-${net}.${host + 60}` }] };
});

test("a client that asks is served once its subnet is there; meanwhile no exchange of others is lost", async () => {
  await using lab = new Lab();
  const lan = lab.network();
  const [host, crowd, guest] = ["server", "crowd", "guest"].map((name) => lab.host(name));
  host!.attach(lan, "eth0", "192.0.2.1/24");
  crowd!.attach(lan, "eth0", "192.0.2.2/24");
  guest!.attach(lan, "eth0");
  const folder = join(lab.folder, "server");
  const socket = join(folder, "socket");
  const config = {
    "control-socket": { "socket-type": "unix", "socket-name": socket },
    subnet4: [CROWD, ...OTHERS],
  };
  await using server = await Server.start("kotare", host!, config, { folder });
  const ask = async (command: string, args?: unknown) => {
    const answer = JSON.parse(await sendCommand(socket, command, args)) as { result: number; text?: string };
    expect(answer).toMatchObject({ result: 0 });
    return answer;
  };

  let isOver = false;
  const load = { more: PATIENT, rate: 1000, seconds: 4, clients: 10_000, crowd: crowdBehind("192.0.2.2", "192.0.2.1") };
  const running = runLoad(crowd!, load).finally(() => (isOver = true));
  const said: string[] = [];
  const asking = getLease(guest!, "eth0", (line) => said.push(line));
  await ask("subnet4-add", { subnet4: [LAN] });
  await asking;
  expect(said.at(-1)).toMatch(/^lease of 192\.0\.2\.1\d\d obtained$/);
  let edits = 0;
  for (; !isOver; edits++) {
    const other = OTHERS[(edits * 7919) % OTHERS.length]!;
    await ask("subnet4-delta-add", {
      subnet4: [{ id: other.id, subnet: other.subnet, "valid-lifetime": 600 + edits }],
    });
    await ask("subnet4-del", { id: other.id });
    await ask("subnet4-add", { subnet4: [other] });
  }
  await ask("subnet4-del", { id: LAN.id });
  // Those that come at once come one after the other: only one of them can have the number.
  const rivals = [1, 2, 3].map((i) => ({ id: 77_777, subnet: `198.51.${i}.0/24` }));
  const answers = await Promise.all(
    rivals.map((subnet) => sendCommand(socket, "subnet4-add", { subnet4: [subnet] }).then(JSON.parse)),
  );
  expect(answers.map(({ result }) => result).sort()).toEqual([0, 1, 1]);
  await ask("subnet4-del", { id: 77_777 });
  await ask("config-write");
  const { offered, completed } = await running;
  expect([edits > 0, offered > 1000, completed]).toEqual([true, true, offered]);
  const written = JSON.parse(readFileSync(server.configFile, "latin1")) as { Dhcp4: { subnet4: { id: number }[] } };
  expect(written.Dhcp4.subnet4.map(({ id }) => id)).toEqual([CROWD, ...OTHERS].map(({ id }) => id));
});
