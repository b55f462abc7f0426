import { describe, expect, it } from "vitest";
import type { Dhcp4Config } from "../../config/dhcp4-config.ts";
import { RecordingLogger } from "../../log/testing/recording-logger.ts";
import { checkHttpFiles, httpSettings, listenerSettings, nameOf } from "./http-settings.ts";

type SocketConfig = Dhcp4Config["control-sockets"][number];

const authentication = (...clients: { user: string; "password-file"?: string }[]) =>
  ({ type: "basic", realm: "r", directory: "/nosuch", clients }) as const;
const files = { "trust-anchor": "/nosuch/ca", "cert-file": "/nosuch/c", "key-file": "/nosuch/k" };

const settingsOf = (socket: Partial<SocketConfig>) =>
  httpSettings({ "socket-type": "http", ...socket }, "127.0.0.1", new RecordingLogger());

it("a socket of an extension's takes its commands, and all only from who logs in", () => {
  const at = { address: "192.0.2.1", port: 8000 };
  expect(listenerSettings({ ...at, commands: ["a"] })).toMatchObject({ ...at, users: undefined, rights: ["a"] });
  const basic = (text: string) => `Basic ${Buffer.from(text).toString("base64")}`;
  const { users } = listenerSettings({ ...at, login: { user: "u", password: "p" }, commands: ["a"] });
  expect(users?.find(basic("u:p"))?.rights).toEqual(["a"]);
  expect(users?.find(basic("u:q"))).toBeUndefined();
  expect(listenerSettings({ ...at, login: { user: "u", password: "p" } }).users?.find(basic("u:p"))?.rights).toBe(
    "write",
  );
});

describe("an HTTP socket", () => {
  it("is on the loopback interface, at port 8000, unless the operator says otherwise", () => {
    expect(settingsOf({})).toMatchObject({ address: "127.0.0.1", port: 8000, tls: undefined, headers: [] });
    expect(settingsOf({ "socket-address": "::", "socket-port": 1 })).toMatchObject({ address: "::", port: 1 });
  });

  it("asks for a login where there is somebody who may", () => {
    expect(settingsOf({ authentication: authentication() }).users).toBeUndefined();
    expect(settingsOf({ authentication: authentication({ user: "a" }) }).users?.realm).toBe("r");
  });

  it("has TLS where its files are named, whatever its type, as with Kea; and asks for a certificate unless told not to", () => {
    expect(settingsOf(files).tls).toMatchObject({ trustAnchor: "/nosuch/ca", isCertRequired: true });
    expect(settingsOf({ ...files, "cert-required": false }).tls).toMatchObject({ isCertRequired: false });
    expect(settingsOf({ "cert-file": "", "key-file": "", "trust-anchor": "" }).tls).toBeUndefined();
  });

  it("is another one where its connections must not go on", () => {
    const all = [{}, files, { ...files, "cert-required": false }, { "socket-port": 1 }, { "socket-address": "::1" }];
    expect(new Set(all.map((socket) => nameOf(settingsOf(socket)))).size).toBe(all.length);
    const others = [{ authentication: authentication() }, { "http-headers": [{ name: "a", value: "b" }] }];
    for (const socket of others) expect(nameOf(settingsOf(socket))).toBe(nameOf(settingsOf({})));
  });

  it("is checked for files that cannot be read", () => {
    const clients = authentication({ user: "a" }, { user: "b", "password-file": "p" });
    const sockets: SocketConfig[] = [
      { "socket-type": "unix", "socket-name": "s", authentication: clients },
      { "socket-type": "https", ...files, authentication: clients },
    ];
    expect(checkHttpFiles(sockets)).toEqual([
      expect.stringMatching(/^control-sockets\[1\]: .*\/nosuch\/p/),
      expect.stringMatching(/^control-sockets\[1\]: trust-anchor: .*\/nosuch\/ca/),
    ]);
  });
});
