/**
 * The manual does what it says: the commands of each chapter are given on a host with the chapter's files, beside a client,
 * and print what the chapter shows. Those that want a whole machine are given by other scenes, or have a reason why not.
 */
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Option4 } from "@kotare/core/dhcp4/message4";
import { buildMessage4, type OptionBytes } from "@kotare/testkit/build-message4";
import { Authority } from "@kotare/testkit/certificates";
import { addPart, type Tree } from "@kotare/testkit/config-parts";
import { fencedBlocks } from "@kotare/testkit/fenced-blocks";
import { QueryConnection } from "@kotare/testkit/query-connection";
import { readMessage4 } from "@kotare/testkit/read-message4";
import { describe, expect, test, vi } from "vitest";
import { Client4 } from "../../src/clients/client4.ts";
import { drivers4 } from "../../src/clients/drivers4.ts";
import { type Host, Lab, run } from "../../src/lab/lab.ts";
import { findProgram } from "../../src/lab/program.ts";
import { patternOf, programsOf, readDialogue, type Step } from "../../src/manual/dialogue.ts";
import { machineBlocks, UNPLAYED } from "../../src/manual/machine-commands.ts";
import { privateFolders } from "../../src/subject/server.ts";
import { top } from "../../src/top.ts";
import { getOffer } from "../../src/wire/dora.ts";
import { type Option, optionOf } from "../../src/wire/message4.ts";
import { Probe4 } from "../../src/wire/probe4.ts";

const DOCS = join(top, "docs");
const CLIENT = "1a:2b:3c:4d:5e:6f";
const GUEST = "02:00:00:00:00:03";
/** What a program says that goes on running when it is ready for others. */
const READY = /_STARTED|all zones loaded|server started|start of service|Socket\/fallback/;
/** Names reach the DNS in their own time, and a busy machine may be too slow for a load: asking again does no harm. */
const PATIENT = /^(?:dig|dhcp-load) /;

const OURS = new Map([
  ...readdirSync(join(top, "apps")).map((name) => [name, join(top, "apps", name, "bin")] as const),
  ["dhcp-load", join(top, "packages/load/bin")],
]);
const EXTENSION = join(top, "packages/extension/src/define-extension.mjs");
const PATH = [...OURS.values(), process.env["PATH"]].join(":");

interface Chapter {
  readonly name: string;
  /** Contents by name. */
  readonly files: ReadonlyMap<string, string>;
  readonly steps: readonly Step[];
  /** Programs that it needs, and are not here. */
  readonly lacking: readonly string[];
}

function readChapter(name: string): Chapter {
  const blocks = fencedBlocks(readFileSync(join(DOCS, name), "utf8"));
  const files = blocks.filter(({ language, about }) => language !== "" && /^[\w.-]+\.\w+$/.test(about));
  const dialogues = blocks.filter(({ language }) => language === "console");
  const steps = dialogues.flatMap(({ text }) => readDialogue(text));
  const programs = new Set(steps.flatMap(({ command }) => programsOf(command)));
  const lacking = [...programs].filter((program) => !OURS.has(program) && findProgram(program) === undefined);
  return { name, files: new Map(files.map(({ about, text }) => [about, text])), steps, lacking };
}

const chapters = readdirSync(DOCS)
  .filter((name) => name.endsWith(".md"))
  .map(readChapter);

vi.setConfig({ maxConcurrency: 4 });

describe.concurrent.each(chapters.filter(({ steps }) => steps.length > 0))("$name", ({ files, steps, lacking }) => {
  test.skipIf(lacking.length > 0)(
    `its commands print what it shows; they need ${lacking.join() || "nothing more"}`,
    async () => {
      await using lab = new Lab();
      for (const [name, text] of files) writeFileSync(join(lab.folder, name), text);
      const network = lab.network();
      const hosts = { server: lab.host("server", { ipv6: true }), client: lab.host("client", { ipv6: true }) };
      hosts.server.attach(network, "eth0", "192.168.77.1/24");
      hosts.server.ip("address", "add", "2001:db8:1::1/64", "dev", "eth0");
      hosts.client.attach(network, "eth0", undefined, CLIENT);
      for (const step of steps) await play(step, hosts[step.host], lab.folder);
    },
  );
});

async function play({ command, isDaemon, output }: Step, host: Host, folder: string): Promise<void> {
  const start = () => host.start(["sh", "-c", `exec 2>&1; ${isDaemon ? "exec " : ""}${command}`], options);
  const options = { cwd: folder, env: { ...privateFolders(folder), PATH } };
  if (isDaemon) {
    await start().waitFor(READY);
    return;
  }
  const give = async () => {
    const program = start();
    const { code } = await program.exited;
    return { code, said: program.lines.map((line) => `${line}\n`).join("") };
  };
  const wanted = { code: 0, said: expect.stringMatching(output.length === 0 ? /^/ : patternOf(output)) };
  if (PATIENT.test(command)) await vi.waitFor(async () => expect(await give()).toEqual(wanted), { timeout: 60_000 });
  else expect(await give(), command).toEqual(wanted);
}

test("every configuration is used by a command", () => {
  const idle = chapters.flatMap(({ name, files, steps }) =>
    [...files.keys()]
      .filter((file) => file.endsWith(".conf"))
      .filter((file) => !steps.some(({ command }) => command.includes(file)))
      .map((file) => `${name}: ${file}`),
  );
  expect(idle).toEqual([]);
});

test("every other command is given by another scene, or has a reason why not", () => {
  const scenes = ["scenes", "src"]
    .flatMap((folder) => readdirSync(join(top, "e2e", folder), { recursive: true, withFileTypes: true }))
    .filter(({ name }) => name.endsWith(".ts"))
    .map(({ parentPath, name }) => readFileSync(join(parentPath, name), "utf8"))
    .join("");
  const played = new Set(
    [...scenes.matchAll(/scriptOf\(\s*"([^"]+)",\s*"([^"]+)"/g)].map(([, ...place]) => place.join(": ")),
  );
  const blocks = chapters.flatMap(({ name }) => machineBlocks(name).map((block) => ({ name, ...block })));
  const left = blocks
    .filter(({ name, heading }) => !played.has(`${name}: ${heading}`))
    .flatMap(({ commands }) => commands);
  expect(left.filter((command) => UNPLAYED[command] === undefined)).toEqual([]);
  const all = new Set(blocks.flatMap(({ commands }) => commands));
  expect(Object.keys(UNPLAYED).filter((command) => !all.has(command))).toEqual([]);
});

/** Chapters, and what is in those of their parts of configurations that one daemon can have together. */
const TOGETHER: readonly (readonly [chapter: string, ...words: string[]])[] = [
  ["first-network.md", "printer"],
  ["classes.md", "kea-dhcp4.eval"],
  ["extensions.md", "no-guests"],
  ["hooks.md", "flex_id", "flex_option", "run_script", "active-leasequery"],
];

/** Whom the server tells of leases. */
const REQUESTER = "192.168.77.250";
const LEASE_QUERY = {
  library: "libdhcp_lease_query.so",
  parameters: {
    requesters: [REQUESTER],
    advanced: { "bulk-query-enabled": true, "lease-query-ip": "192.168.77.1" },
  },
};

test.skipIf(findProgram("udhcpc") === undefined)(
  "parts of configurations do what their chapters say, many of them in one daemon",
  async () => {
    await using lab = new Lab();
    const whole: Tree = {
      Dhcp4: {
        "interfaces-config": { interfaces: ["eth0"] },
        "lease-database": { type: "memfile", name: "leases.csv" },
        "client-classes": [
          { name: "phones", test: "substring(option[60].hex,0,5) == 'Phone'" },
          { name: "guest", test: "option[60].text == 'guest'" },
        ],
        subnet4: [{ id: 1, subnet: "192.168.77.0/24", pools: [{ pool: "192.168.77.100 - 192.168.77.199" }] }],
      },
    };
    for (const [chapter, ...words] of TOGETHER) {
      const parts = fencedBlocks(readFileSync(join(DOCS, chapter), "utf8")).filter(({ about }) =>
        /^in Dhcp4/.test(about),
      );
      for (const word of words) {
        const { about, text } = parts.find((part) => part.text.includes(word))!;
        addPart(whole, about.slice("in ".length), text.replaceAll(/\/etc\/(kotare|kea)/g, lab.folder));
      }
    }
    addPart(whole, "Dhcp4.hooks-libraries", JSON.stringify(LEASE_QUERY));
    const authority = new Authority(lab.folder, "requesters");
    const [own, its] = ["dhcp4", "requester"].map((name) => authority.sign(name, `${name}.example`));
    expect([authority.anchor, own!.certificate, own!.key]).toEqual(
      ["requesters.pem", "dhcp4.pem", "dhcp4.key"].map((name) => join(lab.folder, name)),
    );
    const files = chapters.find(({ name }) => name === "extensions.md")!.files;
    writeFileSync(
      join(lab.folder, "no-guests.mjs"),
      files.get("no-guests.mjs")!.replace("@kotare/extension", EXTENSION),
    );
    writeFileSync(join(lab.folder, "leases.sh"), `#!/bin/sh\necho "script: $1 $LEASES4_AT0_ADDRESS"\n`, {
      mode: 0o755,
    });
    writeFileSync(join(lab.folder, "parts.conf"), JSON.stringify(whole));

    const network = lab.network();
    const [server, client, other] = ["server", "client", "other"].map((name) => lab.host(name));
    server!.attach(network, "eth0", "192.168.77.1/24");
    client!.attach(network, "eth0", undefined, CLIENT);
    other!.attach(network, "eth0");
    const options = { cwd: lab.folder, env: { ...privateFolders(lab.folder), PATH } };
    const daemon = server!.start([join(OURS.get("dhcp4d")!, "dhcp4d"), "-c", "parts.conf"], options);
    await daemon.waitFor(READY);

    run("ip", "address", "add", `${REQUESTER}/24`, "dev", network.bridge);
    using requester = await QueryConnection.open("192.168.77.1", 67, REQUESTER);
    const ask = (type: number, ...options: readonly OptionBytes[]) =>
      requester.send(buildMessage4({ type, chaddr: "", htype: 0, options }));
    const told = async () => readMessage4((await requester.next())!);
    ask(MessageType4.DHCPTLS);
    await told();
    const [cert, key, ca] = [its!.certificate, its!.key, authority.anchor].map((file) => readFileSync(file));
    await requester.secure({ cert: cert!, key: key!, ca: ca!, servername: "dhcp4.example" });
    ask(MessageType4.DHCPACTIVELEASEQUERY);
    // That this one is answered says that the other one has been taken in. Since some time: only what has been leased.
    ask(MessageType4.DHCPBULKLEASEQUERY, [Option4.queryStartTime, Uint8Array.of(0, 0, 0, 1)]);
    expect((await told()).option(53)![0]).toBe(MessageType4.DHCPLEASEQUERYDONE);

    await using printer = new Client4(drivers4.udhcpc, lab, client!, "eth0");
    expect(await printer.bound()).toMatchObject({ address: "192.168.77.10", hostname: "printer" });
    await daemon.waitFor(/script: leases4_committed 192\.168\.77\.10/);
    expect(await told()).toMatchObject({ ciaddr: "192.168.77.10", chaddr: CLIENT });

    using probe = await Probe4.open(other!, "eth0");
    const offered = async (mac: string, ...more: Option[]) => {
      const { options } = await getOffer(probe, mac, 60_000, [[55, Uint8Array.of(12, 67)], ...more]);
      return [12, 67].map((code) => text(optionOf({ options }, code)));
    };
    const lobby: Option = [82, Buffer.concat([Uint8Array.of(1, 6), Buffer.from("port-7")])];
    expect(await offered("02:00:00:00:00:01", lobby)).toEqual(["lobby", "boot/02-00-00-00-00-01"]);
    expect(await offered("02:00:00:00:00:02", lobby, [77, Buffer.from("x")])).toEqual([
      undefined,
      "boot/02-00-00-00-00-02",
    ]);
    probe.send({
      mac: GUEST,
      options: [
        [53, Uint8Array.of(1)],
        [60, Buffer.from("guest")],
      ],
    });
    await daemon.waitFor(/EVAL_RESULT .*not in class phones: .* is 'guest'/);
    await offered("02:00:00:00:00:04");
    expect(daemon.lines.filter((line) => line.includes("PACKET_SEND") && line.includes(GUEST))).toEqual([]);
  },
);

function text(bytes: Uint8Array | undefined): string | undefined {
  return bytes && Buffer.from(bytes).toString();
}
