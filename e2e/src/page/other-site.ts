/** A page of another site, in the browser of somebody who has logged in here: whatever it has the browser send, nothing comes of it. */
import { expect } from "vitest";
import { PAGE } from "./log-in.ts";
import type { PageStage } from "./page-stage.ts";

const PORT = 8089;
/** Another name of the host is another site. */
const SITE = `http://localhost:${PORT}/`;
const SERVE = `require("http").createServer((_, answer) => answer.setHeader("Content-Type", "text/html").end("<title>other</title>"))
  .listen(${PORT}, "127.0.0.1", () => console.log("ready"))`;
const [OWN, BLIND, FORM, ASKED] = ["10.0.3.0", "10.0.3.1", "10.0.3.2", "10.0.3.3"] as const;

/** A command that changes something. */
function add(address: string): string {
  const args = { "ip-address": address, "hw-address": "02:00:00:00:03:01", "user-context": { a: "=" } };
  return JSON.stringify({ command: "lease4-add", arguments: args });
}

function post(url: string, body: string, more: object): string {
  return `fetch("${url}", ${JSON.stringify({ method: "POST", credentials: "include", body, ...more })})`;
}

/** As `fetch` sends none without leave: the body is what its one field is called, an equals sign, and what it has. */
function submit(body: string): string {
  const [name, value] = body.split("=");
  return `new Promise((resolve) => {
    const frame = Object.assign(document.createElement("iframe"), { name: "there" });
    const form = Object.assign(document.createElement("form"), { method: "post", action: "${PAGE}", enctype: "text/plain", target: "there" });
    form.append(Object.assign(document.createElement("input"), ${JSON.stringify({ name, value })}));
    document.body.append(frame, form);
    frame.onload = resolve;
    form.submit();
  })`;
}

export async function sendFromOtherSite(stage: PageStage): Promise<void> {
  const { browser, host } = stage;
  const json = { headers: { "Content-Type": "application/json" } };
  // From now on the browser sends the login by itself.
  await browser.go(PAGE.replace("//", "//root:root@").concat("metrics"));
  await browser.see("kotare_build_info");
  await browser.go(PAGE);
  await browser.see("Log in");
  expect(await browser.evaluate(`${post("/", add(OWN), json)}.then((answer) => answer.json())`)).toMatchObject([
    { result: 0 },
  ]);
  const site = host.start([process.execPath, "-e", SERVE]);
  await site.waitFor(/ready/);
  await browser.go(SITE);
  await browser.until(`document.title === "other"`, "the other site's title");
  const before = browser.requests.length;
  expect(await browser.evaluate(`${post(PAGE, add(BLIND), { mode: "no-cors" })}.then(({ type }) => type)`)).toBe(
    "opaque",
  );
  await browser.evaluate(submit(add(FORM)));
  await expect(browser.evaluate(post(PAGE, add(ASKED), json))).rejects.toThrow("Failed to fetch");
  expect(new Set(browser.requests.slice(before))).toEqual(new Set([PAGE]));
  await site.stop();
  await browser.go(PAGE);
  await browser.see("Log in");
  const results = [OWN, BLIND, FORM, ASKED].map((address) => stage.command("lease4-get", { "ip-address": address }));
  expect(await Promise.all(results)).toMatchObject(
    [{ result: 0 }, { result: 3 }, { result: 3 }, { result: 3 }].map((each) => [each]),
  );
}
