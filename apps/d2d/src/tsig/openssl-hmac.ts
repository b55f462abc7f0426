/** OpenSSL, as Node.js brings it: the usual back-end, and ten times as fast as the other. */
import { createHmac } from "node:crypto";
import type { HmacBackEnd } from "./hmac.ts";

export const opensslHmac: HmacBackEnd = {
  hmac(algorithm, secret, parts) {
    const hmac = createHmac(algorithm.slice("HMAC-".length).toLowerCase(), secret);
    for (const part of parts) hmac.update(part);
    return hmac.digest();
  },
};
