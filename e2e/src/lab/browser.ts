/** Debian's Chromium without a window, driven as its developer tools drive it: over two pipes, with JSON. */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { Readable, Writable } from "node:stream";
import type { Host } from "./lab.ts";
import { delay, findProgram } from "./program.ts";

const FLAGS = ["--remote-debugging-pipe", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "about:blank"];
const PATIENCE = 20_000;
/** More than a view has places for the keyboard. */
const MOST_TABS = 100;
/** What the page's editor is in. */
const EDITOR = `document.querySelector(".editor")?.shadowRoot?.querySelector(".cm-editor")`;
/** What the next key goes to. */
const FOCUSED = `(() => {
  const place = document.activeElement;
  const drawn = place.shadowRoot?.querySelector(".cm-editor") ?? place;
  return {
    name: place.shadowRoot?.activeElement?.ariaLabel ?? (place.labels?.[0] ?? place).innerText.trim(),
    isSeen: place === document.body || getComputedStyle(drawn).outlineStyle !== "none",
  };
})()`;

/** `undefined` where it cannot be had. */
export function findBrowser(): string | undefined {
  const script = findProgram("chromium-headless-shell");
  // The script names a place that is right only where the package is installed.
  return script && join(dirname(script), "../lib/chromium/chromium-headless-shell");
}

interface Message {
  readonly id?: number;
  readonly method?: string;
  readonly params?: Record<string, unknown>;
  readonly result?: Record<string, unknown>;
  readonly error?: { readonly message: string };
}

export class Browser implements AsyncDisposable {
  /** What the page has complained about: errors, and breaches of its content-security policy. */
  readonly complaints: string[] = [];
  /** Addresses of all that it has asked for. */
  readonly requests: string[] = [];
  readonly #child: ChildProcess;
  readonly #folder: string;
  readonly #waiting = new Map<number, (message: Message) => void>();
  #last = 0;
  #session: string | undefined;

  private constructor(child: ChildProcess, folder: string) {
    this.#child = child;
    this.#folder = folder;
    let text = "";
    const output = child.stdio[4] as Readable;
    output.setEncoding("utf8").on("data", (piece: string) => {
      const messages = `${text}${piece}`.split("\0");
      text = messages.pop()!;
      for (const message of messages) this.#take(JSON.parse(message) as Message);
    });
  }

  /** @param program by `findBrowser` */
  static async open(program: string, host: Host): Promise<Browser> {
    const folder = mkdtempSync(join(tmpdir(), "kotare-browser-"));
    const libraries = process.env["LD_LIBRARY_PATH"] ?? "";
    const all = libraries.split(":").flatMap((path) => [path, join(path, "pulseaudio")]);
    const child = spawn("ip", ["netns", "exec", host.name, program, `--user-data-dir=${folder}`, ...FLAGS], {
      env: { ...process.env, HOME: folder, LD_LIBRARY_PATH: all.join(":") },
      stdio: ["ignore", "ignore", "ignore", "pipe", "pipe"],
      detached: true,
    });
    const browser = new Browser(child, folder);
    const { targetInfos } = await browser.#call("Target.getTargets");
    const target = (targetInfos as { type: string; targetId: string }[]).find(({ type }) => type === "page");
    const { sessionId } = await browser.#call("Target.attachToTarget", { targetId: target?.targetId, flatten: true });
    browser.#session = sessionId as string;
    for (const domain of ["Page", "Runtime", "Log", "Network"]) await browser.#call(`${domain}.enable`);
    return browser;
  }

  async go(url: string): Promise<void> {
    await this.#call("Page.navigate", { url });
  }

  /** The size of the window, and whether its user likes it dark. */
  async look(width: number, height: number, scheme: "dark" | "light"): Promise<void> {
    await this.#call("Emulation.setDeviceMetricsOverride", { width, height, deviceScaleFactor: 1, mobile: false });
    const features = [{ name: "prefers-color-scheme", value: scheme }];
    await this.#call("Emulation.setEmulatedMedia", { features });
  }

  /** @param expression of JavaScript; a promise is waited for @throws what it throws */
  async evaluate(expression: string): Promise<unknown> {
    const answer = await this.#call("Runtime.evaluate", { expression, awaitPromise: true, returnByValue: true });
    const { result, exceptionDetails } = answer as { result: { value?: unknown }; exceptionDetails?: unknown };
    if (exceptionDetails !== undefined) throw new Error(JSON.stringify(exceptionDetails));
    return result.value;
  }

  /** Until an expression is true. @param what it says, in words */
  async until(expression: string, what: string): Promise<void> {
    const end = performance.now() + PATIENCE;
    while (!(await this.evaluate(`!!(${expression})`))) {
      if (performance.now() > end) {
        const text = await this.evaluate("document.body.innerText");
        throw new Error(`the page does not have ${what}:\n${text}\n${this.complaints.join("\n")}`);
      }
      await delay(20);
    }
  }

  /** Until the page shows this text. */
  see(text: string | RegExp): Promise<void> {
    const pattern = typeof text === "string" ? text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&") : text.source;
    return this.until(`new RegExp(${JSON.stringify(pattern)}).test(document.body?.innerText)`, `the text ${text}`);
  }

  /** Types over what is in a field. @param label how the page names it */
  async type(label: string, text: string): Promise<void> {
    await this.#find("label", label);
    await this.evaluate("found.control.focus(); found.control.select()");
    if (text === "") await this.press("Delete");
    else await this.#call("Input.insertText", { text });
  }

  /** Types over a piece of the text in the page's editor, once it is there, as one who looks for it. */
  async edit(before: string, after: string): Promise<void> {
    await this.until(EDITOR, "an editor");
    await this.type("Find", before);
    await this.press("Enter");
    await this.until(`document.activeElement?.shadowRoot?.activeElement?.isContentEditable`, before);
    await this.insert(after);
  }

  /** Types where the cursor is, over what is selected. */
  async insert(text: string): Promise<void> {
    await this.#call("Input.insertText", { text });
  }

  /** Until the page's editor shows this text, in a list that it opens, too. */
  seeInEditor(text: string): Promise<void> {
    return this.until(`${EDITOR}?.innerText.includes(${JSON.stringify(text)})`, `in its editor ${text}`);
  }

  /** Clicks one of the proposals in a list of the editor. */
  async choose(proposal: string): Promise<void> {
    const all = `[...${EDITOR}.querySelectorAll("[role=option]")]`;
    const isIt = `(each) => each.innerText.startsWith(${JSON.stringify(proposal)})`;
    await this.until(`globalThis.found = ${all}.find(${isIt})`, `a proposal of ${proposal}`);
    await this.evaluate('found.dispatchEvent(new MouseEvent("mousedown", { bubbles: true }))');
  }

  /** What the keyboard is at, by what it reads, once something shows that. */
  async focused(): Promise<string> {
    const { name, isSeen } = (await this.evaluate(FOCUSED)) as { name: string; isSeen: boolean };
    if (!isSeen) await this.until(`${FOCUSED}.isSeen`, `anything that shows that the keyboard is at ${name}`);
    return name;
  }

  /** Goes on by the keyboard to what reads so, or to its field, whose text is selected then. */
  async tabTo(name: string): Promise<void> {
    await this.#find("button, a, label", name);
    for (let i = 0; i < MOST_TABS; i++) {
      if ((await this.focused()) === name) return;
      await this.press("Tab");
    }
    throw new Error(`the keyboard does not lead to ${name}`);
  }

  /** Does by the keyboard what `click` does. */
  async enter(name: string): Promise<void> {
    await this.tabTo(name);
    await this.press("Enter");
  }

  /** Presses a button, follows a link, or chooses what reads so. */
  async click(name: string): Promise<void> {
    await this.#find("button, a, label", name);
    await this.evaluate("found.click()");
  }

  /** @param key as the DOM names it: `Enter`, `Tab`, `Escape` */
  async press(key: string): Promise<void> {
    const codes: Record<string, number> = { Enter: 13, Tab: 9, Escape: 27, Delete: 46 };
    const event = { key, code: key, windowsVirtualKeyCode: codes[key], ...(key === "Enter" && { text: "\r" }) };
    await this.#call("Input.dispatchKeyEvent", { type: "keyDown", ...event });
    await this.#call("Input.dispatchKeyEvent", { type: "keyUp", ...event });
  }

  /** A picture for `docs`, if that is wanted: then the environment names a folder. */
  async keep(name: string): Promise<void> {
    const folder = process.env["E2E_PICTURES"];
    if (folder === undefined) return;
    const { data } = await this.#call("Page.captureScreenshot", { format: "webp", quality: 90 });
    writeFileSync(join(folder, `${name}.webp`), Buffer.from(data as string, "base64"));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const gone = new Promise((resolve) => this.#child.once("close", resolve));
    // With all the processes that it has started, which would go on writing into the folder.
    process.kill(-this.#child.pid!, "SIGKILL");
    await gone;
    rmSync(this.#folder, { recursive: true, force: true, maxRetries: 5 });
  }

  /** Leaves in the page's `found` what is of a kind and reads so. */
  #find(selector: string, name: string): Promise<void> {
    const all = `[...document.querySelectorAll(${JSON.stringify(selector)})]`;
    const isNamed = `(each) => each.innerText.trim() === ${JSON.stringify(name)} && !each.disabled`;
    return this.until(`globalThis.found = ${all}.find(${isNamed})`, `${selector} with the name ${name}`);
  }

  #call(method: string, params: object = {}): Promise<Record<string, unknown>> {
    const id = ++this.#last;
    const message = { id, method, params, ...(this.#session && { sessionId: this.#session }) };
    (this.#child.stdio[3] as Writable).write(`${JSON.stringify(message)}\0`);
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, ({ result, error }) => {
        if (error === undefined) resolve(result ?? {});
        else reject(new Error(`${method}: ${error.message}`));
      });
    });
  }

  #take(message: Message): void {
    const { id, method, params } = message;
    if (id !== undefined) this.#waiting.get(id)?.(message);
    if (method === "Runtime.exceptionThrown") this.complaints.push(JSON.stringify(params));
    if (method === "Log.entryAdded") this.complaints.push(JSON.stringify(params));
    if (method === "Network.requestWillBeSent") {
      this.requests.push((params as { request: { url: string } }).request.url);
    }
  }
}
