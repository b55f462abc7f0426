// Asks an HTTP service which options a client gets: GET URL/1a:1b:1c:1d:1e:1f answers {"67": "boot.efi"}, or 404 for none.
import { defineExtension } from "@kotare/extension";

export default defineExtension({
  name: "http-options",
  parameters: ({ z }) =>
    z.strictObject({ url: z.string().describe("Of the service; the client's MAC address is put behind it.") }),

  start({ parameters: { url }, log }) {
    async function optionsOf(mac) {
      try {
        const response = await fetch(`${url}/${mac}`, { signal: AbortSignal.timeout(3000) });
        if (response.ok) return Object.entries(await response.json());
        if (response.status !== 404) log.warn(`${url} answers ${response.status} about ${mac}`);
      } catch (error) {
        log.warn(`${url} says nothing about ${mac}: ${error.message}`);
      }
      // Better served without these options than not at all.
      return [];
    }
    return {
      facts: {
        isSlow: true,
        load: async (macs) => new Map(await Promise.all(macs.map(async (mac) => [mac, await optionsOf(mac)]))),
      },
      shape({ mac }, _, ask) {
        const options = ask(mac) ?? [];
        return {
          options: options.map(([code, text]) => ({ kind: "supersede", code: Number(code), data: Buffer.from(text) })),
        };
      },
    };
  },
});
