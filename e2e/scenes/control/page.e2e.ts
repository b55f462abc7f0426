/** The web page in a browser: who may log in, and what the daemons' leases and subnets look like. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getLease } from "../../src/clients/plain-client.ts";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { Browser, findBrowser } from "../../src/lab/browser.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { Server } from "../../src/subject/server.ts";

const program = findBrowser();
const PAGE = "http://127.0.0.1:8000/";

const clients = [
  { user: "admin", password: "s\u00e4cret" },
  { user: "root", password: "root" },
  { user: "guest", password: "guest", "user-context": { kotare: { access: "read" } } },
];

describe.skipIf(program === undefined)("the web page, which needs chromium-headless-shell", () => {
  let lab: Lab;
  let host: Host;
  let client: Host;
  let server: Server;
  let browser: Browser;

  beforeAll(async () => {
    lab = new Lab();
    const network = lab.network();
    host = lab.host("server");
    host.attach(network, "eth0", "10.0.0.1/16");
    client = lab.host("client");
    client.attach(network, "eth0", undefined, "02:00:00:00:00:17");
    const socket6 = join(lab.folder, "six");
    const socketOfNames = join(lab.folder, "names");
    const config4 = {
      "interfaces-config": { interfaces: ["eth0"] },
      "client-classes": [{ name: "phones", test: "option[60].exists" }],
      subnet4: [
        {
          id: 7,
          subnet: "10.0.0.0/16",
          pools: [{ pool: "10.0.1.0 - 10.0.1.99" }],
          reservations: [{ "hw-address": "02:00:00:00:00:99", "ip-address": "10.0.9.9", hostname: "printer" }],
        },
      ],
      "control-sockets": [{ "socket-type": "http", authentication: { type: "basic", clients } }],
      "user-context": { kotare: { services: { dhcp6: socket6, d2: socketOfNames } } },
    };
    const config6 = {
      "interfaces-config": { interfaces: [] },
      subnet6: [{ id: 8, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::/80" }] }],
      "control-socket": { "socket-type": "unix", "socket-name": socket6 },
    };
    server = await Server.start("kotare", host, config4, { folder: join(lab.folder, "four") });
    await Server.start("kotare", host, config6, { family: 6, folder: join(lab.folder, "files6") });
    await DnsUpdater.start({
      folder: join(lab.folder, "updater"),
      forward: [],
      reverse: [],
      servers: [],
      extra: { "control-socket": { "socket-type": "unix", "socket-name": socketOfNames } },
      start: (words, env) => host.start(words, { env }),
    });
    browser = await Browser.open(program!, host);
    await browser.look(1000, 800, "light");
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await lab[Symbol.asyncDispose]();
  });

  async function logIn(user: string, password: string): Promise<void> {
    await browser.type("Name", user);
    await browser.type("Password", password);
    await browser.press("Enter");
  }

  /** By the side of the page. */
  function command(name: string, args: object): Promise<unknown> {
    const body = JSON.stringify({ command: name, arguments: args });
    const headers = { Authorization: `Basic ${btoa("root:root")}`, "Content-Type": "application/json" };
    return browser.evaluate(`fetch("/", ${JSON.stringify({ method: "POST", headers, body })}).then((a) => a.json())`);
  }

  test("a wrong password is told", async () => {
    await browser.go(PAGE);
    await browser.see("Log in");
    await logIn("admin", "wrong");
    await browser.see("The name or the password is wrong.");
  });

  test("the right one leads to all daemons, and stays in no storage", async () => {
    await logIn("admin", "s\u00e4cret");
    await browser.see(/dhcp4\s+serving/);
    await browser.see(/dhcp6\s+not on all interfaces/);
    await browser.see(/d2\s+serving/);
    expect(await browser.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")).toEqual(["", 0, 0]);
  });

  test("a client's lease appears by itself, and is found by address, hardware address and name", async () => {
    await browser.click("Leases");
    await browser.see("No IPv4 leases");
    await getLease(client, "eth0", () => undefined);
    await browser.see(/10\.0\.1\.\d+\s+02:00:00:00:00:17/);
    await browser.type("Search", "0200.0000.0017");
    await browser.see("1 IPv4 leases of 02:00:00:00:00:17");
    await browser.type("Search", "10.0");
    await browser.see("Leases from 10.0.0.0 on");
    await browser.see("02:00:00:00:00:17");
    await browser.type("Search", "nobody");
    await browser.see("0 IPv4 leases with the name nobody");
  });

  test("pages through all leases", async () => {
    const lease = (i: number) => ({ "ip-address": `10.0.2.${i}`, "hw-address": `02:00:00:00:02:${i + 10}` });
    for (let i = 0; i < 60; i++) await command("lease4-add", lease(i));
    await browser.type("Search", "");
    await browser.see("IPv4 leases by address");
    await browser.see("10.0.2.48");
    await browser.click("Next page");
    await browser.see("10.0.2.59");
    expect(await browser.evaluate("document.body.innerText")).not.toContain("10.0.2.48");
    await browser.click("Page before");
    await browser.see("10.0.2.0");
    await browser.click("10.0.2.0");
    await browser.see(/Hardware address\s+02:00:00:00:02:10/);
    await browser.press("Escape");
    await browser.until("document.querySelector('dialog') === null", "no dialog any more");
  });

  test("subnets, reservations, classes and names are there", async () => {
    await browser.click("Subnets");
    await browser.see(/10\.0\.0\.0\/16\s+7\s+61 %\s+61\s+0\s+100/);
    await browser.click("Reservations");
    await browser.see(/02:00:00:00:00:99\s+10\.0\.9\.9\s+printer\s+10\.0\.0\.0\/16/);
    await browser.click("Classes");
    await browser.see(/phones\s+option\[60\]\.exists/);
    await browser.click("Names");
    await browser.see(/0 requests wait for the DNS\.[\s\S]*ncr-received\s+0/);
  });

  test("a faulty configuration is refused with the places of its faults; a good one is in force, and written", async () => {
    await browser.click("Configuration");
    await browser.see("In force");
    await browser.edit('"ip-address": "10.0.9.9"', '"ip-address": "10.0.9.999"');
    await browser.click("Apply");
    await browser.see(
      /line \d+, column \d+: Dhcp4\.subnet4\[0\]\.reservations\[0\]\.ip-address: "10\.0\.9\.999" is not/,
    );
    await browser.evaluate("document.querySelector('main li button').click()");
    const marked =
      "((area) => area.value.slice(area.selectionStart, area.selectionStart + 12))(document.activeElement)";
    expect(await browser.evaluate(marked)).toBe('"10.0.9.999"');
    await browser.edit('"ip-address": "10.0.9.999"', '"ip-address": "10.0.9.10"');
    await browser.click("Apply");
    await browser.see("This configuration is in force.");
    await browser.click("Write to the file");
    await browser.see("in the configuration file, too");
    expect(readFileSync(server.configFile, "utf8")).toMatch(/"ip-address": "10\.0\.9\.10"/);
  });

  test("who may only read is told what he may not", async () => {
    await browser.click("Log out admin");
    await browser.see("Log in");
    await logIn("guest", "guest");
    await browser.see("In force");
    await browser.edit('"ip-address": "10.0.9.10"', '"ip-address": "10.0.9.11"');
    await browser.click("Apply");
    await browser.see("guest may not use 'config-set'");
    expect(await browser.evaluate("document.querySelector('textarea').value")).not.toContain("s\u00e4cret");
  });

  test("its policy keeps everything else out, and nothing on it is against that", async () => {
    const inline =
      'document.body.append(Object.assign(document.createElement("script"), { text: "globalThis.evil = 1" }))';
    expect(await browser.evaluate(`${inline}; globalThis.evil`)).toBeUndefined();
    const [breach, ...others] = browser.complaints.filter((each) => !each.includes('"source":"network"'));
    expect([breach, others]).toEqual([expect.stringMatching(/Content Security Policy/), []]);
    expect(browser.requests.filter((url) => !url.startsWith(PAGE))).toEqual([]);
  });
});
