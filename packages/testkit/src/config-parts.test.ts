import { expect, test } from "vitest";
import { addPart, type Tree } from "./config-parts.ts";

const subnet = { id: 1, subnet: "192.0.2.0/24" };

test.each<readonly [path: string, text: string, whole: Tree]>([
  ["Dhcp4", '"valid-lifetime": 60', { subnet4: [subnet], "valid-lifetime": 60 }],
  ["Dhcp4", '{ "subnet4": [{ "id": 1 }, { "id": 2 }] }', { subnet4: [{ id: 1 }, { id: 2 }] }],
  ["Dhcp4.subnet4", '"rapid-commit": true', { subnet4: [{ ...subnet, "rapid-commit": true }] }],
  ["Dhcp4.hooks-libraries", '"library": "a"', { subnet4: [subnet], "hooks-libraries": [{ library: "a" }] }],
])("%s takes %s", (path, text, whole) => {
  const config: Tree = { Dhcp4: { subnet4: [{ ...subnet }] } };
  addPart(config, path, text);
  expect(config).toEqual({ Dhcp4: whole });
});

test("each hook is an entry of its own, and maps grow", () => {
  const config: Tree = { Dhcp4: {} };
  addPart(config, "Dhcp4.hooks-libraries", '"library": "a"');
  addPart(config, "Dhcp4.hooks-libraries", '"library": "b"');
  expect(config).toEqual({ Dhcp4: { "hooks-libraries": [{ library: "a" }, { library: "b" }] } });
});
