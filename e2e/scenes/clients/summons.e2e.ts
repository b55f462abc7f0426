/** Clients that are called by their server: FORCERENEW to dhcpcd, RECONFIGURE to dhcpcd and dibbler-client; after a restart of the server, and when what they get has changed. */
import { appendFileSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test, vi } from "vitest";
import { Client4, type Driver4 } from "../../src/clients/client4.ts";
import { Client6 } from "../../src/clients/client6.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { drivers6 } from "../../src/clients/drivers6.ts";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { sendCommand } from "../../src/subject/command.ts";
import { Server } from "../../src/subject/server.ts";

// Clients wait most of the time.
vi.setConfig({ maxConcurrency: 5 });

const MAC = "02:00:00:00:0c:01";
const DUID = `00:03:00:01:${MAC}`;

describe.skipIf(findProgram("dhcpcd") === undefined)("dhcpcd", { concurrent: true }, () => {
  test("renews at once when it gets FORCERENEW, by its nonce (RFC 6704)", () => calls4([], {}));

  test("takes only what is signed (RFC 3118), and FORCERENEW so, too", () =>
    calls4(["authprotocol delayed hmac-md5 monotonic", 'authtoken 7 "" forever "kauri tree"'], {
      "authentication-required": true,
      authentication: { keys: [{ id: 7, secret: "kauri tree" }] },
    }));
});

/** The server is started anew in between. @param lines added to dhcpcd's file @param kotare settings beside `forcerenew` */
async function calls4(lines: readonly string[], kotare: object): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const host = lab.host("server");
  host.attach(lan, "eth0", "10.0.0.1/24");
  const stranger = lab.host("client");
  // dhcpcd names its files in /run after the interface.
  const device = `frc${lab.id}`;
  stranger.attach(lan, device);
  const socket = join(lab.folder, "socket");
  const config = {
    "control-sockets": [{ "socket-type": "unix", "socket-name": socket }],
    "user-context": { kotare: { forcerenew: true, "call-on-change": true, ...kotare } },
    subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.19" }] }],
  };
  const options = { folder: lab.folder };
  const driver = withLines4("noarp", "nodelay", "debug", ...lines);
  let address: string | undefined;
  await using client = await (async () => {
    await using _server = await Server.start("kotare", host, config, options);
    const started = new Client4(driver, lab, stranger, device);
    ({ address } = await started.bound());
    return started;
  })();
  await using server = await Server.start("kotare", host, config, options);
  const answer = JSON.parse(await sendCommand(socket, "forcerenew", { "ip-address": address })) as object;
  expect(answer).toMatchObject({ result: 0 });
  await client.program.waitFor(/Force Renew/i);
  expect((await client.extended()).address).toBe(address);
  const from = client.program.lines.length;
  await server.reload({ ...config, "option-data": [{ name: "routers", data: "10.0.0.254" }] });
  await client.program.waitFor(/Force Renew/i, { from });
}

describe.concurrent("RECONFIGURE (RFC 8415 §18.3.11)", () => {
  test.skipIf(findProgram("dhcpcd") === undefined)("dhcpcd renews at once, though the server was started anew", () =>
    calls6("dhcpcd", "dhcpcd.conf", "option dhcp6_reconfigure_accept", /RECONFIGURE6 from/),
  );

  test.skipIf(findProgram("dibbler-client") === undefined)("dibbler-client, another program that checks it, too", () =>
    calls6(
      "dibbler-client",
      "etc/dibbler/client.conf",
      "reconfigure-accept 1\nauth-protocol reconfigure-key\nauth-methods digest-hmac-md5\nauth-replay monotonic",
      /RECONFIGURE/,
    ),
  );
});

function withLines4(...lines: readonly string[]): Driver4 {
  return {
    ...drivers4.dhcpcd,
    command(device, folder, events) {
      const command = drivers4.dhcpcd.command(device, folder, events);
      appendFileSync(join(folder, "dhcpcd.conf"), `${lines.join("\n")}\n`);
      return command;
    },
  };
}

/** @param lines added to the client's file @param seen how it says that it has been called */
async function calls6(name: "dhcpcd" | "dibbler-client", file: string, lines: string, seen: RegExp): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const host = lab.host("server", { ipv6: true });
  host.attach(lan, "eth0", "2001:db8::1/64");
  const stranger = lab.host("client", { ipv6: true });
  // dhcpcd names its files in /run after the interface.
  const device = `${name.slice(0, 3)}${lab.id}`;
  stranger.attach(lan, device, undefined, MAC);
  const socket = join(lab.folder, "socket");
  const config = {
    "control-sockets": [{ "socket-type": "unix", "socket-name": socket }],
    "user-context": { kotare: { reconfigure: true, "call-on-change": true } },
    subnet6: [{ id: 1, subnet: "2001:db8::/64", interface: "eth0", pools: [{ pool: "2001:db8::10-2001:db8::1f" }] }],
  };
  const options = { family: 6, folder: lab.folder } as const;
  const driver = {
    ...drivers6[name],
    command(...args: Parameters<(typeof drivers6)[typeof name]["command"]>) {
      const command = drivers6[name].command(...args);
      const path = join(args[1], file);
      writeFileSync(path, `${lines}\n${readFileSync(path, "utf8")}`);
      return command;
    },
  };
  let address: string | undefined;
  await using client = await (async () => {
    await using _server = await Server.start("kotare", host, config, options);
    const started = new Client6(driver, lab, stranger, device, DUID, { addresses: 1 });
    await started.served();
    [address] = started.addresses;
    return started;
  })();
  await using server = await Server.start("kotare", host, config, options);
  const from = client.program.lines.length;
  const answer = JSON.parse(await sendCommand(socket, "reconfigure", { "ip-address": address })) as { result: number };
  expect(answer).toMatchObject({ result: 0 });
  await client.program.waitFor(seen, { from });
  await server.program.waitFor(/RENEW received/);
  const then = client.program.lines.length;
  await server.reload({ ...config, "option-data": [{ name: "domain-search", data: "example.org" }] });
  await client.program.waitFor(seen, { from: then });
}
