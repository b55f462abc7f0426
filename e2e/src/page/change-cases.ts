/** What the web page changes: reservations, subnets and the configuration, each shown before it is made. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { logIn, logOut } from "./log-in.ts";
import { hasDatabase, type PageStage } from "./page-stage.ts";

/** @param stage of which they are a part: who may all is logged in, and at last one who may only read */
export function changeCases(stage: () => PageStage): void {
  test("a lease is reserved, the reservation changed and removed, each shown before it is made", async () => {
    const { browser } = stage();
    await browser.click("Leases");
    await stage().openLease();
    await browser.click("Reserve this lease…");
    await browser.see("New reservation");
    await browser.type("Host name", "notebook");
    await browser.keep("reservation");
    expect(await stage().cutOff()).toEqual([]);
    await browser.click("Show the change…");
    await browser.see(/\+ +"hostname": "notebook"/);
    await browser.keep("difference");
    expect(await stage().cutOff()).toEqual([]);
    await browser.click("Put into force and write to the file");
    await browser.see("It is in force, and lasts.");
    await browser.see(/02:00:00:00:00:17\s+10\.0\.1\.\d+\s+notebook\s+10\.0\.0\.0\/16/);
    expect(readFileSync(stage().server.configFile, "utf8")).toMatch(/"hostname": "notebook"/);
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

  test("a subnet is added and removed, each shown before it is made", async () => {
    const { browser } = stage();
    await browser.enter("Subnets");
    await browser.enter("Add…");
    await browser.press("Escape");
    await stage().noDialog();
    await browser.enter("Add…");
    await browser.enter("Cancel");
    expect(await browser.focused()).toBe("Add…");
    await browser.press("Enter");
    await browser.see("New subnet");
    await browser.tabTo("Prefix");
    await browser.insert("10.99.0.0/24");
    await browser.tabTo("Pools");
    await browser.insert("10.99.0.10 - 10.99.0.20, 10.9.0.32/28");
    await browser.enter("Show the change…");
    await browser.see(/pools\[1\]\.pool: "10\.9\.0\.32\/28" is not inside the subnet 10\.99\.0\.0\/24/);
    await browser.tabTo("Pools");
    await browser.insert("10.99.0.10 - 10.99.0.20");
    await browser.keep("subnet");
    expect(await stage().cutOff()).toEqual([]);
    await browser.enter("Show the change…");
    await browser.see(/\+ +"subnet": "10\.99\.0\.0\/24"/);
    await browser.enter("Put into force and write to the file");
    await browser.see("It is in force, and lasts.");
    expect(readFileSync(stage().server.configFile, "utf8")).toMatch(/"subnet": "10\.99\.0\.0\/24"/);
    await browser.see(/10\.99\.0\.0\/24\s+8\s+0 %\s+0\s+0\s+11/);
    await browser.enter("10.99.0.0/24");
    await browser.enter("Remove 10.99.0.0/24…");
    await browser.see(/- +"subnet": "10\.99\.0\.0\/24"/);
    await browser.enter("Put into force and write to the file");
    await browser.see("It is in force, and lasts.");
    await browser.until("!document.body.innerText.includes('10.99.0.0')", "no such subnet any more");
  });

  test.skipIf(!hasDatabase)("a subnet of a database is added, changed and removed", async () => {
    const { browser } = stage();
    const rows = () => stage().databases!.query("config", "SELECT subnet_prefix, valid_lifetime FROM dhcp6_subnet");
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
    await browser.see("What it says");
    expect(await stage().cutOff()).toEqual([]);
    await browser.type("What it says", '{ "id": 9, "subnet": "2001:db8:99::/64", "valid-lifetime": 1234 }');
    await browser.click("Show the change…");
    await browser.see(/\+ +.*"valid-lifetime": 1234/);
    await browser.click("Put into force");
    await stage().noDialog();
    expect(await rows()).toMatchObject([{ subnet_prefix: "2001:db8:99::/64", valid_lifetime: "1234" }]);
    for (const each of ["2001:db8:99::/64", "Remove 2001:db8:99::/64…"]) await browser.click(each);
    await browser.click("Put into force");
    await browser.until("!document.body.innerText.includes('2001:db8:99')", "no such subnet any more");
    expect(await rows()).toEqual([]);
  });

  test("the editor proposes what may be written, and shows the places of all faults", async () => {
    const { browser } = stage();
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
    await browser.enter("Apply…");
    await browser.see(/line \d+, column \d+: Dhcp4\.subnet4\[0\]\.option-data\[0\]\.data/);
    await browser.see(
      /line \d+, column \d+: Dhcp4\.subnet4\[0\]\.reservations\[0\]\.ip-address: "10\.0\.9\.999" is not/,
    );
    await browser.keep("faults");
    expect(await stage().cutOff()).toEqual([]);
    await browser.tabTo("Configuration");
    expect(await browser.evaluate("document.activeElement.matches('.editor')")).toBe(true);
    await browser.evaluate("[...document.querySelectorAll('main li')].at(-1).querySelector('button').click()");
    await browser.insert('"10.0.9.10"');
    await browser.edit('"data": "10.0.0.530"', '"data": "10.0.0.54"');
  });

  test("what is different is shown before it is in force; then it is in the client's next ACK", async () => {
    const { browser } = stage();
    expect(await stage().nameServers()).toBe("10.0.0.53");
    await browser.click("Apply…");
    await browser.see(/\+ +"data": "10\.0\.0\.54"/);
    await browser.see(/- +"ip-address": "10\.0\.9\.9"/);
    await browser.keep("configuration");
    await browser.click("Put into force until the next start");
    await browser.see("It is not in the file yet.");
    expect(await stage().nameServers()).toBe("10.0.0.54");
    await browser.click("Write to the file");
    await browser.see("This configuration is in force and in the file.");
    expect(readFileSync(stage().server.configFile, "utf8")).toMatch(/"ip-address": "10\.0\.9\.10"/);
  });

  test("who may only read is told what he may not, and sees no password", async () => {
    const { browser } = stage();
    await logOut(browser, "admin");
    await logIn(browser, "guest", "guest");
    await browser.edit('"user": "guest"', '"user": "guest"');
    await browser.seeInEditor('"password": "*****"');
    await browser.edit('"data": "10.0.0.54"', '"data": "10.0.0.55"');
    await browser.click("Apply…");
    await browser.click("Put into force until the next start");
    await browser.see("guest may not use 'config-set'. Whoever runs this daemon can allow it.");
    await browser.keep("refused");
    expect(await stage().cutOff()).toEqual([]);
    await browser.press("Escape");
    await browser.click("Undo all");
    await browser.click("Write to the file");
    await browser.see("guest may not use 'config-write'. Whoever runs this daemon can allow it.");
  });
}
