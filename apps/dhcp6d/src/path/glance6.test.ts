import { MessageType6 } from "@kotare/core/dhcp6/message-type6";
import { expect, it } from "vitest";
import { buildMessage6, na, option } from "../testing/test-client6.ts";
import { glance6 } from "./glance6.ts";

function glance(payload: Uint8Array): number | undefined {
  const buffer = new Uint8Array(payload.length + 10).fill(1);
  buffer.set(payload, 5);
  return glance6({ buffer, offset: 5, length: payload.length });
}

it("the type of a message shows where it is whole and comes from no relay", () => {
  const whole = buildMessage6(MessageType6.REQUEST, [option(1, "00030001020000000001"), na(1)]);
  expect(glance(whole)).toBe(MessageType6.REQUEST);
  expect(glance(whole.subarray(0, -1))).toBeUndefined();
  expect(glance(Uint8Array.of(3, 1, 2))).toBeUndefined();
  expect(glance(buildMessage6(MessageType6.REQUEST, [na(1)], [{ link: "2001:db8::1" }]))).toBeUndefined();
});
