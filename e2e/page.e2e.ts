/** The web page in a browser: who may log in, and what the daemons' leases and subnets look like. */
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getLease } from "./src/clients/plain-client.ts";
import { Browser, findBrowser } from "./src/lab/browser.ts";
import { type Host, Lab } from "./src/lab/lab.ts";
import { Server } from "./src/subject/server.ts";

const program = findBrowser();
const PAGE = "http://127.0.0.1:8000/";

const clients = [
  { user: "admin", password: "s\u00e4cret" },
  { user: "guest", password: "guest", "user-context": { kotare: { access: "read" } } },
];

describe.skipIf(program === undefined)("the web page, which needs chromium-headless-shell", () => {
  let lab: Lab;
  let host: Host;
  let client: Host;
  let browser: Browser;

  beforeAll(async () => {
    lab = new Lab();
    const network = lab.network();
    host = lab.host("server");
    host.attach(network, "eth0", "10.0.0.1/16");
    client = lab.host("client");
    client.attach(network, "eth0", undefined, "02:00:00:00:00:17");
    const socket6 = join(lab.folder, "six");
    const config4 = {
      "interfaces-config": { interfaces: ["eth0"] },
      subnet4: [{ id: 7, subnet: "10.0.0.0/16", pools: [{ pool: "10.0.1.0 - 10.0.1.99" }] }],
      "control-sockets": [{ "socket-type": "http", authentication: { type: "basic", clients } }],
      "user-context": { kotare: { services: { dhcp6: socket6 } } },
    };
    const config6 = {
      "interfaces-config": { interfaces: [] },
      subnet6: [{ id: 8, subnet: "2001:db8::/64", pools: [{ pool: "2001:db8::/80" }] }],
      "control-socket": { "socket-type": "unix", "socket-name": socket6 },
    };
    await Server.start("kotare", host, config4, { folder: join(lab.folder, "four") });
    await Server.start("kotare", host, config6, { family: 6, folder: join(lab.folder, "files6") });
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

  test("a wrong password is told", async () => {
    await browser.go(PAGE);
    await browser.see("Log in");
    await logIn("admin", "wrong");
    await browser.see("The name or the password is wrong.");
  });

  test("the right one leads to both daemons, and stays in no storage", async () => {
    await logIn("admin", "s\u00e4cret");
    await browser.see(/dhcp4\s+serving/);
    await browser.see(/dhcp6\s+not on all interfaces/);
    await browser.see(/d2\s+not running/);
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

  test("its policy keeps everything else out, and nothing on it is against that", async () => {
    const inline =
      'document.body.append(Object.assign(document.createElement("script"), { text: "globalThis.evil = 1" }))';
    expect(await browser.evaluate(`${inline}; globalThis.evil`)).toBeUndefined();
    const [breach, ...others] = browser.complaints.filter((each) => !each.includes("401 (Unauthorized)"));
    expect([breach, others]).toEqual([expect.stringMatching(/Content Security Policy/), []]);
    expect(browser.requests.filter((url) => !url.startsWith(PAGE))).toEqual([]);
  });
});
