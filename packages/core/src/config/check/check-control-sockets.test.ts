import { describe, expect, it } from "vitest";
import { faultsOf } from "../testing/parse-body.ts";

const sockets = (...names: string[]) =>
  `"control-sockets": [${names.map((name) => `\n{"socket-type": "unix", "socket-name": "${name}"}`).join(",")}]`;

describe("control sockets", () => {
  it.each([["/run/kea/a", "b"], ["x".repeat(107)]])("may be at %s", (...names) => {
    expect(faultsOf(sockets(...names))).toEqual([]);
  });

  it.each([
    [sockets(""), "is missing"],
    ['"control-socket": {"socket-type": "unix"}', "is missing"],
    [sockets("x".repeat(108)), "cannot be the path of a socket; give it at most 107 characters"],
    [sockets("a", "a"), '"a" is the path of another socket too'],
  ])("%.60s are refused", (body, what) => {
    expect(faultsOf(body)).toEqual([expect.stringContaining(what)]);
  });
});

describe("HTTP control sockets", () => {
  const http = (more: string, type = "http") => `"control-sockets": [\n{"socket-type": "${type}"${more}}]`;
  const login = (client: string) => http(`, "authentication": {"type": "basic", "clients": [${client}]}`);
  const files = ', "trust-anchor": "ca", "cert-file": "c", "key-file": "k"';
  const guarded = ', "authentication": {"type": "basic", "clients": [{"user": "a"}]}';

  it.each([
    http(guarded),
    http(`${guarded}, "socket-address": "::", "socket-port": 1, "http-headers": [{"name": "A-b", "value": "c d"}]`),
    http(files, "https"),
    http(files),
    http(`${guarded}},{"socket-type": "http", "socket-port": 8001${guarded}`),
    login('{"user": "a", "password": "b"}, {"user-file": "a", "password-file": "b"}, {"password-file": "c"}'),
    login('{"user": "a", "user-context": {"kotare": {"access": "read"}}}'),
    login('{"user": "a", "user-context": {"kotare": {"access": ["lease4-get", "/metrics"]}}}'),
  ])("may be %s", (body) => {
    expect(faultsOf(body)).toEqual([]);
  });

  it.each([
    [http(""), "warning: Dhcp4.control-sockets[0].socket-type: lets in everybody who reaches it"],
    [http(', "authentication": {"type": "basic"}'), "lets in everybody"],
    [http(`${files}, "cert-required": false`, "https"), "lets in everybody"],
    [http(guarded.replace("}]", '}], "realm": "a\\nb"')), "authentication.realm: has a control character"],
    [http(`${guarded}, "socket-name": "x"`), "socket-name: is of unix sockets"],
    [http(`${guarded}, "socket-address": "localhost"`), "socket-address: is not an IP address"],
    [http(`${guarded}, "cert-file": "x", "key-file": "y"`), "trust-anchor: is missing"],
    [http(`${guarded}},{"socket-type": "https"${files}`), "[1].socket-port: is where another socket listens"],
    [http(`${guarded}, "http-headers": [{"name": "a b", "value": "c"}]`), "name: cannot be the name of a header"],
    [http(`${guarded}, "http-headers": [{"name": "Content-Length", "value": "5"}]`), "every answer has of its own"],
    [http(`${guarded}, "http-headers": [{"name": "a", "value": "b\\r\\nc: d"}]`), "cannot be the value"],
    [http(`${guarded}, "http-headers": [{"name": "a", "value": ""}]`), "cannot be the value"],
    [login('{"user": "a", "password": "1234"}'), "password: is the one of Kea's examples"],
    [login('{"user": "a:b"}'), "user: has a colon"],
    [login('{"user": ""}'), "user: is empty"],
    [login('{"password": "b"}'), "user: is missing"],
    [login('{"user": "a", "user-file": "b"}'), 'user-file: does not go with "user"'],
    [login('{"user": "a", "password": "b", "password-file": "c"}'), 'password-file: does not go with "password"'],
    [login('{"user": "a", "user-context": {"kotare": {"access": "all"}}}'), "access"],
  ])("%s is told", (body, what) => {
    expect(faultsOf(body)).toEqual([expect.stringContaining(what)]);
  });
});
