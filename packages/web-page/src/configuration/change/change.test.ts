import { expect, it } from "vitest";
import type { Session } from "../../session.ts";
import { configChange } from "./change.ts";

/** @param result of `config-set` */
function change(after: string, result: number) {
  const sent: string[] = [];
  const session = {
    user: "desk",
    sendText: async (service: string, command: string, text: string) => {
      sent.push(`${service} ${command} ${text}`);
      return { result, text: "what is wrong" };
    },
  } as unknown as Session;
  return { sent, apply: () => configChange(session, "dhcp4", "", after).apply() };
}

it("a configuration is put into force, or the daemon says why not", async () => {
  const good = change('{ "password": "p" }', 0);
  await good.apply();
  expect(good.sent).toEqual(['dhcp4 config-set { "password": "p" }']);
  await expect(change("{}", 1).apply()).rejects.toThrow("what is wrong");
});

it("asterisks in the place of a password do not become the password", async () => {
  const hidden = change('{ "database-password" : "*****" }', 1);
  await expect(hidden.apply()).rejects.toThrow("are hidden from desk");
  expect(hidden.sent).toEqual(["dhcp4 config-set {}"]);
});
