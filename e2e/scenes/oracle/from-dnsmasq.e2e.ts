/** The move from dnsmasq: Kea takes what we make of its configurations, clients are answered alike, and keep their addresses. */
import { execFile } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { convertDnsmasq } from "@kotare/convert/dnsmasq/convert-dnsmasq";
import { describe, expect, it, test } from "vitest";
import { compareSurveys, linksIn, poolsIn } from "../../src/former/compare-surveys.ts";
import { Dnsmasq } from "../../src/former/dnsmasq.ts";
import { clientsFor4, survey4 } from "../../src/former/survey4.ts";
import { clientsFor6, survey6 } from "../../src/former/survey6.ts";
import { Lab } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { SERVER as SERVER4 } from "../../src/oracle/dhcp4/lan.ts";
import { stage4 } from "../../src/oracle/dhcp4/stage.ts";
import { SERVER as SERVER6 } from "../../src/oracle/dhcp6/lan.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import type { Fields } from "../../src/oracle/speech.ts";
import {
  type DhcpConfig,
  type Family,
  findDaemon,
  ourDaemon,
  privateFolders,
  Server,
} from "../../src/subject/server.ts";

/** As people write them at home and in laboratories. */
const FILES: Readonly<Record<string, { readonly family: Family; readonly text: string }>> = {
  home: {
    family: 4,
    text: `interface=eth0
domain=home.example
dhcp-range=10.0.0.50,10.0.0.150,12h
dhcp-authoritative
dhcp-host=02:dd:00:00:40:01,printer,10.0.0.9
dhcp-option=option:ntp-server,10.0.0.1
dhcp-option=252,"http://wpad.home.example/wpad.dat"
`,
  },
  boot: {
    family: 4,
    text: `interface=eth0
port=0
dhcp-range=set:lan,10.0.0.50,10.0.0.150,255.255.255.0,1h
dhcp-option=tag:lan,option:router,10.0.0.254
dhcp-option=option:dns-server,10.0.0.53,10.0.0.54
dhcp-match=set:bios,option:client-arch,0
dhcp-match=set:efi,option:client-arch,7
dhcp-userclass=set:ipxe,iPXE
dhcp-vendorclass=set:phone,isc
dhcp-match=set:pxe,60,UNDI:002
dhcp-boot=tag:bios,undionly.kpxe,,10.0.0.2
dhcp-boot=tag:efi,ipxe.efi,boot.example,10.0.0.2
dhcp-boot=tag:ipxe,http://10.0.0.2/boot.ipxe
dhcp-option=tag:phone,150,10.0.0.5
dhcp-option=tag:pxe,175,01:02:03
dhcp-option=tag:pxe,249,10.9.0.0/16,10.0.0.9 # of old
dhcp-option=121,10.9.0.0/16,10.0.0.9
`,
  },
  known: {
    family: 4,
    text: `interface=eth0
dhcp-range=10.0.0.50,10.0.0.150,10m
dhcp-host=02:dd:00:00:42:01,set:red,10.0.0.9
dhcp-host=02:dd:00:00:42:02,10.0.0.10,2h
dhcp-option=tag:red,option:ntp-server,10.0.0.42
dhcp-option=option:router
dhcp-ignore=tag:!known
`,
  },
  "home of DHCPv6": {
    family: 6,
    text: `interface=eth0
domain=home.example
dhcp-range=2001:db8::100,2001:db8::1ff,64,12h
dhcp-option=option6:ntp-server,[2001:db8::7b],[ff05::101]
dhcp-host=id:00:03:00:01:02:dd:00:00:43:01,[2001:db8::9],nine
`,
  },
  tagged: {
    family: 4,
    text: `interface=eth0
dhcp-match=set:efi,option:client-arch,7
dhcp-userclass=set:ipxe,iPXE
dhcp-range=tag:!efi,10.0.0.50,10.0.0.99,255.255.255.0,1h
dhcp-range=tag:efi,tag:!red,10.0.0.100,10.0.0.150,255.255.255.0,1h
dhcp-host=02:dd:00:00:44:05,set:red
dhcp-host=02:dd:00:00:44:06,tag:!efi,ignore
dhcp-host=02:dd:00:00:44:07,tag:!efi,set:slow
dhcp-host=02:dd:00:00:44:01,tag:!efi,10.0.0.60
dhcp-host=02:dd:00:00:44:02,tag:efi,10.0.0.61
dhcp-host=02:dd:00:00:44:03,tag:!efi,10.0.0.9,10m
dhcp-host=02:dd:00:00:44:04,tag:efi,10.0.0.62,2h
dhcp-option=tag:slow,option:ntp-server,10.0.0.42
dhcp-option=tag:!red,150,10.0.0.5
`,
  },
  "a vendor of DHCPv6": {
    family: 6,
    text: `interface=eth0
dhcp-range=2001:db8::100,2001:db8::1ff,64,12h
dhcp-vendorclass=set:cpe,enterprise:32473,cpe
dhcp-vendorclass=set:other,cpe
dhcp-option=tag:cpe,option6:ntp-server,[2001:db8::7b]
dhcp-option=tag:other,option6:ntp-server,[2001:db8::7c]
`,
  },
  constructed: {
    family: 6,
    text: `interface=eth0
dhcp-range=::100,::1ff,constructor:eth0,1h
dhcp-option=option6:dns-server,[2001:db8::53],[2001:db8::54]
dhcp-option=option6:information-refresh-time,3600
dhcp-option=option6:ntp-server,time.example,a.example
`,
  },
};

const files = Object.entries(FILES).map(([name, file], number) => ({ name, number: 0x40 + number, ...file }));

const OWN = [
  { interface: "eth0", address: SERVER4.address, length: 24 },
  { interface: "eth0", address: SERVER6.address, length: 64 },
];

function convert(text: string, family: Family) {
  return convertDnsmasq("f", family, { read: () => text, list: () => [] }, OWN);
}

/** What a scene's server adds to stands in the way of its own. */
function bodyOf(document: object, family: Family): DhcpConfig {
  const body = (document as Record<string, DhcpConfig>)[`Dhcp${family}`]!;
  const { "control-socket": socket, "lease-database": database, "interfaces-config": interfaces, ...rest } = body;
  return rest;
}

test.skipIf(findDaemon("kea", 4) === undefined)("Kea takes what is made of every file", async () => {
  await using lab = new Lab();
  for (const { name, family, text } of files) {
    const { config, losses } = convert(text, family);
    expect(losses).toBe(0);
    const body = (config as Record<string, DhcpConfig>)[`Dhcp${family}`]!;
    const here = { ...body, "interfaces-config": { interfaces: ["*"] } };
    // Here Kea finds no interface of that name.
    const text6 = JSON.stringify({ [`Dhcp${family}`]: here }).replaceAll(/"interface":"eth0",?/g, "");
    const path = join(lab.folder, `${name}.json`);
    writeFileSync(path, text6);
    await promisify(execFile)(findDaemon("kea", family)!, ["-t", path]);
  }
});

describe.skipIf(findProgram("dnsmasq") === undefined)("needs dnsmasq", () => {
  it.each([4, 6] as const)("DHCPv%i: clients get the same answers, and keep their addresses", async (family) => {
    await using lab = new Lab();
    const { server: host, clients } = (family === 4 ? stage4 : stage6).plugIn(lab);
    const survey = await surveyor(family, clients);
    let [agreed, asked] = [0, 0];
    const differences: string[] = [];
    for (const { name, number, text } of files.filter((file) => file.family === family)) {
      const folder = join(lab.folder, name);
      mkdirSync(folder);
      const { config } = convert(text, family);
      const body = bodyOf(config, family);
      const links = family === 4 ? ["link"] : linksIn(body, 6, "none");
      let leaseFile: string;
      let theirs: Awaited<ReturnType<typeof survey>>;
      {
        await using dnsmasq = await Dnsmasq.start(host, folder, `no-ping\n${text}`);
        theirs = await survey(number, links);
        ({ leaseFile } = dnsmasq);
      }
      const database = { type: "memfile", name: join(folder, `leases${family}.csv`) };
      const source = { ...body, "lease-database": database, ...serverIdIn(leaseFile) };
      writeFileSync(join(folder, "moved.json"), JSON.stringify({ [`Dhcp${family}`]: source }));
      const words = ["leases", "import", "--from", "dnsmasq", "-c", join(folder, "moved.json"), leaseFile];
      const env = { ...process.env, ...privateFolders(folder) };
      const { stdout } = await promisify(execFile)(ourDaemon(family), words, { env });
      expect(stdout).toContain(", 0 were there already\n");
      await using server = await Server.start("kotare", host, source, { family, folder });
      const ours = await survey(number, links);
      expect(server.program.running).toBe(true);
      const poolOf = family === 4 ? (address: string) => address : poolsIn(body, 6, "none");
      const found = compareSurveys(theirs, ours, poolOf, isOtherMatter);
      agreed += found.agreed;
      asked += found.asked;
      differences.push(...found.differences.map((each) => `${name}: ${each}`));
    }
    if (process.env["E2E_CORPUS"] !== undefined)
      console.log(JSON.stringify({ agreed, asked, differences }, undefined, 1));
    expect(differences).toEqual([]);
  });
});

async function surveyor(family: Family, clients: Parameters<typeof stage4.open>[0]) {
  if (family === 4) {
    const voice = await stage4.open(clients);
    return (number: number, links: readonly string[]) => survey4(voice, SERVER4, links, clientsFor4(number, []));
  }
  const voice = await stage6.open(clients);
  return (number: number, links: readonly string[]) => survey6(voice, links, clientsFor6(number, []));
}

/** What is another matter, each for a reason. */
function isOtherMatter(title: string, field: string, answer: Fields): boolean {
  const isInformation = title.endsWith("INFORMATION-REQUEST");
  switch (field) {
    // dnsmasq varies T1 and T2 of DHCPv4 by chance.
    case "option 54":
    case "option 58":
    case "option 59":
      return true;
    // As Kea we tell a client its name if it has told us one; dnsmasq tells it anyway.
    case "option 39":
    case "option 81":
      return true;
    case "option 12":
      return title.includes("named short");
    // A client that asks for options 66 and 67 uses those. We fill the fields, too, for those that do not ask.
    case "sname":
      return answer["option 66"] !== undefined;
    case "file":
      return answer["option 67"] !== undefined;
    // What is not said means 0: RFC 8415 §18.3.9 and §21.13.
    case "option 7":
      return answer[field] === "00";
    case "status":
      return answer[field] === "0";
    // It has a meaning only for clients without leases: RFC 8415 §21.23.
    case "option 32":
      return !isInformation;
    // dnsmasq has no prefixes and says nothing. RFC 8415 §18.3.2 has a server say that there is none.
    default:
      return /^IA_PD 1( status)?$/.test(field);
  }
}

/** The DUID that clients know. */
function serverIdIn(leaseFile: string): object {
  const [, digits] = /^duid (.*)$/m.exec(readFileSync(leaseFile, "latin1")) ?? [];
  if (digits === undefined) return {};
  const octets = digits.replaceAll(":", "");
  return {
    "server-id": {
      type: "LLT",
      htype: 1,
      time: Number.parseInt(octets.slice(8, 16), 16),
      identifier: octets.slice(16),
    },
  };
}
