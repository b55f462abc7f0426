/** The configurations that Debian installs with Kea, unchanged but for the interface: on Kea itself, and on our daemons. */

import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { hex } from "@kotare/testkit/payloads";
import { describe, expect, test } from "vitest";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { findProgram, type Program } from "../../src/lab/program.ts";
import { type Client, client, na, pd, relayed, solicit } from "../../src/oracle/dhcp6/client.ts";
import { stage6 } from "../../src/oracle/dhcp6/stage.ts";
import { type Family, findDaemon, privateFolders, type Subject, subjects } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";
import { formatIpv6 } from "../../src/wire/ipv6-text.ts";
import { type Message4, type Option, optionOf } from "../../src/wire/message4.ts";
import { decodeOptions6, type Message6 } from "../../src/wire/message6.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

/** The text that Debian has, serving `eth0`. */
function debianText(family: Family): string {
  const original = readFileSync(join(top, `.cache/debian/root/etc/kea/kea-dhcp${family}.conf`), "utf8");
  const filledIn = original.replace('"interfaces": [ ]', '"interfaces": [ "eth0" ]');
  if (filledIn === original) throw new Error("there is no empty list of interfaces to fill in");
  return filledIn;
}

function start(lab: Lab, host: Host, subject: Subject, family: Family, ...args: string[]): Program {
  const folder = join(lab.folder, "kea");
  mkdirSync(folder, { recursive: true, mode: 0o750 });
  const file = join(folder, `kea-dhcp${family}.conf`);
  writeFileSync(file, debianText(family), { mode: 0o640 });
  // Kea, unpacked and not installed, looks for it where Debian installs it.
  const env = { ...privateFolders(folder), KEA_LFC_EXECUTABLE: findProgram("kea-lfc")! };
  return host.start([findDaemon(subject, family)!, ...args, file], { env, cwd: folder });
}

const latin1 = (bytes: Uint8Array | undefined) =>
  Buffer.from(bytes ?? [])
    .toString("latin1")
    .replace(/\0+$/, "");
const hexOf = (bytes: Uint8Array | undefined) => Buffer.from(bytes ?? []).toString("hex");

describe.skipIf(findProgram("kea-dhcp4") === undefined)("needs kea-dhcp4-server and kea-dhcp6-server", () => {
  describe.each(subjects(["kea", "kotare"]))("%s", (subject) => {
    test.each([4, 6] as const)("-t takes the file of DHCPv%i", async (family) => {
      await using lab = new Lab();
      const host = lab.host("server");
      host.attach(lab.network(), "eth0");
      const program = start(lab, host, subject, family, "-t");
      expect([await program.exited, program.lines]).toMatchObject([{ code: 0 }, expect.anything()]);
    });

    test("DHCPv4: Aastra phones get their boot server and file, reservations of each kind are honoured", async () => {
      await using lab = new Lab();
      const network = lab.network();
      const host = lab.host("server");
      host.attach(network, "eth0", "192.0.2.254/24");
      const clients = lab.host("clients");
      clients.attach(network, "eth0");
      const program = start(lab, host, subject, 4, "-c");
      await program.waitFor(/DHCP4_STARTED/);
      using probe = await Probe4.open(clients, "eth0");
      const offer = async (mac: string, ...options: readonly Option[]): Promise<Message4> => {
        const wishes: Option = [55, Uint8Array.of(1, 3, 6, 12, 15, 67, 125)];
        probe.send({ mac, options: [[53, Uint8Array.of(1)], wishes, ...options] });
        const answer = await probe.next(5000);
        if (answer === undefined) throw new Error(`${mac} is not answered:\n${program.lines.slice(-10).join("\n")}`);
        return answer.message;
      };
      const stranger = "02:00:00:00:00:99";
      const phone = await offer("02:00:00:00:00:98", [60, Buffer.from("AastraIPPhone6731i")]);
      expect([phone.siaddr, latin1(phone.sname), latin1(phone.file)]).toEqual(["192.0.2.254", "hal9000", "/dev/null"]);
      const other = await offer("02:00:00:00:00:97", [60, Buffer.from("Snom")]);
      expect([other.siaddr, latin1(other.sname), latin1(other.file)]).toEqual(["0.0.0.0", "", ""]);
      expect(latin1(optionOf(other, 67))).toBe("EST5EDT4,M3.2.0/02:00,M11.1.0/02:00");

      expect((await offer("1a:1b:1c:1d:1e:1f")).yiaddr).toBe("192.0.2.201");
      const named = await offer(stranger, [61, hex("01:11:22:33:44:55:66")], [12, Buffer.from("x")]);
      expect([named.yiaddr, latin1(optionOf(named, 12))]).toEqual(["192.0.2.202", "special-snowflake"]);
      const duid = await offer(stranger, [61, hex("ff:00:00:00:01:01:02:03:04:05")]);
      expect([duid.yiaddr, hexOf(optionOf(duid, 6))]).toEqual(["192.0.2.203", "0a0101ca0a0101cb"]);
      const cable = await offer(stranger, [61, hex("01:12:23:34:45:56:67")], [125, hex("00:00:11:8b:03:01:01:02")]);
      expect([cable.yiaddr, hexOf(optionOf(cable, 125))]).toEqual(["192.0.2.204", "0000118b0a02080a0101ca0a0101cb"]);
      const boot = await offer(stranger, [61, hex("01:0a:0b:0c:0d:0e:0f")]);
      expect([boot.yiaddr, boot.siaddr, latin1(boot.sname), latin1(boot.file)]).toEqual([
        "192.0.2.205",
        "192.0.2.1",
        "hal9000",
        "/dev/null",
      ]);
    });

    test("DHCPv6: reservations of each kind are honoured", async () => {
      await using lab = new Lab();
      const { server: host, clients } = stage6.plugIn(lab);
      const program = start(lab, host, subject, 6, "-c");
      await program.waitFor(/DHCP6_STARTED/);
      using voice = await stage6.open(clients);
      let xid = 0;
      const advertise = async (who: Client, ...ias: readonly Option[]): Promise<Message6> => {
        // The file names no interface, so that a relay must say where the client is.
        const message = solicit(who, ias, { oro: [17, 23, 27, 41, 60] });
        const [query, route] = relayed(message, { link: "2001:db8:1::1" });
        voice.send(query, ++xid, route);
        const answer = await voice.next(5000);
        if (answer === undefined) throw new Error(`no answer:\n${program.lines.slice(-10).join("\n")}`);
        return answer.message;
      };
      const leases = ({ options }: Message6) =>
        options
          .filter(([code]) => code === 3 || code === 25)
          .flatMap(([, value]) => decodeOptions6(value.subarray(12)))
          .map(([code, value]) => formatIpv6(code === 5 ? value.subarray(0, 16) : value.subarray(9, 25)));

      const anybody = await advertise(client(7), na(1));
      expect(leases(anybody)[0]).toMatch(/^2001:db8:1::/);
      expect(latin1(optionOf(anybody, 41))).toBe("EST5EDT4,M3.2.0/02:00,M11.1.0/02:00");
      const byDuid = await advertise(client(8, hex("01:02:03:04:05:0a:0b:0c:0d:0e")), na(1));
      expect(leases(byDuid)).toEqual(["2001:db8:1::100"]);
      const byCard = await advertise(client(9, hex("00:03:00:01:00:01:02:03:04:05")), na(1));
      expect([...leases(byCard), hexOf(optionOf(byCard, 23))]).toEqual([
        "2001:db8:1::101",
        "30000001000000000000000000000234",
      ]);
      const both = await advertise(client(10, hex("01:02:03:04:05:06:07:08:09:0a")), na(1), pd(2));
      expect(leases(both)).toEqual(["2001:db8:1:0:cafe::1", "2001:db8:2:abcd::"]);
    });
  });
});
