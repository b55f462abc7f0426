// Keeps the names of leases in a hosts file, and tells them to Unbound, which takes no dynamic updates (RFC 2136).
import { spawn } from "node:child_process";
import { existsSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { isIPv4 } from "node:net";
import { defineExtension } from "@kotare/extension";

export default defineExtension({
  name: "unbound-hosts",
  parameters: ({ z }) =>
    z.strictObject({
      file: z.string().describe("The hosts file, which nobody else writes."),
      domain: z.string().default("").describe("Is put behind names that have no dot."),
      command: z
        .array(z.string())
        .min(1)
        .default(["unbound-control"])
        .describe("How Unbound is told; with its arguments."),
      every: z
        .int()
        .min(1)
        .default(60)
        .describe("Seconds after which Unbound is told everything again: it may have been restarted."),
    }),

  start({ parameters: { file, domain, command, every }, log }) {
    /** Names by their addresses. */
    const names = readHosts(file);
    /** Records that have to be told anew, by their owners. */
    let touched = new Set(recordsOf(names).keys());
    const timer = setInterval(() => void tell(recordsOf(names).keys()), 1000 * every);

    function change(address, name) {
      for (const each of [names.get(address), name]) if (each !== undefined) touched.add(each);
      touched.add(reverseOf(address));
      if (name === undefined) names.delete(address);
      else names.set(address, name);
    }

    function follow(lease, isOver) {
      if (lease.type === "IA_PD") return;
      const name = isOver || lease.state !== 0 ? undefined : fullName(lease.hostname, domain);
      if (names.get(lease["ip-address"]) !== name) change(lease["ip-address"], name);
    }

    /** One thing after the other. What cannot be told now is told with everything else, later. */
    let telling = Promise.resolve();
    function tell(owners) {
      const all = [...owners];
      telling = telling.then(() => tellNow(all));
      return telling;
    }

    async function tellNow(owners) {
      const records = recordsOf(names);
      try {
        await run([...command, "local_datas_remove"], owners);
        await run(
          [...command, "local_datas"],
          owners.flatMap((owner) => records.get(owner) ?? []),
        );
      } catch (error) {
        log.warn(`${command[0]} fails; Unbound is told later: ${error.message}`);
      }
    }

    void tell(touched);
    touched = new Set();
    return {
      observed: ["exchange", "expired", "removed", "written"],
      async observe(events) {
        for (const event of events) {
          if (event.kind !== "exchange") follow(event.lease, event.kind !== "written");
          else for (const { kind, lease } of event.changes) follow(lease, kind === "remove");
        }
        if (touched.size === 0) return;
        writeHosts(file, names);
        const now = touched;
        touched = new Set();
        await tell(now);
      },
      stop: () => clearInterval(timer),
    };
  },
});

/** Only what is a name of a host gets into the file. */
function fullName(name, domain) {
  const plain = name.toLowerCase().replace(/\.$/, "");
  if (!/^[a-z0-9]([a-z0-9-]*[a-z0-9])?(\.[a-z0-9]([a-z0-9-]*[a-z0-9])?)*$/.test(plain)) return undefined;
  return plain.includes(".") || domain === "" ? plain : `${plain}.${domain}`;
}

function readHosts(file) {
  const lines = existsSync(file) ? readFileSync(file, "utf8").split("\n") : [];
  return new Map(
    lines.map((line) => line.replace(/#.*/, "").trim().split(/\s+/)).filter((words) => words.length === 2),
  );
}

/** Whoever reads it finds all of it. */
function writeHosts(file, names) {
  const lines = [...names].map(([address, name]) => `${address} ${name}\n`);
  writeFileSync(`${file}.new`, `# by Kotare\n${lines.join("")}`);
  renameSync(`${file}.new`, file);
}

/** Records as in a zone file, by their owners. */
function recordsOf(names) {
  const records = new Map();
  for (const [address, name] of names) {
    const type = isIPv4(address) ? "A" : "AAAA";
    records.set(name, [...(records.get(name) ?? []), `${name} ${type} ${address}`]);
    records.set(reverseOf(address), [`${reverseOf(address)} PTR ${name}`]);
  }
  return records;
}

function reverseOf(address) {
  if (isIPv4(address)) return `${address.split(".").reverse().join(".")}.in-addr.arpa`;
  const [head, tail = ""] = address.split("::").map((half) => half.split(":").filter((group) => group !== ""));
  const groups = address.includes("::") ? [...head, ...Array(8 - head.length - tail.length).fill("0"), ...tail] : head;
  const digits = groups.map((group) => group.padStart(4, "0")).join("");
  return `${[...digits].reverse().join(".")}.ip6.arpa`;
}

/** Rejects where the program fails. @param lines that it reads; without any it is not called */
async function run([program, ...args], lines) {
  if (lines.length === 0) return;
  await new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: ["pipe", "ignore", "pipe"], timeout: 10_000 });
    let said = "";
    child.stderr.on("data", (text) => (said = `${said}${text}`.slice(0, 200)));
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(said.trim() || `exit status ${code}`))));
    child.stdin.on("error", () => {});
    child.stdin.end(lines.map((line) => `${line}\n`).join(""));
  });
}
