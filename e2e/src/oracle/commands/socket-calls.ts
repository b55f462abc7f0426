/** Control sockets over HTTP, right and wrong, as parts of configurations that are tested; of Kea since 2.7. */
import type { Call } from "./call.ts";

const LOGIN = { user: "admin", password: "secret" };

function http(more: object): object[] {
  return [{ "socket-type": "http", authentication: { type: "basic", clients: [LOGIN] }, ...more }];
}

function login(authentication: object): object[] {
  return http({ authentication: { type: "basic", ...authentication } });
}

function client(more: object): object[] {
  return login({ clients: [more] });
}

function headers(...list: object[]): object[] {
  return http({ "http-headers": list });
}

const sockets: readonly unknown[] = [
  null,
  {},
  [],
  [{}],
  [{ "socket-type": "foo" }],
  [{ "socket-address": "127.0.0.1" }],
  [{ "socket-type": "unix", "socket-address": "127.0.0.1" }],
  [{ "socket-type": "https" }],
  [{ "socket-type": "https", "trust-anchor": "/ca.pem", "cert-file": "/cert.pem" }],
  http({}),
  http({ foo: 1 }),
  http({ "user-context": { a: 1 }, comment: "b" }),
  http({ "socket-name": "127.0.0.1" }),
  ...["127.0.0.1", "0.0.0.0", "::1", "::", "203.0.113.9", "[::1]", "localhost", "999.1.1.1", "", 5].map((address) =>
    http({ "socket-address": address }),
  ),
  ...[0, 1, 65535, 65536, -1, "8001"].map((port) => http({ "socket-port": port })),
  http({ "cert-required": false }),
  http({ "cert-required": "no" }),
  http({ "trust-anchor": "/ca.pem" }),
  [...http({ "socket-port": 8001 }), ...http({ "socket-port": 8002 })],
  [...http({ "socket-address": "0.0.0.0" }), ...http({})],
  http({ authentication: {} }),
  http({ authentication: { clients: [LOGIN] } }),
  login({ type: "foo", clients: [LOGIN] }),
  login({}),
  login({ clients: [] }),
  login({ clients: [LOGIN], realm: "" }),
  login({ clients: [LOGIN], realm: "kea" }),
  login({ clients: [LOGIN], foo: 1 }),
  login({ clients: [LOGIN], "user-context": { a: 1 }, comment: "b" }),
  login({ clients: [LOGIN, { ...LOGIN, password: "other" }] }),
  client({ user: "" }),
  client({ user: "a:b", password: "secret" }),
  client({ user: "admin" }),
  client({ user: "admin", password: "" }),
  client({ user: "admin", password: "with:colon" }),
  client({ password: "secret" }),
  client({ ...LOGIN, "user-context": { a: 1 }, comment: "b" }),
  client({ ...LOGIN, foo: 1 }),
  client({ ...LOGIN, "password-file": "/secret" }),
  client({ ...LOGIN, "user-file": "/user" }),
  client({ user: "admin", "password-file": "/nosuch" }),
  headers({ name: "Strict-Transport-Security", value: "max-age=31536000" }),
  headers({ name: "X-Some", value: "1", "user-context": { a: 1 } }),
  headers({ name: "", value: "x" }),
  headers({ name: "X-Some", value: "" }),
  headers({ name: "X-Some" }),
  headers({ name: "X-Some", value: "1" }, { name: "X-Some", value: "2" }),
  headers({ name: "X Some:", value: "1" }),
];

export const socketCalls: readonly Call[] = sockets.map((list) => {
  const args = { Dhcp4: { "control-sockets": list } };
  return { line: `config-test ${JSON.stringify(args)}`, command: "config-test", args };
});
