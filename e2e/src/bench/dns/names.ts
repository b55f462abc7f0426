/** The row about names: what it costs a server to have its leases' names put into the DNS. */
import { type Bed, kea, kotare, type Variant } from "../bed.ts";
import { compareSetups, compareVariants } from "../compare.ts";
import type { BenchFamily } from "../family.ts";
import type { Row } from "../row.ts";
import { STEADY_RATE } from "../steady.ts";

/** Everybody gets a name made of the address. */
const NAMED = { "ddns-replace-client-name": "always", "ddns-qualifying-suffix": "example.org" };

export function namesRow(family: BenchFamily): Row {
  const start = (bed: Bed, variant: Variant, isOn: boolean) => {
    const config = { ...variant.config, ...NAMED, "dhcp-ddns": { "enable-updates": isOn } };
    return bed.start({ ...variant, config }, [family.large.subnet]);
  };
  return {
    family: family.family,
    name: "names",
    measure: (effort, say) =>
      compareVariants(
        {
          measure: "CPU with names put into the DNS against without",
          target: "≤ 1.15",
          isMet: (ratio) => ratio <= 1.15,
        },
        [kotare, kea],
        async (variant) => {
          const { plain, other, ratio } = await compareSetups(
            family,
            effort,
            (bed) => start(bed, variant, false),
            async (bed) => {
              await startUpdater(bed);
              return start(bed, variant, true);
            },
            async (bed, server) => (await bed.cost(server, { rate: STEADY_RATE, seconds: effort.seconds })).cpu,
          );
          say(`${variant.name}: without ${plain.toFixed(1)} µs, with ${other.toFixed(1)} µs`);
          return ratio;
        },
      ),
  };
}

/** Stands in for d2d, so that the machine's other core is the clients': confirms each request, and does nothing. */
const CONFIRMER = `
  const socket = require("node:dgram").createSocket("udp4");
  socket.on("message", (bytes, { port, address }) => {
    const confirmed = [];
    for (let at = 0; at < bytes.length; at += 2 + bytes.readUInt16BE(at)) {
      confirmed.push(JSON.parse(bytes.subarray(at + 2, at + 2 + bytes.readUInt16BE(at))).confirm);
    }
    const text = Buffer.from(JSON.stringify({ confirmed }));
    socket.send([Buffer.from([text.length >> 8, text.length & 255]), text], port, address);
  });
  socket.bind(53001, "127.0.0.1", () => console.log("LISTENING"));
`;

async function startUpdater(bed: Bed): Promise<void> {
  await bed.server.start([process.execPath, "-e", CONFIRMER]).waitFor(/LISTENING/);
}
