/** The web page of a daemon as its packages have installed it: a client appears, an option is changed, and who may not is refused. */
import { expect } from "vitest";
import type { Bound } from "../clients/client4.ts";
import { Browser, findBrowser } from "../lab/browser.ts";
import type { Host } from "../lab/lab.ts";
import { timeToAppear } from "./appearance.ts";
import { logIn, logOut, PAGE } from "./log-in.ts";

interface Parts {
  readonly host: Host;
  readonly client: Host;
  /** Without options. */
  readonly subnet: { readonly subnet: string };
  /** What a client of the subnet has once it has renewed. */
  readonly renewed: () => Promise<Bound>;
}

export async function playPackagedPage({ host, client, subnet, renewed }: Parts): Promise<void> {
  await using browser = await Browser.open(findBrowser()!, host);
  const change = async (nameServer: string) => {
    const changed = { ...subnet, "option-data": [{ name: "domain-name-servers", data: nameServer }] };
    await browser.click("Subnets");
    for (const each of [subnet.subnet, `Change ${subnet.subnet}…`]) await browser.click(each);
    await browser.type("What it says", JSON.stringify(changed));
    for (const each of ["Show the change…", "Put into force until the next start"]) await browser.click(each);
  };
  await browser.go(PAGE);
  await browser.see("Log in");
  await logIn(browser, "admin", "p");
  await browser.click("Leases");
  await browser.see("IPv4 leases");
  expect(await timeToAppear(browser, client, "02:00:00:00:00:19")).toBeLessThan(10_000);
  await change("10.0.0.55");
  await browser.see("It is in force until the next start");
  expect(await renewed()).toMatchObject({ nameServers: "10.0.0.55" });
  await logOut(browser, "admin");
  await logIn(browser, "viewer", "p");
  await change("10.0.0.66");
  await browser.see("viewer may not use 'subnet4-update'");
  expect(await renewed()).toMatchObject({ nameServers: "10.0.0.55" });
}
