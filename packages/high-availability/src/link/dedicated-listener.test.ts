/** Where a server of a pair takes its partner's commands. */
import { expect, it } from "vitest";
import type { Relationship } from "../parameters/relationship-schema.ts";
import { listenersOf } from "./dedicated-listener.ts";

const peer = { name: "a", role: "primary", "auto-failover": true } as const;

function listenersWith(url: string, change: object = {}, login: object = {}) {
  const threads = { "http-dedicated-listener": true };
  const peers = [{ ...peer, url: new URL(url), ...login }];
  const relationship = { "this-server-name": "a", "multi-threading": threads, peers, ...change };
  return listenersOf([relationship, relationship] as unknown as readonly Relationship[]);
}

it("is the address of its url, once for all relationships, for few commands, with the login that its peer entry has", () => {
  const [open, ...others] = listenersWith("http://[2001:db8::1]:8000/");
  expect(others).toEqual([]);
  expect(open).toMatchObject({ address: "2001:db8::1", port: 8000 });
  expect(open).not.toHaveProperty("login");
  expect(open?.commands).toContain("lease4-update");
  expect(open?.commands).not.toContain("config-set");
  const [guarded] = listenersWith("http://192.0.2.1/", { "restrict-commands": false }, { "basic-auth-user": "u" });
  expect(guarded).toEqual({ address: "192.0.2.1", port: 80, login: { user: "u", password: "" } });
});

it("has TLS where the own peer entry has its files", () => {
  const files = { "trust-anchor": "/ca", "cert-file": "/c", "key-file": "/k" };
  const tls = { trustAnchor: "/ca", certificate: "/c", key: "/k", isCertRequired: true };
  expect(listenersWith("https://192.0.2.1/", {}, files)).toMatchObject([{ port: 443, tls }]);
  const open = listenersWith("https://192.0.2.1/", {}, { ...files, "require-client-certs": false });
  expect(open).toMatchObject([{ tls: { ...tls, isCertRequired: false } }]);
  expect(listenersWith("http://192.0.2.1/", {}, { ...files, "cert-file": "" })[0]).not.toHaveProperty("tls");
});

it("is a control socket where Kea would have that", () => {
  for (const threads of [
    { "http-dedicated-listener": false },
    { "http-dedicated-listener": true, "enable-multi-threading": false },
  ]) {
    expect(listenersWith("http://192.0.2.1/", { "multi-threading": threads })).toEqual([]);
  }
});
