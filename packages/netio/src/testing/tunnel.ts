/** A TUN device for tests: an interface whose packets have no link-layer header. */

import { spawn } from "node:child_process";

interface Tunnel extends Disposable {
  /** Lets a packet come in on it. */
  inject(packet: Uint8Array): Promise<void>;
}

/** Node cannot make the `ioctl`: TUNSETIFF with IFF_TUN | IFF_NO_PI. */
const TUNNEL_PROGRAM = `
import fcntl, os, struct, sys
tun = os.open("/dev/net/tun", os.O_RDWR)
fcntl.ioctl(tun, 0x400454ca, struct.pack("16sH22x", sys.argv[1].encode(), 0x1001))
print("ready", flush=True)
for line in sys.stdin:
    os.write(tun, bytes.fromhex(line))
`;

/** `undefined` where the host has no TUN devices, or no python3 to open one with. */
export async function openTunnel(name: string): Promise<Tunnel | undefined> {
  const child = spawn("python3", ["-c", TUNNEL_PROGRAM, name], { stdio: ["pipe", "pipe", "ignore"] });
  const isReady = await new Promise((resolve) => {
    child.once("error", () => resolve(false));
    child.once("exit", () => resolve(false));
    child.stdout.once("data", () => resolve(true));
  });
  if (isReady !== true) return undefined;
  return {
    inject: (packet) =>
      new Promise((resolve) => {
        child.stdin.write(`${Buffer.from(packet).toString("hex")}\n`, () => resolve());
      }),
    [Symbol.dispose]: () => void child.kill(),
  };
}
