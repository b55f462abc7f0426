/** The web page of daemons with a million leases each: what a search takes, while packets are served. */
import { join } from "node:path";
import { family4 } from "../bench/family4.ts";
import { family6 } from "../bench/family6.ts";
import { firstOf, macOf, writeLeases } from "../bench/lease-files.ts";
import { Browser, findBrowser } from "../lab/browser.ts";
import { Lab } from "../lab/lab.ts";
import { delay } from "../lab/program.ts";
import { LOGINS } from "../subject/logins.ts";
import { Server } from "../subject/server.ts";
import { getServed } from "../wire/dora.ts";
import { Probe4 } from "../wire/probe4.ts";
import { logIn, PAGE } from "./log-in.ts";

const COUNT = 1_000_000;
/** Somewhere among them; leases are numbered from 1. */
const NUMBER = 654_321;
const [address4, address6] = [family4, family6].map(({ large }) => large.member(NUMBER - 1)) as [string, string];
const name = `host-${NUMBER}.example.org`;
const duid = `00:03:00:01:${macOf(NUMBER)}`;
/** What is typed, and what is seen then. */
const SEARCHES: Readonly<Record<"IPv4" | "IPv6", readonly (readonly [typed: string, seen: string])[]>> = {
  IPv4: [
    [address4, `${address4} and the leases behind it`],
    ["10.25", "10.25.0.0 and the leases behind it"],
    [macOf(NUMBER), `1 IPv4 lease of ${macOf(NUMBER)}`],
    [name, `1 IPv4 lease with ${name}`],
    [`st-${NUMBER}.`, `1 IPv4 lease with st-${NUMBER}.`],
    ["nobody", "0 IPv4 leases with nobody"],
  ],
  IPv6: [
    [address6, `${address6} and the leases behind it`],
    [duid, `1 IPv6 lease of ${duid}`],
    [name, `1 IPv6 lease with ${name}`],
    ["nobody", "0 IPv6 leases with nobody"],
  ],
};

/** Prints what each search takes. */
export async function searchMillion(): Promise<void> {
  await using lab = new Lab();
  const network = lab.network();
  const host = lab.host("server");
  host.attach(network, "eth0", "10.0.0.1/8");
  const client = lab.host("client");
  client.attach(network, "eth0");
  const [folder4, folder6] = ["four", "six"].map((each) => join(lab.folder, each)) as [string, string];
  const socket6 = join(lab.folder, "socket6");
  for (const [folder, family] of [[folder4, family4] as const, [folder6, family6] as const])
    writeLeases(folder, family, family.large.subnet.id, firstOf(family.large, COUNT));
  const config4 = {
    subnet4: [family4.large.subnet],
    "control-sockets": [{ "socket-type": "http", authentication: { type: "basic", clients: LOGINS } }],
    "user-context": { kotare: { services: { dhcp6: socket6 } } },
  };
  const config6 = {
    "interfaces-config": { interfaces: [] },
    subnet6: [family6.large.subnet],
    "control-socket": { "socket-type": "unix", "socket-name": socket6 },
  };
  const patience = 240_000;
  await Server.start("kotare", host, config4, { folder: folder4, patience });
  await Server.start("kotare", host, config6, { family: 6, folder: folder6, patience });
  await using browser = await Browser.open(findBrowser()!, host);
  await browser.go(PAGE);
  await browser.see("Log in");
  await logIn(browser, "root", "root");
  await browser.click("Leases");
  await browser.see("IPv4 leases by address");

  /** What is looked for now. */
  let sought: string | undefined = "nothing yet";
  const search = async () => {
    for (const [family, searches] of Object.entries(SEARCHES)) {
      await browser.click(family);
      for (const [typed, seen] of searches) {
        const began = performance.now();
        sought = `${family}, ${typed}`;
        await browser.type("Search", typed);
        await browser.see(seen);
        console.log(`${sought}: ${Math.round(performance.now() - began)} ms`);
      }
    }
    sought = undefined;
  };
  const exchange = async () => {
    using probe = await Probe4.open(client, "eth0");
    const all: { readonly took: number; readonly beside: string }[] = [];
    for (; sought !== undefined; await delay(20)) {
      const [began, beside] = [performance.now(), sought];
      await getServed(probe, macOf(COUNT + 1 + all.length));
      all.push({ took: Math.round(performance.now() - began), beside });
    }
    all.sort((a, b) => b.took - a.took);
    console.log(
      `${all.length} exchanges meanwhile: ${all[all.length >> 1]?.took} ms in the middle; the longest`,
      all.slice(0, 5),
    );
  };
  await Promise.all([search(), exchange()]);
}
