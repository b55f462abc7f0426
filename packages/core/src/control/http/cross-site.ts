/** Whether a page of another site makes a browser send a command: its user is logged in here, and the page is not. */
import type { IncomingHttpHeaders } from "node:http";
import { isIP } from "node:net";

/**
 * Programs send neither header, browsers both or one with every POST.
 * @param isOpen nobody has to log in: then a name in the DNS that leads here may be another site's, too
 */
export function isCrossSite(headers: IncomingHttpHeaders, isOpen: boolean): boolean {
  const { origin, host = "" } = headers;
  const site = headers["sec-fetch-site"];
  if (origin === undefined && site === undefined) return false;
  if (site !== undefined && site !== "same-origin" && site !== "none") return true;
  if (origin !== undefined && hostOf(origin) !== host) return true;
  return isOpen && !isOwnName(host);
}

/** `""` for `null`, which is what pages without an origin have. */
function hostOf(origin: string): string {
  return /^https?:\/\/([^/]+)$/i.exec(origin)?.[1] ?? "";
}

/** What nobody else can give a meaning to. */
function isOwnName(host: string): boolean {
  const name = host.replace(/:\d+$/, "").replace(/^\[(.*)\]$/, "$1");
  return name === "localhost" || isIP(name) !== 0;
}
