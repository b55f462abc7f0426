/** What of the real clients only dhcpcd can, when it is told so. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Client4, type Driver4 } from "../../src/clients/client4.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { Server } from "../../src/subject/server.ts";

function dhcpcd(...lines: readonly string[]): Driver4 {
  return {
    ...drivers4.dhcpcd,
    command(device, folder, events) {
      const command = drivers4.dhcpcd.command(device, folder, events);
      appendFileSync(join(folder, "dhcpcd.conf"), `${lines.join("\n")}\n`);
      return command;
    },
  };
}

/** One network with a server and a stranger on it. */
function hosts(lab: Lab) {
  const network = lab.network();
  const host = lab.host("server");
  host.attach(network, "eth0", "10.0.0.1/24");
  const stranger = lab.host("client");
  stranger.attach(network, "eth0");
  return { host, stranger };
}

const subnet = { id: 1, subnet: "10.0.0.0/24" };

describe.skipIf(findProgram("dhcpcd") === undefined)("dhcpcd", () => {
  test("as a BOOTP client is given an address for ever, and its options", async () => {
    await using lab = new Lab();
    const { host, stranger } = hosts(lab);
    const config = {
      "option-data": [
        { name: "routers", data: "10.0.0.254" },
        { name: "domain-name", data: "example.org" },
      ],
      subnet4: [{ ...subnet, pools: [{ pool: "10.0.0.10-10.0.0.19", "client-class": "BOOTP" }] }],
      "hooks-libraries": [{ library: "libdhcp_bootp.so" }],
    };
    await using server = await Server.start("kotare", host, config, { folder: lab.folder });
    await using client = new Client4(dhcpcd("bootp", "noarp"), lab, stranger, "eth0");
    const bound = await client.bound();
    expect(bound).toMatchObject({ address: "10.0.0.10", routers: "10.0.0.254", domain: "example.org" });
    expect(server.leases().get("10.0.0.10")).toMatchObject({ validLifetime: 0xffffffff });
  });

  test("that can do without IPv4 is told that the network prefers that, and takes no address (RFC 8925)", async () => {
    await using lab = new Lab();
    const { host, stranger } = hosts(lab);
    const config = {
      "option-data": [{ name: "v6-only-preferred", data: "1800" }],
      subnet4: [{ ...subnet, pools: [{ pool: "10.0.0.10-10.0.0.19" }] }],
    };
    await using server = await Server.start("kotare", host, config, { folder: lab.folder });
    await using client = new Client4(dhcpcd("option ipv6_only_preferred", "nodelay", "debug"), lab, stranger, "eth0");
    await client.program.waitFor(/IPv6-Only Preferred received/);
    expect(server.leases().size).toBe(0);
  });
});
