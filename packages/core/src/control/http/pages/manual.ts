/** The manual, where its package is installed: its files as they are, given to any browser before anybody has logged in. */
import { constants } from "node:fs";
import { type FileHandle, open } from "node:fs/promises";
import { extname, join } from "node:path";
import { SLICE } from "../../channel/slices.ts";
import { type Page, type PageAnswer, type Pages, SHOWN_HEADERS } from "./page.ts";

/** No name begins with a dot, so that no path leads out of the folder. */
const PATH = /^\/manual\/((?:\w[\w.-]*\/)*)(\w[\w.-]*)?$/;

const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".txt": "text/plain; charset=utf-8",
  ".pdf": "application/pdf",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webp": "image/webp",
  ".ttf": "font/ttf",
  ".woff": "font/woff",
  ".woff2": "font/woff2",
};

/** It loads what stands beside it, and runs no script that stands in a page. It may frame its own table of contents. */
const POLICY = [
  "default-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'self'",
].join("; ");

const HEADERS = { ...SHOWN_HEADERS, "Content-Security-Policy": POLICY };

/** @param folder of the manual: whether it is there is seen when somebody asks */
export function withManual(pages: Pages, folder: string): Pages {
  return { get: (path) => pages.get(path) ?? manualPage(path, folder) };
}

function manualPage(path: string, folder: string): Page | undefined {
  const [, inside, name = "index.html"] = PATH.exec(path) ?? [];
  if (inside === undefined) return undefined;
  return {
    access: undefined,
    answer: ({ headers }) => answer(join(folder, inside, name), headers["if-none-match"]),
  };
}

async function answer(path: string, known: string | undefined): Promise<PageAnswer | undefined> {
  const file = await openThere(path);
  if (file === undefined) return undefined;
  const stat = await file.stat();
  const etag = `"${stat.size}-${stat.mtimeMs}"`;
  const type = TYPES[extname(path)] ?? "application/octet-stream";
  const isAsked = stat.isFile() && known?.includes(etag) !== true;
  if (!isAsked) await file.close();
  if (!stat.isFile()) return undefined;
  return { headers: { ...HEADERS, "Content-Type": type, ETag: etag }, pieces: isAsked ? read(file) : undefined };
}

async function openThere(path: string): Promise<FileHandle | undefined> {
  try {
    return await open(path, constants.O_RDONLY | constants.O_NONBLOCK);
  } catch {
    return undefined;
  }
}

async function* read(file: FileHandle): AsyncGenerator<string> {
  try {
    const buffer = Buffer.alloc(SLICE);
    for (;;) {
      const { bytesRead } = await file.read(buffer, 0, SLICE);
      if (bytesRead === 0) return;
      yield buffer.toString("latin1", 0, bytesRead);
    }
  } finally {
    await file.close();
  }
}
