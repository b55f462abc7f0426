import { expect, test } from "vitest";
import { BpfArpLink } from "./arp-link.ts";
import { plugCable } from "./bsd/testing/bpf-cable.ts";
import { KERNEL_LAYOUTS } from "./bsd/testing/kernel-layouts.ts";
import { encodeArpProbe } from "./frames/arp.ts";

const [HERE, THERE] = [Uint8Array.of(2, 0, 0, 0, 0, 1), Uint8Array.of(2, 0, 0, 0, 0, 2)];

test.each(Object.entries(KERNEL_LAYOUTS))("a BPF device of %s gives one ARP frame after the other", (_, layout) => {
  const [here, there] = plugCable(layout, [HERE, THERE]);
  using asking = new BpfArpLink(here);
  using asked = new BpfArpLink(there);
  expect(asked.read()).toBeUndefined();
  const probes = [0xc0000201, 0xc0000202, 0xc0000203].map((address) => encodeArpProbe(address, HERE));
  for (const probe of probes) asking.write(probe);
  for (const probe of probes) expect(asked.read()).toEqual(probe);
  expect(asked.read()).toBeUndefined();
});
