import { MessageType4 } from "@kotare/core/dhcp4/message-type4";
import { Field4, MAGIC_COOKIE } from "@kotare/core/dhcp4/message4";
import { expect, it } from "vitest";
import { glance4 } from "./glance4.ts";

function glance(...options: readonly number[]): number | undefined {
  const buffer = new Uint8Array(5 + Field4.options + options.length);
  new DataView(buffer.buffer).setUint32(5 + Field4.cookie, MAGIC_COOKIE);
  buffer.set(options, 5 + Field4.options);
  return glance4({ buffer, offset: 5, length: buffer.length - 5 });
}

it("the type of a message shows where there is one, all options are whole, and none of them is elsewhere", () => {
  const { DHCPREQUEST } = MessageType4;
  expect(glance(0, 12, 1, 65, 53, 1, DHCPREQUEST, 255, 7)).toBe(DHCPREQUEST);
  expect(glance(255)).toBeUndefined();
  expect(glance(53, 1, DHCPREQUEST)).toBeUndefined();
  expect(glance(53, 1, DHCPREQUEST, 12, 9, 65)).toBeUndefined();
  expect(glance(53, 1, DHCPREQUEST, 12)).toBeUndefined();
  expect(glance(53, 2, DHCPREQUEST, 0, 255)).toBeUndefined();
  expect(glance(53, 1, DHCPREQUEST, 53, 1, 1, 255)).toBeUndefined();
  expect(glance(53, 1, DHCPREQUEST, 52, 1, 1, 255)).toBeUndefined();
});
