/** The web page in a browser: who may log in, and what the daemons' leases and subnets look like. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { getLease } from "../../src/clients/plain-client.ts";
import { type Browser, findBrowser } from "../../src/lab/browser.ts";
import { CONTRASTS } from "../../src/lab/contrasts.ts";
import { CUT_OFF } from "../../src/lab/cut-off.ts";
import { DRAWN } from "../../src/lab/drawn-line.ts";
import { timeToAppear } from "../../src/page/appearance.ts";
import { changeCases } from "../../src/page/change-cases.ts";
import { logIn, logOut, PAGE } from "../../src/page/log-in.ts";
import { searchMillion } from "../../src/page/million-leases.ts";
import { sendFromOtherSite } from "../../src/page/other-site.ts";
import { PageStage } from "../../src/page/page-stage.ts";
import { isThorough } from "../../src/subject/thorough.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const program = findBrowser();

describe.skipIf(program === undefined)("the web page, which needs chromium-headless-shell", () => {
  let stage: PageStage;
  let browser: Browser;

  beforeAll(async () => {
    stage = await PageStage.start(program!);
    ({ browser } = stage);
  });
  afterAll(() => stage[Symbol.asyncDispose]());

  test("a wrong password is told; the right one leads to all daemons, and stays in no storage", async () => {
    await browser.go(PAGE);
    await browser.see("Log in");
    expect(await stage.cutOff()).toEqual([]);
    await logIn(browser, "admin", "wrong");
    await browser.see("The name or the password is wrong.");
    await logIn(browser, "admin", "s\u00e4cret");
    await browser.see(/dhcp4\s+serving\s+a file/);
    await browser.see(/dhcp6\s+not on all interfaces/);
    await browser.see(/d2\s+serving\s+0/);
    if (stage.databases !== undefined) await browser.see(/dhcp6\s+configuration\s+up\s+PostgreSQL/);
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
    await getLease(stage.client, "eth0", () => undefined);
    await browser.see(/given\s+10\.0\.1\.\d+\s+02:00:00:00:00:17\s+subnet 7/);
    using probe = await Probe4.open(stage.client, "eth0");
    probe.send({ mac: "02:00:00:00:00:18", options: [[53, Uint8Array.of(99)]] });
    await browser.see(/dropped\s+02:00:00:00:00:18\s+eth0: the message type/);
    await browser.keep("events");
  });

  test("a lease is found by address, hardware address, name and DUID", async () => {
    await browser.click("Leases");
    await browser.see(/10\.0\.1\.\d+\s+02:00:00:00:00:17/);
    expect(await timeToAppear(browser, stage.client, "02:00:00:00:00:19")).toBeLessThan(10_000);
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
    await stage.command("lease6-add", { "ip-address": "2001:db8::66", duid, iaid: 1, "subnet-id": 8 }, "dhcp6");
    await browser.click("IPv6");
    await browser.type("Search", duid);
    await browser.see(/1 IPv6 lease of 00:03:00:01:[\s\S]*2001:db8::66/);
    await browser.click("IPv4");
  });

  test("why a client gets what it gets is shown of its next packets", async () => {
    await stage.openLease();
    await browser.click("Why does the client get that?…");
    await browser.see("None is recorded: press Record");
    await browser.click("Record");
    await browser.see("None has come since the recording began");
    await stage.nameServers();
    await browser.see(/DHCPACK of 10\.0\.1\.\d+ for \d+ s/);
    await stage.openFirst();
    await browser.see("why: the client has had it");
    await browser.see("6 domain-name-servers 10.0.0.53 <- subnet 10.0.0.0/16");
    await browser.keep("packets");
    expect(await stage.cutOff()).toEqual([]);
    await browser.enter("Close");
    await stage.noDialog();
    await browser.click("Stop");
    await browser.click("Leases");
  });

  test("pages through all leases", async () => {
    const lease = (i: number) => ({ "ip-address": `10.0.2.${i}`, "hw-address": `02:00:00:00:02:${i + 10}` });
    for (let i = 0; i < 60; i++) await stage.command("lease4-add", lease(i));
    await browser.click("Leases");
    await browser.see("10.0.2.47");
    await browser.click("Next page");
    await browser.see("10.0.2.59");
    expect(await browser.evaluate("document.body.innerText")).not.toContain("10.0.2.47");
    await browser.click("Page before");
    await browser.see("10.0.2.0");
    await browser.click("10.0.2.0");
    await browser.see(/Hardware address\s+02:00:00:00:02:10/);
    expect(await stage.cutOff()).toEqual([]);
    await browser.press("Escape");
    await stage.noDialog();
  });

  test("subnets, classes and names are there", async () => {
    await browser.click("Subnets");
    await browser.see(/10\.0\.0\.0\/16\s+7\s+62 %\s+62\s+0\s+100/);
    await browser.until(DRAWN, "a line of what is leased over time");
    await browser.click("10.0.0.0/16");
    await browser.see(/10\.0\.1\.0\s*-\s*10\.0\.1\.99\s+62 %\s+62\s+0\s+100/);
    await browser.keep("subnets");
    await browser.type("Search", "floor");
    await browser.see(/10\.6\.0\.0\/24\s+6\s+floor\s/);
    await browser.click("Classes");
    await browser.see(/phones\s+option\[60\]\.exists/);
    await browser.click("Names");
    await browser.see(/0 requests waiting for the DNS\.[\s\S]*ncr-received\s+0/);
  });

  test("one client, those of a subnet, and those of a class are called, and renew", async () => {
    await stage.untilCalled(async () => {
      await browser.click("Leases");
      await stage.openLease();
      await browser.click("Have the client renew now");
      await browser.see(/FORCERENEW sent to 10\.0\.1\.\d+/);
      await browser.press("Escape");
    });
    await stage.untilCalled(async () => {
      await browser.click("Subnets");
      await browser.click("10.0.0.0/16");
      await browser.click("Have its clients renew now");
      await browser.see("FORCERENEW goes to the clients of subnet 7, 10 a second.");
    });
    await stage.untilCalled(async () => {
      await browser.click("Classes");
      await browser.click("Have them renew now");
      await browser.see("FORCERENEW goes to the clients in class phones, 10 a second.");
    });
  });

  changeCases(() => stage);

  test("who may see leases only sees them, and is told of the rest what he may not", async () => {
    await logOut(browser, "guest");
    await logIn(browser, "desk", "desk");
    await browser.click("Overview");
    await browser.see(/dhcp4\s+not told\s+desk may not use 'status-get'/);
    await browser.click("Leases");
    await browser.see(/10\.0\.1\.\d+\s+02:00:00:00:00:17/);
    await browser.click("Classes");
    await browser.see("desk may not use 'config-get'");
    await logOut(browser, "desk");
  });

  test("the keyboard suffices, and each view can be read on a telephone, dark or light", async () => {
    await logIn(browser, "admin", "s\u00e4cret");
    await browser.enter("Leases");
    await browser.enter("10.0.2.0");
    await browser.enter("Reserve this lease…");
    await browser.see("New reservation");
    await browser.press("Escape");
    const rest = ["Packets", "Reservations", "Classes", "Configuration", "Names"];
    const views = ["Overview", "Subnets", "Leases", "Events", ...rest];
    for (const view of views) {
      const scheme = views.indexOf(view) % 2 === 0 ? "dark" : "light";
      await browser.look(400, 800, scheme);
      await browser.click(view);
      await browser.until(`document.querySelector("h2")?.innerText === "${view}"`, `the view ${view}`);
      if (view !== "Events") await browser.until("document.querySelector('tbody tr, .editor')", "what it shows");
      expect(await browser.evaluate(CUT_OFF), view).toEqual([]);
      expect(await browser.evaluate(CONTRASTS), scheme).toSatisfy((all: number[]) => all.every((each) => each >= 4.5));
      if (view === "Overview" || view === "Leases") await browser.keep(`${view.toLowerCase()}-small`);
    }
  });

  test("what a browser loads has less than 150 kB, compressed, with the editor and the keys of a configuration", () => {
    const files = ["", "page.js", "page.css", "page.svg", "page-editor.js", "page-dhcp4d.json"];
    const sizes = files.map((file) => {
      const asked = ["-H", "Accept-Encoding: br", "-o", "/dev/null", "-w", "%{http_code} %{size_download}"];
      const [status, size] = stage.host.run("curl", "-s", ...asked, `${PAGE}${file}`).split(" ");
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

  test("a page of another site sends no commands, whatever login the browser keeps", () => sendFromOtherSite(stage));

  if (isThorough) test("a million leases are searched as one types, while packets are served", searchMillion, 600_000);
});
