import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, createServer, type Server } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { RecordingLogger } from "../log/testing/recording-logger.ts";
import { done } from "./answer.ts";
import { ControlSockets } from "./control-sockets.ts";
import type { HttpSettings } from "./http/http-settings.ts";
import { LoginGuard } from "./http/login-guard.ts";
import { Services } from "./http/services.ts";
import { usersOf } from "./http/testing/test-listener.ts";

/** Nobody else's: a port that was let go of is free. */
const ADDRESS = "127.0.0.22";

let log: RecordingLogger;
let sockets: ControlSockets;

function makeSockets(isOpenToAll = false): ControlSockets {
  const commands = { answer: async () => done("ok"), understand: async () => ({ kind: "bad", what: "no" }) as const };
  const services = new Services("dhcp4", () => ({ dhcp4: "", dhcp6: "", d2: "" }), log);
  return new ControlSockets({ commands, services, pages: new Map(), guard: new LoginGuard(), log }, isOpenToAll);
}

const users = usersOf([{ user: "a" }]);
const http = (settings: Partial<HttpSettings> = {}): HttpSettings => ({
  address: ADDRESS,
  port: 0,
  tls: undefined,
  rights: "write",
  users,
  headers: [],
  ...settings,
});

beforeEach(() => {
  log = new RecordingLogger();
  sockets = makeSockets();
});
afterEach(() => {
  vi.useRealTimers();
  sockets.close();
});

async function occupy(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, ADDRESS);
  await once(server, "listening");
  return { server, port: (server.address() as AddressInfo).port };
}

describe("control sockets", () => {
  it("of both kinds are opened, beside each other", async () => {
    const folder = mkdtempSync(join(tmpdir(), "kotare-sockets-"));
    await sockets.configure({ paths: [join(folder, "s")], http: [http(), http({ address: "::1" })] });
    expect([...log.ids].sort()).toEqual([
      "COMMAND_ACCEPTOR_START",
      "HTTP_COMMAND_MGR_SERVICE_STARTED",
      "HTTP_COMMAND_MGR_SERVICE_STARTED",
    ]);
    sockets.close();
    rmSync(folder, { recursive: true });
  });

  it("at a port that is taken, and an address that is not there, are tried again", async () => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const { server, port } = await occupy();
    await sockets.configure({ paths: [], http: [http({ port }), http({ address: "192.0.2.1" })] });
    expect([...log.lines].sort()).toEqual([
      expect.stringMatching(/COMMAND_SOCKET_HTTP_FAILED cannot take commands at 127.0.0.22 port \d+: .*EADDRINUSE/),
      expect.stringMatching(/COMMAND_SOCKET_HTTP_FAILED cannot take commands at 192.0.2.1 port 0: .*EADDRNOTAVAIL/),
    ]);
    await new Promise((resolve) => server.close(resolve));
    vi.advanceTimersByTime(10_000);
    await vi.waitUntil(() => log.ids.includes("HTTP_COMMAND_MGR_SERVICE_STARTED"), 60_000);
  });

  it("whose files of TLS cannot be read are tried again", async () => {
    const files = { trustAnchor: "/nosuch/ca", certificate: "/nosuch/c", key: "/nosuch/k" };
    await sockets.configure({ paths: [], http: [http({ tls: { ...files, isCertRequired: true } })] });
    expect(log.lines).toEqual([expect.stringMatching(/COMMAND_SOCKET_HTTP_FAILED .*trust-anchor: .*\/nosuch\/ca/)]);
  });

  it("where nobody has to log in are not opened, unless the operator has said so", async () => {
    await sockets.configure({ paths: [], http: [http({ users: undefined })] });
    expect(log.ids).toEqual(["COMMAND_SOCKET_HTTP_OPEN"]);
    const open = makeSockets(true);
    await open.configure({ paths: [], http: [http({ users: undefined })] });
    expect(log.ids.at(-1)).toBe("HTTP_COMMAND_MGR_SERVICE_STARTED");
    open.close();
  });

  it("are opened for everybody where they take few commands", async () => {
    await sockets.configure({ paths: [], http: [http({ users: undefined, rights: ["a"] })] });
    expect(log.ids).toEqual(["HTTP_COMMAND_MGR_SERVICE_STARTED"]);
  });

  it("that are in use and lose their users in a reload are closed", async () => {
    const { server, port } = await occupy();
    await new Promise((resolve) => server.close(resolve));
    const ask = () => fetch(`http://${ADDRESS}:${port}/`);
    await sockets.configure({ paths: [], http: [http({ port })] });
    expect((await ask()).status).toBe(404);
    await sockets.configure({ paths: [], http: [http({ port, users: undefined })] });
    await expect(ask()).rejects.toThrow();
  });
});
