/** The manual: made whole, with links that lead somewhere, and read in a browser. */
import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Browser, findBrowser } from "../../src/lab/browser.ts";
import { Lab, run } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { privateFolders } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";

const PAGE = "http://127.0.0.1:8000/";
const program = findBrowser();
const lacking = ["mdbook", "lynx"].filter((name) => findProgram(name) === undefined);

describe.skipIf(program === undefined || lacking.length > 0)(
  `the manual, which needs mdbook, lynx and a browser`,
  () => {
    let lab: Lab;
    let folder: string;

    beforeAll(() => {
      lab = new Lab();
      folder = join(lab.folder, "book");
      run(join(top, "deploy/bin/book"), folder);
    });
    afterAll(() => lab[Symbol.asyncDispose]());

    const read = (file: string) => readFileSync(join(folder, file), "utf8");

    test("all of its links lead somewhere", () => {
      const pages = readdirSync(join(folder, "html"), { recursive: true, encoding: "utf8" }).filter(
        // What is all pages in one has their links once more.
        (name) => name.endsWith(".html") && !["print.html", "toc.html"].includes(name),
      );
      expect(pages.length).toBeGreaterThan(250);
      const dead = pages.flatMap((page) => deadLinks(join(folder, "html"), page));
      expect(dead).toEqual([]);
    });

    test("keys, messages, commands and examples are in it, as text too", () => {
      const text = read("kotare.txt");
      for (const words of [
        "cache-threshold",
        "DHCP4_PACKET_DROP_0001",
        "HA_STATE_TRANSITION",
        "packet-explain",
        "pxe4.conf",
      ]) {
        expect(text).toContain(words);
      }
      expect(read("html/messages/DHCP4_LEASE_COMMIT_FAILED.html")).toContain("Severity: ERROR");
      expect(read("html/keys-dhcp6d.html")).toContain("delegated-len");
    });

    test("a daemon serves it where it is installed: its page leads there, the search finds a key, a telephone is enough", async () => {
      const host = lab.host("reader");
      const config = join(lab.folder, "reader.conf");
      writeFileSync(config, JSON.stringify({ Dhcp4: { "control-sockets": [{ "socket-type": "http" }] } }));
      const env = { ...privateFolders(lab.folder), KOTARE_MANUAL_DIR: join(folder, "html") };
      // Nobody has to log in.
      const daemon = host.start([join(top, "apps/dhcp4d/bin/dhcp4d"), "-X", "-c", config], { env });
      await daemon.waitFor(/DHCP4_STARTED/);
      await using browser = await Browser.open(program!, host);
      await browser.look(400, 800, "light");
      await browser.go(PAGE);
      await browser.see("Manual");
      const manual = await browser.evaluate("[...document.links].find((link) => link.textContent === 'Manual').href");
      expect(manual).toBe(`${PAGE}manual/`);
      await browser.go(`${manual}control-channels.html?search=echo-client-id`);
      await browser.see("Keys of dhcp4d");
      // All chapters in one page.
      await browser.go(`${manual}print.html`);
      await browser.until("document.readyState === 'complete'", "its end");
      expect(await browser.evaluate("document.documentElement.scrollWidth <= innerWidth")).toBe(true);
      // Others have blocks of code in them, or pictures.
      const share = "wide.filter((table) => table.scrollWidth <= table.clientWidth).length / wide.length";
      expect(
        await browser.evaluate(
          `{ const wide = [...document.querySelectorAll("table")].map((table) => table.parentElement); ${share} }`,
        ),
      ).toBeGreaterThan(0.9);
    });
  },
);

/** Of one page. */
function deadLinks(folder: string, page: string): string[] {
  const html = readFileSync(join(folder, page), "utf8");
  const targets = [...html.matchAll(/(?:href|src)="([^"]+)"/g)].map(([, target]) => target!);
  return targets.flatMap((target) => {
    if (/^(?:[a-z]+:|\/\/)/.test(target)) return [];
    const [file = "", anchor] = target.replaceAll("&amp;", "&").split("#");
    const path = file === "" ? join(folder, page) : join(folder, dirname(page), file);
    if (!existsSync(path)) return [`${page}: ${target}`];
    const isThere = anchor === undefined || anchor === "" || readFileSync(path, "utf8").includes(`id="${anchor}"`);
    return isThere ? [] : [`${page}: ${target}`];
  });
}
