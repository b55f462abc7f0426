import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, test } from "vitest";
import { ip, testInNamespace } from "../testing/namespaced-tests.ts";

const PACKAGE = fileURLToPath(new URL("../..", import.meta.url));
const ESBUILD = join(PACKAGE, "../../node_modules/.bin/esbuild");

/** Sends itself a datagram over the loopback interface, and says how it came. */
const PROGRAM = `
import { openTransport6 } from "${PACKAGE}src/transports/transport6.ts";
import { listInterfaces } from "${PACKAGE}src/interfaces/interfaces.ts";
import { openUdp6 } from "${PACKAGE}src/transports/udp/udp6-transport.ts";
const { transport, ringFault } = openTransport6(547, { interfaces: listInterfaces() });
const sender = openUdp6(546);
for (const opened of [transport, sender]) opened.claim({ name: "lo", ifindex: 1 });
const address = String.fromCharCode(...new Uint8Array(15), 1);
const batch = sender.newSendBatch();
batch.reserve(0);
batch.add(0, { ifindex: 1, source: address, address, port: 547 });
const refused = batch.send();
transport.start(() => {
  const { source, destination, macOffset } = transport.receive(1).datagrams[0];
  const isOurs = source === address && destination === address;
  console.log(JSON.stringify({ refused, isOurs, hasMac: macOffset >= 0, fault: ringFault?.message }));
  process.exit();
});
`;

testInNamespace(import.meta.url, () => {
  let folder: string;

  beforeAll(() => {
    ip("link set lo up");
    folder = mkdtempSync(join(tmpdir(), "netio-transport6-"));
    copyFileSync(join(PACKAGE, "dist/netio.node"), join(folder, "netio.node"));
    writeFileSync(join(folder, "program.ts"), PROGRAM);
    const flags = ["--bundle", "--platform=node", "--format=esm", "--log-level=warning"];
    execFileSync(ESBUILD, [join(folder, "program.ts"), ...flags, `--outfile=${join(folder, "program.mjs")}`]);
  });

  afterAll(() => rmSync(folder, { recursive: true }));

  const run = (...flags: string[]) => {
    const program = [process.execPath, join(folder, "program.mjs")];
    const { stdout, stderr } = spawnSync("setpriv", [...flags, ...program], { encoding: "utf8", timeout: 60_000 });
    expect(stderr).toBe("");
    return JSON.parse(stdout) as unknown;
  };

  test("with CAP_NET_RAW frames are received", () => {
    expect(run("--bounding-set=-all,+net_raw,+net_bind_service")).toEqual({ refused: [], isOurs: true, hasMac: true });
  });

  test("without CAP_NET_RAW the UDP sockets serve alone, and it is said why", () => {
    expect(run("--bounding-set=-all,+net_bind_service")).toEqual({
      refused: [],
      isOurs: true,
      hasMac: false,
      fault: expect.stringMatching(/EPERM.*AF_PACKET.*CAP_NET_RAW/),
    });
  });
});
