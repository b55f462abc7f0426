/** The web page in a browser: who may log in, and what the daemons' leases and subnets look like. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getLease } from "../../src/clients/plain-client.ts";
import { DnsUpdater } from "../../src/dns/updater.ts";
import { Browser, findBrowser } from "../../src/lab/browser.ts";
import { CONTRASTS } from "../../src/lab/contrasts.ts";
import { DRAWN } from "../../src/lab/drawn-line.ts";
import { type Host, Lab } from "../../src/lab/lab.ts";
import { type DatabaseServer, databaseKinds } from "../../src/subject/database-server.ts";
import { LOGINS } from "../../src/subject/logins.ts";
import { LONELY_PAIR } from "../../src/subject/lonely-pair.ts";
import { Server } from "../../src/subject/server.ts";
import { getServed } from "../../src/wire/dora.ts";
import { optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const program = findBrowser();
const postgresql = databaseKinds.find(({ name }) => name === "PostgreSQL")!;
const PAGE = "http://127.0.0.1:8000/";

describe.skipIf(program === undefined)("the web page, which needs chromium-headless-shell", () => {
  let lab: Lab;
  let host: Host;
  let client: Host;
  let server: Server;
  let browser: Browser;
  let databases: DatabaseServer | undefined;

  beforeAll(async () => {
    lab = new Lab();
    const network = lab.network();
    host = lab.host("server");
    host.attach(network, "eth0", "10.0.0.1/16");
    client = lab.host("client");
    client.attach(network, "eth0", undefined, "02:00:00:00:00:17");
    const [socket6, socketOfNames] = ["six", "names"].map((name) => join(lab.folder, name)) as [string, string];
    const config4 = {
      "interfaces-config": { interfaces: ["eth0"] },
      "client-classes": [{ name: "phones", test: "option[60].exists" }],
      "shared-networks": [{ name: "floor", subnet4: [{ id: 6, subnet: "10.6.0.0/24" }] }],
      subnet4: [
        {
          id: 7,
          subnet: "10.0.0.0/16",
          pools: [{ pool: "10.0.1.0 - 10.0.1.99" }],
          "option-data": [{ name: "domain-name-servers", data: "10.0.0.53" }],
          reservations: [{ "hw-address": "02:00:00:00:00:99", "ip-address": "10.0.9.9", hostname: "printer" }],
        },
      ],
      "control-sockets": [{ "socket-type": "http", authentication: { type: "basic", clients: LOGINS } }],
      "user-context": { kotare: { services: { dhcp6: socket6, d2: socketOfNames } } },
    };
    databases = await postgresql.start?.();
    await databases?.create("config");
    const control = { "config-databases": [databases?.settings("config")], "config-fetch-wait-time": 0 };
    const config6 = {
      ...(databases !== undefined && { "config-control": control }),
      "hooks-libraries": [LONELY_PAIR],
      "hosts-databases": [{ type: "file", name: "hosts" }],
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
    await browser.look(1200, 800, "light");
  });
  afterAll(async () => {
    await browser[Symbol.asyncDispose]();
    await lab[Symbol.asyncDispose]();
    await databases?.stop();
  });

  async function logIn(user: string, password: string): Promise<void> {
    await browser.type("Name", user);
    await browser.type("Password", password);
    await browser.press("Enter");
  }

  async function leave(user: string): Promise<void> {
    await browser.click(`Log out ${user}`);
    await browser.see("Log in");
  }

  /** Of the client's next ACK. */
  async function nameServers(): Promise<string | undefined> {
    using probe = await Probe4.open(client, "eth0");
    return optionOf(await getServed(probe, client.mac("eth0")), 6)?.join(".");
  }

  /** By the side of the page. */
  function command(name: string, args: object, service = "dhcp4"): Promise<unknown> {
    const body = JSON.stringify({ command: name, service: [service], arguments: args });
    const headers = { Authorization: `Basic ${btoa("root:root")}`, "Content-Type": "application/json" };
    return browser.evaluate(`fetch("/", ${JSON.stringify({ method: "POST", headers, body })}).then((a) => a.json())`);
  }

  test("a wrong password is told; the right one leads to all daemons, and stays in no storage", async () => {
    await browser.go(PAGE);
    await browser.see("Log in");
    await logIn("admin", "wrong");
    await browser.see("The name or the password is wrong.");
    await logIn("admin", "s\u00e4cret");
    await browser.see(/dhcp4\s+serving\s+a file/);
    await browser.see(/dhcp6\s+not on all interfaces/);
    await browser.see(/d2\s+serving\s+0/);
    if (databases !== undefined) await browser.see(/dhcp6\s+configuration\s+up\s+PostgreSQL/);
    await browser.see(/dhcp6\s+reservations\s+up\s+file /);
    await browser.see(/dhcp6\s+six\s+partner-down\s+six\s+seven, not heard yet/);
    await browser.see(/eth0\s+up\s+served\s+not served/);
    await browser.keep("overview");
    expect(await browser.evaluate("[document.cookie, localStorage.length, sessionStorage.length]")).toEqual(["", 0, 0]);
    expect(await browser.evaluate("indexedDB.databases()")).toEqual([]);
  });

  test("what happens to leases and packets is told while it happens", async () => {
    await browser.click("Events");
    await browser.see("Nothing has happened since this view was opened");
    await getLease(client, "eth0", () => undefined);
    await browser.see(/given\s+10\.0\.1\.\d+\s+02:00:00:00:00:17\s+subnet 7/);
    using probe = await Probe4.open(client, "eth0");
    probe.send({ mac: "02:00:00:00:00:18", options: [[53, Uint8Array.of(99)]] });
    await browser.see(/dropped\s+02:00:00:00:00:18\s+eth0: the message type/);
    await browser.keep("events");
  });

  test("a lease is found by address, hardware address, name and DUID", async () => {
    await browser.click("Leases");
    await browser.see(/10\.0\.1\.\d+\s+02:00:00:00:00:17/);
    await browser.keep("leases");
    await browser.type("Search", "0200.0000.0017");
    await browser.see("1 IPv4 lease of 02:00:00:00:00:17");
    await browser.type("Search", "10.0");
    await browser.see("Leases from 10.0.0.0 on");
    await browser.see("02:00:00:00:00:17");
    await browser.type("Search", "nobody");
    await browser.see("0 IPv4 leases with nobody in name or client");
    await browser.type("Search", "00:00:17");
    await browser.see("1 IPv4 lease with 00:00:17 in name or client");
    const duid = "00:03:00:01:02:00:00:00:00:66";
    await command("lease6-add", { "ip-address": "2001:db8::66", duid, iaid: 1, "subnet-id": 8 }, "dhcp6");
    await browser.click("IPv6");
    await browser.type("Search", duid);
    await browser.see(/1 IPv6 lease of 00:03:00:01:[\s\S]*2001:db8::66/);
    await browser.click("IPv4");
  });

  test("why a client gets what it gets is shown of its next packets", async () => {
    await browser.type("Search", "02:00:00:00:00:17");
    await browser.see("1 IPv4 lease of 02:00:00:00:00:17");
    await browser.click(String(await browser.evaluate("document.querySelector('tbody button').innerText")));
    await browser.click("Why does the client get that?…");
    await browser.see("None is recorded: press Record");
    await browser.click("Record");
    await browser.see("None has come since the recording began");
    await nameServers();
    await browser.see(/DHCPACK of 10\.0\.1\.\d+ for \d+ s/);
    await browser.click(String(await browser.evaluate("document.querySelector('tbody button').innerText")));
    await browser.see("why: the client has had it");
    await browser.see("6 domain-name-servers 10.0.0.53 <- subnet 10.0.0.0/16");
    await browser.keep("packets");
    await browser.click("Close");
    await browser.click("Stop");
    await browser.click("Leases");
  });

  test("a lease is reserved, the reservation changed and removed, each shown before it is made", async () => {
    await browser.type("Search", "02:00:00:00:00:17");
    await browser.see("1 IPv4 lease of 02:00:00:00:00:17");
    await browser.click(String(await browser.evaluate("document.querySelector('tbody button').innerText")));
    await browser.click("Reserve this lease…");
    await browser.see("New reservation");
    await browser.type("Host name", "notebook");
    await browser.keep("reservation");
    await browser.click("Show the change…");
    await browser.see(/\+ +"hostname": "notebook"/);
    await browser.keep("difference");
    await browser.click("Put into force and write to the file");
    await browser.see("It is in force, and lasts.");
    await browser.see(/02:00:00:00:00:17\s+10\.0\.1\.\d+\s+notebook\s+10\.0\.0\.0\/16/);
    expect(readFileSync(server.configFile, "utf8")).toMatch(/"hostname": "notebook"/);
    await browser.keep("reservations");

    await browser.type("Search", "notebook");
    await browser.see("1 reservation in");
    await browser.click("Change…");
    await browser.type("Address", "10.0.1.999");
    await browser.click("Show the change…");
    await browser.see(/Dhcp4\.subnet4\[0\]\.reservations\[1\]\.ip-address: "10\.0\.1\.999" is not/m);
    await browser.type("Address", "10.0.9.17");
    await browser.click("Show the change…");
    await browser.see(/\+ +"ip-address": "10\.0\.9\.17"/);
    await browser.click("Put into force until the next start");
    await browser.see("It is in force until the next start");
    await browser.see(/10\.0\.9\.17\s+notebook/);
    await browser.click("Remove…");
    await browser.see(/- +"hostname": "notebook"/);
    await browser.click("Put into force until the next start");
    await browser.see("0 reservations");
  });

  test("pages through all leases", async () => {
    const lease = (i: number) => ({ "ip-address": `10.0.2.${i}`, "hw-address": `02:00:00:00:02:${i + 10}` });
    for (let i = 0; i < 60; i++) await command("lease4-add", lease(i));
    await browser.click("Leases");
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

  test("subnets, classes and names are there", async () => {
    await browser.click("Subnets");
    await browser.see(/10\.0\.0\.0\/16\s+7\s+61 %\s+61\s+0\s+100/);
    await browser.until(DRAWN, "a line of what is leased over time");
    await browser.click("10.0.0.0/16");
    await browser.see(/10\.0\.1\.0\s*-\s*10\.0\.1\.99\s+61 %\s+61\s+0\s+100/);
    await browser.keep("subnets");
    await browser.type("Search", "floor");
    await browser.see(/10\.6\.0\.0\/24\s+6\s+floor\s/);
    await browser.click("Classes");
    await browser.see(/phones\s+option\[60\]\.exists/);
    await browser.click("Names");
    await browser.see(/0 requests waiting for the DNS\.[\s\S]*ncr-received\s+0/);
  });

  test("a subnet is added and removed, each shown before it is made", async () => {
    await browser.click("Subnets");
    await browser.click("Add…");
    await browser.see("New subnet");
    await browser.type("Prefix", "10.99.0.0/24");
    await browser.type("Pools", "10.99.0.10 - 10.99.0.20, 10.9.0.32/28");
    await browser.click("Show the change…");
    await browser.see(/pools\[1\]\.pool: "10\.9\.0\.32\/28" is not inside the subnet 10\.99\.0\.0\/24/);
    await browser.type("Pools", "10.99.0.10 - 10.99.0.20");
    await browser.keep("subnet");
    await browser.click("Show the change…");
    await browser.see(/\+ +"subnet": "10\.99\.0\.0\/24"/);
    await browser.click("Put into force and write to the file");
    await browser.see("It is in force, and lasts.");
    expect(readFileSync(server.configFile, "utf8")).toMatch(/"subnet": "10\.99\.0\.0\/24"/);
    await browser.see(/10\.99\.0\.0\/24\s+8\s+0 %\s+0\s+0\s+11/);
    await browser.click("10.99.0.0/24");
    await browser.click("Remove 10.99.0.0/24…");
    await browser.see(/- +"subnet": "10\.99\.0\.0\/24"/);
    await browser.click("Put into force and write to the file");
    await browser.see("It is in force, and lasts.");
    await browser.until("!document.body.innerText.includes('10.99.0.0')", "no such subnet any more");
  });

  test.skipIf(postgresql.start === undefined)("a subnet of a database is added, changed and removed", async () => {
    const rows = () => databases!.query("config", "SELECT subnet_prefix, valid_lifetime FROM dhcp6_subnet");
    await browser.click("IPv6");
    await browser.see("2001:db8::/64");
    await browser.click("Add…");
    await browser.see("In the database of configuration, for all servers");
    await browser.type("Prefix", "2001:db8:99::/64");
    await browser.type("Pools", "2001:db8:99::/80");
    await browser.click("Show the change…");
    await browser.see(/\+ +"subnet": "2001:db8:99::\/64"/);
    await browser.click("Put into force");
    await browser.see(/2001:db8:99::\/64\s+9\s/);
    for (const each of ["2001:db8:99::/64", "Change 2001:db8:99::/64…"]) await browser.click(each);
    await browser.type("What it says", '{ "id": 9, "subnet": "2001:db8:99::/64", "valid-lifetime": 1234 }');
    await browser.click("Show the change…");
    await browser.see(/\+ +.*"valid-lifetime": 1234/);
    await browser.click("Put into force");
    await browser.until("document.querySelector('dialog') === null", "no dialog any more");
    expect(await rows()).toMatchObject([{ subnet_prefix: "2001:db8:99::/64", valid_lifetime: "1234" }]);
    for (const each of ["2001:db8:99::/64", "Remove 2001:db8:99::/64…"]) await browser.click(each);
    await browser.click("Put into force");
    await browser.until("!document.body.innerText.includes('2001:db8:99')", "no such subnet any more");
    expect(await rows()).toEqual([]);
  });

  test("the editor proposes what may be written, and shows the places of all faults", async () => {
    await browser.click("Configuration");
    await browser.edit('"id": 7,', '"id": 7,\n"us');
    await browser.seeInEditor("Data of the operator's own");
    await browser.keep("completion");
    await browser.choose("user-context");
    await browser.insert('"floor": 1');
    await browser.seeInEditor('"user-context": { "floor": 1 }');
    await browser.click("Undo all");
    await browser.edit('"ip-address": "10.0.9.9"', '"ip-address": "10.0.9.999"');
    await browser.edit('"data": "10.0.0.53"', '"data": "10.0.0.530"');
    await browser.click("Apply…");
    await browser.see(/line \d+, column \d+: Dhcp4\.subnet4\[0\]\.option-data\[0\]\.data/);
    await browser.see(
      /line \d+, column \d+: Dhcp4\.subnet4\[0\]\.reservations\[0\]\.ip-address: "10\.0\.9\.999" is not/,
    );
    await browser.keep("faults");
    await browser.evaluate("[...document.querySelectorAll('main li')].at(-1).querySelector('button').click()");
    await browser.insert('"10.0.9.10"');
    await browser.edit('"data": "10.0.0.530"', '"data": "10.0.0.54"');
  });

  test("what is different is shown before it is in force; then it is in the client's next ACK", async () => {
    expect(await nameServers()).toBe("10.0.0.53");
    await browser.click("Apply…");
    await browser.see(/\+ +"data": "10\.0\.0\.54"/);
    await browser.see(/- +"ip-address": "10\.0\.9\.9"/);
    await browser.keep("configuration");
    await browser.click("Put into force until the next start");
    await browser.see("It is not in the file yet.");
    expect(await nameServers()).toBe("10.0.0.54");
    await browser.click("Write to the file");
    await browser.see("This configuration is in force and in the file.");
    expect(readFileSync(server.configFile, "utf8")).toMatch(/"ip-address": "10\.0\.9\.10"/);
  });

  test("who may only read is told what he may not, and sees no password", async () => {
    await leave("admin");
    await logIn("guest", "guest");
    await browser.edit('"user": "guest"', '"user": "guest"');
    await browser.seeInEditor('"password": "*****"');
    await browser.edit('"data": "10.0.0.54"', '"data": "10.0.0.55"');
    await browser.click("Apply…");
    await browser.click("Put into force until the next start");
    await browser.see("guest may not use 'config-set'. Whoever runs this daemon can allow it.");
    await browser.keep("refused");
    await browser.press("Escape");
    await browser.click("Undo all");
    await browser.click("Write to the file");
    await browser.see("guest may not use 'config-write'. Whoever runs this daemon can allow it.");
  });

  test("who may see leases only sees them, and is told of the rest what he may not", async () => {
    await leave("guest");
    await logIn("desk", "desk");
    await browser.click("Overview");
    await browser.see(/dhcp4\s+not told\s+desk may not use 'status-get'/);
    await browser.click("Leases");
    await browser.see(/10\.0\.1\.\d+\s+02:00:00:00:00:17/);
    await browser.click("Classes");
    await browser.see("desk may not use 'config-get'");
    await leave("desk");
  });

  test("the keyboard suffices, and each view can be read on a telephone, dark or light", async () => {
    await logIn("admin", "s\u00e4cret");
    await browser.tabTo("Leases");
    await browser.press("Enter");
    await browser.see("10.0.2.0");
    await browser.tabTo("10.0.2.0");
    await browser.press("Enter");
    await browser.tabTo("Reserve this lease…");
    await browser.press("Enter");
    await browser.see("New reservation");
    await browser.press("Escape");
    const views = ["Overview", "Subnets", "Leases", "Events", "Reservations", "Classes", "Configuration", "Names"];
    for (const view of views) {
      const scheme = views.indexOf(view) % 2 === 0 ? "dark" : "light";
      await browser.look(400, 800, scheme);
      await browser.click(view);
      await browser.until(`document.querySelector("h2")?.innerText === "${view}"`, `the view ${view}`);
      if (view !== "Events") await browser.until("document.querySelector('tbody tr, .editor')", "what it shows");
      expect(await browser.evaluate("document.documentElement.scrollWidth"), view).toBeLessThanOrEqual(400);
      expect(await browser.evaluate(CONTRASTS), scheme).toSatisfy((all: number[]) => all.every((each) => each >= 4.5));
      if (view === "Overview" || view === "Leases") await browser.keep(`${view.toLowerCase()}-small`);
    }
  });

  test("what a browser loads has less than 150 kB, compressed, with the editor and the keys of a configuration", () => {
    const files = ["", "page.js", "page.css", "page.svg", "page-editor.js", "page-dhcp4d.json"];
    const sizes = files.map((file) => {
      const asked = ["-H", "Accept-Encoding: br", "-o", "/dev/null", "-w", "%{http_code} %{size_download}"];
      const [status, size] = host.run("curl", "-s", ...asked, `${PAGE}${file}`).split(" ");
      expect(status, file).toBe("200");
      return Number(size);
    });
    expect(sizes.reduce((sum, size) => sum + size, 0)).toBeLessThan(150_000);
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
