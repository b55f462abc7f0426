/** The page for people: a few files, read once and given from memory to any browser, before anybody has logged in. */
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { promisify } from "node:util";
import { brotliCompress, gzip } from "node:zlib";
import { slicesOf } from "../../channel/slices.ts";
import { type Page, SHOWN_HEADERS } from "./page.ts";

/** Of each file: its path and its type. */
const FILES = [
  ["/", "page.html", "text/html; charset=utf-8"],
  ["/page.js", "page.js", "text/javascript; charset=utf-8"],
  ["/page.css", "page.css", "text/css; charset=utf-8"],
  ["/page.svg", "page.svg", "image/svg+xml"],
  // Loaded when somebody edits a configuration: the editor, and the keys that there are.
  ["/page-editor.js", "page-editor.js", "text/javascript; charset=utf-8"],
  ["/page-dhcp4d.json", "page-dhcp4d.json", "application/json"],
  ["/page-dhcp6d.json", "page-dhcp6d.json", "application/json"],
  ["/page-d2d.json", "page-d2d.json", "application/json"],
] as const;

/** The best first. Browsers want the first over TLS only. */
const ENCODINGS = [
  ["br", promisify(brotliCompress) as Pack],
  ["gzip", promisify(gzip) as Pack],
] as const;
type Pack = (bytes: Buffer) => Promise<Buffer>;

/** The page may load these files and ask the daemon that it comes from; nothing else, and nobody may frame it. */
const POLICY = [
  "default-src 'none'",
  ...["script-src", "style-src", "img-src", "connect-src"].map((kind) => `${kind} 'self'`),
  ...["base-uri", "form-action", "frame-ancestors"].map((kind) => `${kind} 'none'`),
].join("; ");

const HEADERS = { ...SHOWN_HEADERS, "Content-Security-Policy": POLICY, Vary: "Accept-Encoding" };

/** @param beside a script of the daemon: the build puts the page into its folder @returns by path; none where it was not built */
export function loadWebPage(beside: URL): [path: string, page: Page][] {
  return FILES.flatMap(([path, name, type]) => {
    const file = new URL(name, beside);
    return existsSync(file) ? [[path, pageOf(readFileSync(file), type)]] : [];
  });
}

function pageOf(bytes: Buffer, type: string): Page {
  const etag = `"${createHash("sha256").update(bytes).digest("base64url")}"`;
  const headers = { ...HEADERS, "Content-Type": type, ETag: etag };
  const plain = bytes.toString("latin1");
  const packed = new Map<string, Promise<string>>();
  return {
    access: undefined,
    async answer({ headers: asked }) {
      if (asked["if-none-match"]?.includes(etag) === true) return { headers, pieces: undefined };
      const accepted = String(asked["accept-encoding"] ?? "")
        .split(",")
        .map((each) => each.split(";")[0]!.trim());
      const encoding = ENCODINGS.find(([name]) => accepted.includes(name));
      if (encoding === undefined) return { headers, pieces: slicesOf([plain]) };
      const [name, pack] = encoding;
      // In a thread of Node's own, when somebody wants it.
      const packing = packed.get(name) ?? pack(bytes).then((result) => result.toString("latin1"));
      packed.set(name, packing);
      return { headers: { ...headers, "Content-Encoding": name }, pieces: slicesOf([await packing]) };
    },
  };
}
