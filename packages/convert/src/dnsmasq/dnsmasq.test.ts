import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { formatFault } from "@kotare/core/config/fault";
import { parseConfig } from "@kotare/core/config/load/load-config";
import { expect, it } from "vitest";
import { leases4 } from "../leases/leases4.ts";
import { convertDnsmasq } from "./convert-dnsmasq.ts";

const HOME = `
# a home network
interface=eth0
domain=home.example
dhcp-range=192.168.1.50,192.168.1.150,255.255.255.0,12h
dhcp-range=10.9.0.0,static
dhcp-option=option:router,192.168.1.1
dhcp-option=6,192.168.1.1,9.9.9.9
dhcp-option=252,"http://wpad/wpad.dat"
dhcp-host=11:22:33:44:55:66,printer,192.168.1.9
dhcp-host=id:01:02:03,10.9.0.7
dhcp-host=11:22:33:44:55:67,ignore
dhcp-match=set:efi,option:client-arch,7
dhcp-userclass=set:ipxe,iPXE
dhcp-boot=undionly.kpxe,,192.168.1.2
dhcp-boot=tag:efi,tag:!ipxe,ipxe.efi,boot,192.168.1.2
dhcp-authoritative
dhcp-script=/bin/seen
dhcp-option=tag:unheard,3,1.2.3.4
dhcp-range=::1,constructor:eth0
`;

it("a home network: ranges, hosts, options, and booting by what clients send", () => {
  const { config, findings, losses } = convertDnsmasq(HOME, "f");
  const { faults } = parseConfig(dhcp4Family, { file: "f", text: JSON.stringify(config) }, { read: () => "" });
  expect(faults.filter(({ severity }) => severity === "error").map(formatFault)).toEqual([]);
  expect(config).toMatchObject({
    Dhcp4: {
      authoritative: true,
      "boot-file-name": "undionly.kpxe",
      "next-server": "192.168.1.2",
      "option-data": [
        { name: "domain-name", data: "home.example" },
        { name: "routers", data: "192.168.1.1" },
        { name: "domain-name-servers", data: "192.168.1.1, 9.9.9.9" },
        { code: 252, "csv-format": false },
      ],
      "client-classes": [
        {
          name: "efi not ipxe",
          test: "option[93].hex == 0x0007 and not (substring(option[77].hex, 0, 4) == 'iPXE')",
          "boot-file-name": "ipxe.efi",
        },
      ],
      subnet4: [
        {
          subnet: "192.168.1.0/24",
          "valid-lifetime": 43_200,
          pools: [{ pool: "192.168.1.50 - 192.168.1.150" }],
          reservations: [{ "hw-address": "11:22:33:44:55:66", hostname: "printer", "ip-address": "192.168.1.9" }],
        },
        { subnet: "10.9.0.0/24", reservations: [{ "client-id": "01:02:03" }] },
      ],
      reservations: [{ "hw-address": "11:22:33:44:55:67", "client-classes": ["DROP"] }],
    },
  });
  expect(findings.map((finding) => finding.split('"')[0])).toEqual([
    "f:3:1: note: ",
    "f:18:1: lost: ",
    "f:19:1: lost: ",
    "f:20:1: lost: ",
  ]);
  expect(losses).toBe(3);
});

it("leases of dnsmasq's file", () => {
  const folder = mkdtempSync(join(tmpdir(), "kotare-dnsmasq-"));
  try {
    const file = join(folder, "dnsmasq.leases");
    writeFileSync(
      file,
      "1800003600 02:00:00:00:00:01 192.168.1.50 Laptop 01:02:00:00:00:00:01\n0 02:00:00:00:00:02 192.168.1.51 * *\nnonsense\nduid 00:01\n1 2 3\n",
    );
    const told: string[] = [];
    const reports = { remark: (what: string) => told.push(what), progress: () => {} };
    const found = [...leases4.read("dnsmasq", file, reports)].map(({ lease }) => lease);
    expect(found).toMatchObject([
      { cltt: 1_800_000_000, validLifetime: 3600, hostname: "laptop", clientId: Uint8Array.of(1, 2, 0, 0, 0, 0, 1) },
      { validLifetime: 0xffff_ffff, hostname: "", clientId: undefined },
    ]);
    expect(told).toEqual([`${file}:3: is no lease`]);
  } finally {
    rmSync(folder, { recursive: true });
  }
});
