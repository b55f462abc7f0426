/** A real client that knows BOOTP only: dhcpcd, when it is told so. */
import { appendFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Client4, type Driver4 } from "../../src/clients/client4.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { Server } from "../../src/subject/server.ts";

const bootpClient: Driver4 = {
  ...drivers4.dhcpcd,
  command(device, folder, events) {
    const command = drivers4.dhcpcd.command(device, folder, events);
    appendFileSync(join(folder, "dhcpcd.conf"), "bootp\nnoarp\n");
    return command;
  },
};

test.skipIf(findProgram("dhcpcd") === undefined)(
  "dhcpcd as a BOOTP client is given an address for ever, and its options",
  async () => {
    await using lab = new Lab();
    const network = lab.network();
    const host = lab.host("server");
    host.attach(network, "eth0", "10.0.0.1/24");
    const stranger = lab.host("client");
    stranger.attach(network, "eth0");
    const config = {
      "option-data": [
        { name: "routers", data: "10.0.0.254" },
        { name: "domain-name", data: "example.org" },
      ],
      subnet4: [{ id: 1, subnet: "10.0.0.0/24", pools: [{ pool: "10.0.0.10-10.0.0.19", "client-class": "BOOTP" }] }],
      "hooks-libraries": [{ library: "libdhcp_bootp.so" }],
    };
    await using server = await Server.start("kotare", host, config, { folder: lab.folder });
    await using client = new Client4(bootpClient, lab, stranger, "eth0");
    expect(await client.bound()).toMatchObject({ address: "10.0.0.10", routers: "10.0.0.254", domain: "example.org" });
    expect(server.leases().get("10.0.0.10")).toMatchObject({ validLifetime: 0xffffffff });
  },
);
