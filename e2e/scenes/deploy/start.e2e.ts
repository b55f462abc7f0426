/** `npm start -- -c FILE` serves the interfaces of the machine, here a host of the lab, as each example configures it. */
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { Client6, LAN } from "../../src/clients/client6.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { drivers6 } from "../../src/clients/drivers6.ts";
import { type Host, Lab, type Network } from "../../src/lab/lab.ts";
import { findProgram, type Program } from "../../src/lab/program.ts";
import { type Family, privateFolders } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";
import { type Option, optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const MAC = "02:00:00:00:0c:01";

/** What `npm start -- -c FILE` runs. */
function start(host: Host, folder: string, example: string): Program {
  const command = ["sh", join(top, "e2e/bin/start"), "-c", join("deploy/examples", example)];
  return host.start(command, { env: privateFolders(folder), cwd: top });
}

async function stage(
  family: Family,
  example: string,
  address: string,
  play: (lab: Lab, lan: Network) => Promise<void>,
): Promise<void> {
  await using lab = new Lab();
  const lan = lab.network();
  const host = lab.host("server", { ipv6: family === 6 });
  host.attach(lan, "eth0", address);
  const program = start(host, lab.folder, example);
  // It builds first, where something has changed.
  await program.waitFor(new RegExp(`DHCP${family}_STARTED`), { timeout: 60_000 });
  await play(lab, lan);
  expect(await program.stop()).toEqual({ code: 0, signal: null });
}

describe.skipIf(findProgram("dhcpcd") === undefined)("needs dhcpcd-base", () => {
  test("home4.conf: dhcp4d gives an address", () =>
    stage(4, "home4.conf", "192.168.77.1/24", async (lab, lan) => {
      const host = lab.host("client");
      host.attach(lan, "start4", undefined, MAC);
      await using client = new Client4(drivers4.dhcpcd, lab, host, "start4");
      expect(await client.bound()).toMatchObject({ address: "192.168.77.100", routers: "192.168.77.1" });
    }));

  test("home6.conf: dhcp6d gives an address and a prefix", () =>
    stage(6, "home6.conf", "fd77:7777:7777:1::1/64", async (lab, lan) => {
      const host = lab.host("client", { ipv6: true });
      host.attach(lab.network(), LAN);
      host.attach(lan, "start6", undefined, MAC);
      const wish = { addresses: 1, prefix: true };
      await using client = new Client6(drivers6.dhcpcd, lab, host, "start6", `00:03:00:01:${MAC}`, wish);
      await client.served();
      expect(client.addresses).toEqual(["fd77:7777:7777:1::100"]);
      expect(client.prefixes).toEqual(["fd77:7777:7777:8000::/60"]);
    }));
});

test("pxe4.conf: BIOS, UEFI and HTTP boot clients get three files, and iPXE its script", () =>
  stage(4, "pxe4.conf", "192.168.77.1/24", async (lab, lan) => {
    const host = lab.host("client");
    host.attach(lan, "pxe");
    using probe = await Probe4.open(host, "pxe");
    const text = (bytes: Uint8Array | undefined) =>
      Buffer.from(bytes ?? [])
        .toString("latin1")
        .replace(/\0+$/, "");
    const boots = async (vendor: string, architecture: number, ...more: readonly Option[]): Promise<string[]> => {
      const options: Option[] = [
        [53, Uint8Array.of(1)],
        [60, Buffer.from(vendor)],
        [93, Uint8Array.of(0, architecture)],
      ];
      probe.send({ mac: MAC, options: [...options, ...more] });
      const answer = await probe.next(5000);
      const { siaddr = "no answer", file, options: given = [] } = answer?.message ?? {};
      return [siaddr, text(file), text(optionOf({ options: given }, 60))];
    };
    const server = "192.168.77.1";
    expect(await boots("PXEClient:Arch:00000", 0)).toEqual([server, "undionly.kpxe", ""]);
    expect(await boots("PXEClient:Arch:00007", 7)).toEqual([server, "ipxe.efi", ""]);
    expect(await boots("HTTPClient:Arch:00016", 16)).toEqual(["0.0.0.0", `http://${server}/ipxe.efi`, "HTTPClient"]);
    const ipxe: Option = [77, Buffer.from("iPXE")];
    expect(await boots("PXEClient:Arch:00007", 7, ipxe)).toEqual([server, `http://${server}/boot.ipxe`, ""]);
  }));

test("a file that is not there is named, and nothing is served, nor built when all is", async () => {
  await using lab = new Lab();
  const program = start(lab.host("server"), lab.folder, "missing.conf");
  expect((await program.exited).code).toBe(1);
  expect(program.output).toContain("deploy/examples/missing.conf");
  expect(program.output).not.toContain("prepare: building");
});
