/** How long after its ACK a client is in the page. */
import type { Browser } from "../lab/browser.ts";
import type { Host } from "../lab/lab.ts";
import { getServed } from "../wire/dora.ts";
import { Probe4 } from "../wire/probe4.ts";

/** For the page to evaluate: when it shows the client, in Unix milliseconds. */
const appearanceOf = (client: string) => `new Promise((resolve) => {
  new MutationObserver((_, observer) => {
    if (!document.body.innerText.includes("${client}")) return;
    observer.disconnect();
    resolve(Date.now());
  }).observe(document.body, { childList: true, characterData: true, subtree: true });
})`;

/** @param browser whose page shows all leases @param mac nobody's yet @returns milliseconds, which it prints, too */
export async function timeToAppear(browser: Browser, host: Host, mac: string): Promise<number> {
  const appears = browser.evaluate(appearanceOf(mac));
  using probe = await Probe4.open(host, "eth0");
  await getServed(probe, mac);
  const acknowledged = Date.now();
  const took = Number(await appears) - acknowledged;
  console.log(`a client is in the page ${took} ms after its ACK`);
  return took;
}
