import { describe, expect, it } from "vitest";
import { addressBefore, completeAddress } from "./address-order.ts";

describe("the address before another", () => {
  it.each([
    ["10.0.1.0", "10.0.0.255"],
    ["255.255.255.255", "255.255.255.254"],
    ["2001:db8::", "2001:0db7:ffff:ffff:ffff:ffff:ffff:ffff"],
    ["::1", "0000:0000:0000:0000:0000:0000:0000:0000"],
    ["1:2:3:4:5:6:7:8", "0001:0002:0003:0004:0005:0006:0007:0007"],
  ])("of %s is %s", (address, before) => expect(addressBefore(address)).toBe(before));

  it.each(["0.0.0.0", "::", "10.0.0.256", "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7::8", "x"])(
    "there is none of %s",
    (text) => expect(addressBefore(text)).toBeUndefined(),
  );
});

describe("what is typed of an address", () => {
  it.each([
    ["10.", "10.0.0.0"],
    ["10.0.17", "10.0.17.0"],
    ["10.0.17.5", "10.0.17.5"],
    ["2001:", "2001::"],
    ["2001:db8", "2001:db8::"],
    ["2001:db8::", "2001:db8::"],
    ["2001:db8::5", "2001:db8::5"],
    ["fe80:0:0:0:1:2:3:4", "fe80:0:0:0:1:2:3:4"],
  ])("%s begins %s", (begun, whole) => expect(completeAddress(begun)).toBe(whole));

  it.each(["10", "10.300", "10.0.0.0.", "printer.example", "2001:db8:::", "12345:", ""])("%s begins none", (begun) =>
    expect(completeAddress(begun)).toBeUndefined(),
  );
});
