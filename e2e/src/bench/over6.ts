/** The row about DHCPv4 over DHCPv6 (RFC 7341): both servers of a side, from dhcp6d to dhcp4d and back for each message. */
import { join } from "node:path";
import { type Host, Lab } from "../lab/lab.ts";
import { runLoad } from "../load/load.ts";
import { type DhcpConfig, Server, type Subject } from "../subject/server.ts";
import { inTurn } from "./contest.ts";
import type { Crowd } from "./family.ts";
import { medians, type Row } from "./row.ts";

const RATE = 1000;
const SIDES: readonly Subject[] = ["kotare", "kea"];
const port = { "dhcp4o6-port": 6767 };
const config6 = { ...port, subnet6: [{ id: 1, subnet: "2001:db8::/64", interface: "eth0" }] };
const subnet4 = [{ id: 1, subnet: "10.0.0.0/8", "4o6-interface": "eth0", pools: [{ pool: "10.1.0.0/16" }] }];
const config4 = { ...port, "valid-lifetime": 7200, subnet4 };
const crowd: Crowd = { asks: "addresses", suffix: "", arguments: ["--over6", "-i", "eth0"] };

async function withServers<T>(subject: Subject, work: (clients: Host) => Promise<T>): Promise<T> {
  await using lab = new Lab();
  const [host, clients] = ["server", "clients"].map((name) => lab.host(name, { ipv6: true })) as [Host, Host];
  host.connect("eth0", "10.0.0.1/24", clients, "eth0", "10.0.0.2/24");
  const optionsOf = (family: 4 | 6) => ({ family, folder: join(lab.folder, `${family}`), severity: "WARN" }) as const;
  const start = (config: DhcpConfig, family: 4 | 6) =>
    Server.start(subject, host, config, { ...optionsOf(family), logToFile: true });
  await using _six = await start(config6, 6);
  await using _four = await start(config4, 4);
  return await work(clients);
}

export const over6Row: Row = {
  family: 4,
  name: "over6",
  async measure({ seconds, repeats }, say) {
    let isWhole = true;
    const measureOne = async (subject: Subject) => {
      const load = { rate: RATE, clients: 60_000, crowd };
      const result = await withServers(subject, async (clients) => {
        await runLoad(clients, { ...load, seconds: 2, firstMac: "02:01:00:00:00:00" });
        return await runLoad(clients, { ...load, seconds });
      });
      const { offered, completed, meanDelay, maxDelay } = result;
      if (subject === "kotare") isWhole &&= completed === offered && offered >= 0.97 * RATE * seconds;
      say(
        `${subject}: ${completed} of ${offered} exchanges in ${seconds} s, ` +
          `${meanDelay.toFixed(2)} ms delay, at most ${maxDelay.toFixed(1)} ms`,
      );
      return result;
    };
    const measured = await inTurn(SIDES, repeats, measureOne, (side) => side);
    const of = (part: "rate" | "meanDelay") =>
      medians(new Map([...measured].map(([side, results]) => [side, results.map((each) => each[part])])));
    const rates = of("rate");
    const delays = of("meanDelay");
    return [
      {
        measure: `exchanges of DHCPv4 over DHCPv6, ${RATE}/s offered`,
        unit: "/s",
        values: rates,
        ratio: rates["kotare"]! / rates["kea"]!,
        target: `all of ${RATE}`,
        met: isWhole,
      },
      {
        measure: `mean reply delay of DHCPv4 over DHCPv6 at ${RATE}/s`,
        unit: "ms",
        values: delays,
        ratio: delays["kotare"]! / delays["kea"]!,
        target: "none",
        met: true,
      },
    ];
  },
};
