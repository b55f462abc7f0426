import { Message6 } from "@kotare/core/dhcp6/message6";
import { describe, expect, it } from "vitest";
import { buildMessage6, option, type TestRelay6 } from "../testing/test-client6.ts";
import { ip6 } from "../testing/test-server6.ts";
import { destinationOf6 } from "./destination6.ts";

const LINK = {
  index: 3,
  name: "eth3",
  mtu: 1500,
  mac: new Uint8Array(6),
  addresses: [ip6("fe80::1"), ip6("2001:db8::1")],
};
const MAC = Uint8Array.of(2, 0, 0, 0, 0, 9);
const WANTS_PORT = { link: "2001:db8::2", options: [option(135, "0000")] };

describe("where a reply goes", () => {
  it.each<readonly [string, string, readonly TestRelay6[], string, number]>([
    ["RFC 8415 §18.3.10: to the client's port", "ff02::1:2", [], "fe80::1", 546],
    ["from the address that was written to", "2001:db8::1", [], "2001:db8::1", 546],
    ["RFC 8415 §19.3: to the relay's server port", "2001:db8::1", [{ link: "2001:db8::2" }], "2001:db8::1", 547],
    ["RFC 8357 §5: to the port that the relay sent from", "ff05::1:3", [WANTS_PORT], "fe80::1", 4000],
    ["RFC 8357 §5: as the nearest relay wants it", "ff05::1:3", [{ link: "::" }, WANTS_PORT], "fe80::1", 547],
  ])("%s", (_, destination, relays, source, port) => {
    const ingress = {
      interface: LINK,
      source: ip6("fe80::99"),
      sourcePort: 4000,
      destination: ip6(destination),
      sourceMac: undefined,
    };
    const message = new Message6(buildMessage6(1, [], relays));
    const query = { message, ingress, classes: new Set<string>() };
    expect(destinationOf6(query, { server: 547, client: 546 })).toEqual({
      ifindex: 3,
      source: ip6(source),
      address: ip6("fe80::99"),
      port,
      mac: undefined,
    });
  });

  it.each<readonly [string, string, string, boolean]>([
    ["from a link-local address: in a frame, to where it came from", "fe80::99", "2001:db8::1", true],
    ["to a group of the link: in a frame, to where it came from", "2001:db8::99", "ff02::1:2", true],
    ["to a group of the site: to the neighbour or router that the kernel knows", "2001:db8::99", "ff05::1:3", false],
    ["to our address: to the neighbour or router that the kernel knows", "2001:db8::99", "2001:db8::1", false],
  ])("%s", (_, source, destination, isInFrame) => {
    const ingress = {
      interface: LINK,
      source: ip6(source),
      sourcePort: 4000,
      destination: ip6(destination),
      sourceMac: MAC,
    };
    const query = { message: new Message6(buildMessage6(1, [])), ingress, classes: new Set<string>() };
    expect(destinationOf6(query, { server: 547, client: 546 }).mac).toBe(isInFrame ? MAC : undefined);
  });
});
