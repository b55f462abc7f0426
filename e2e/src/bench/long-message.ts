/** The row about what one long message costs: associations without end, against a pool that has few addresses left. */
import type { Host } from "../lab/lab.ts";
import { delay } from "../lab/program.ts";
import { client, na, request } from "../oracle/dhcp6/client.ts";
import { SERVER_ID } from "../oracle/dhcp6/lan.ts";
import type { Server } from "../subject/server.ts";
import { encodeMessage6 } from "../wire/message6.ts";
import { Bed, kea, kotare } from "./bed.ts";
import { compareInTurn, compareVariants } from "./compare.ts";
import type { BenchFamily } from "./family.ts";
import type { Row } from "./row.ts";

/** Associations of a message: what a datagram has room for that we take, 8,160 bytes, and what a frame has. */
const LONG = 500;
const SHORT = 64;
/** Of one measurement, in messages of either length. */
const ASSOCIATIONS = 20 * LONG;
const SUBNET = { id: 1, subnet: "2001:db8::/48", interface: "eth0", pools: [{ pool: "2001:db8:0:1::/123" }] };

/** Sends a message again and again, a little apart, from where a client does; the kernel cuts it into fragments. */
const SENDER = `
  const socket = require("node:dgram").createSocket("udp6");
  const [payload, count] = process.argv.slice(1);
  const bytes = Buffer.from(payload, "base64");
  let left = Number(count);
  socket.bind(546, () => {
    const timer = setInterval(() => {
      bytes.writeUInt16BE(left, 2);
      socket.send(bytes, 547, "ff02::1:2%eth0");
      if (--left > 0) return;
      clearInterval(timer);
      setTimeout(() => socket.close(), 100);
    }, 10);
  });
`;

/** Microseconds of CPU time for each association. */
async function costOf(server: Server, clients: Host, associations: number): Promise<number> {
  const ias = Array.from({ length: associations }, (_, index) => na(index));
  const message = encodeMessage6({ relays: [], xid: 0, ...request(client(1), ias) });
  const count = Math.round(ASSOCIATIONS / associations);
  const before = server.usage().cpu;
  const sender = clients.start([process.execPath, "-e", SENDER, Buffer.from(message).toString("base64"), `${count}`]);
  await sender.exited;
  await delay(500);
  return (1e6 * (server.usage().cpu - before)) / (count * associations);
}

export function longMessageRow(family: BenchFamily): Row {
  return {
    family: family.family,
    name: "long-message",
    measure: (effort, say) =>
      compareVariants(
        {
          measure: `CPU for an association of ${LONG}, of which the pool serves 32, against one of ${SHORT}`,
          target: "≤ 1.5",
          isMet: (ratio) => ratio <= 1.5,
        },
        [kotare, kea],
        async (variant) => {
          await using bed = new Bed(family);
          const named = { ...variant, config: { ...variant.config, "server-id": SERVER_ID } };
          const server = await bed.start(named, [SUBNET]);
          await costOf(server, bed.clients, LONG);
          const { plain, other, ratio } = await compareInTurn(
            effort.repeats,
            () => costOf(server, bed.clients, SHORT),
            () => costOf(server, bed.clients, LONG),
          );
          say(`${variant.name}: of ${SHORT} ${plain.toFixed(1)} µs, of ${LONG} ${other.toFixed(1)} µs each`);
          return ratio;
        },
      ),
  };
}
