import { createSocket } from "node:dgram";
import { once } from "node:events";
import { type AddressInfo, createServer } from "node:net";
import { afterEach, describe, expect, test, vi } from "vitest";
import { exchange, type Hear, type ServerAddress } from "./exchange.ts";

/** Nobody else's: there a port is free for both transports. */
const ADDRESS = "127.0.0.23";

interface TestServer extends ServerAddress, AsyncDisposable {
  /** Transports in the order in which messages came. */
  readonly asked: readonly ("UDP" | "TCP")[];
  /** Ports that datagrams came from. */
  readonly ports: ReadonlySet<number>;
}

/** A server on the loopback interface. @param tcp pieces that the answer over TCP comes in; nothing is answered without */
async function serve(udp: readonly string[], tcp: readonly Buffer[] = []): Promise<TestServer> {
  const asked: ("UDP" | "TCP")[] = [];
  const ports = new Set<number>();
  const stream = createServer((socket) => {
    socket.once("data", () => {
      asked.push("TCP");
      void (async () => {
        for (const piece of tcp) {
          socket.write(piece);
          await new Promise(setImmediate);
        }
      })();
    });
    socket.on("error", () => {});
  });
  stream.listen(0, ADDRESS);
  await once(stream, "listening");
  const { port } = stream.address() as AddressInfo;
  const datagrams = createSocket("udp4");
  datagrams.on("message", (_, from) => {
    asked.push("UDP");
    ports.add(from.port);
    for (const answer of udp) datagrams.send(answer, from.port, from.address);
  });
  datagrams.bind(port, ADDRESS);
  await once(datagrams, "listening");
  return {
    address: ADDRESS,
    port,
    asked,
    ports,
    async [Symbol.asyncDispose]() {
      datagrams.close();
      stream.close();
    },
  };
}

const hear: Hear<string> = (bytes) => {
  const text = Buffer.from(bytes).toString();
  if (text === "cut") return { kind: "truncated" };
  return text.startsWith("bad") ? { kind: "ignored", why: text } : { kind: "accepted", value: text };
};

function framed(text: string): Buffer {
  return Buffer.concat([Buffer.from([0, text.length]), Buffer.from(text)]);
}

const PATIENCE = 60_000;
const SMALL = Buffer.from("question");
const LARGE = Buffer.alloc(600);

describe("an exchange", () => {
  afterEach(() => void vi.useRealTimers());

  test("goes over UDP, each from another port", async () => {
    await using server = await serve(["answer"]);
    for (let i = 0; i < 3; i++) {
      expect(await exchange(server, SMALL, PATIENCE, hear)).toEqual({ kind: "answered", value: "answer" });
    }
    expect(server.asked).toEqual(["UDP", "UDP", "UDP"]);
    expect(server.ports.size).toBe(3);
  });

  test("waits for an answer that can be believed", async () => {
    await using server = await serve(["bad 1", "bad 2", "good", "late"]);
    expect(await exchange(server, SMALL, PATIENCE, hear)).toEqual({ kind: "answered", value: "good" });
  });

  test("says what was wrong with the one that came, when no other does", async () => {
    await using server = await serve(["bad signature"]);
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] });
    const heard = vi.fn(hear);
    const result = exchange(server, SMALL, PATIENCE, heard);
    await vi.waitFor(() => expect(heard).toHaveBeenCalled(), PATIENCE);
    vi.advanceTimersByTime(PATIENCE);
    expect(await result).toEqual({ kind: "silent", why: "bad signature" });
  });

  test("goes over TCP when the answer is cut off", async () => {
    await using server = await serve(["cut"], [framed("whole")]);
    expect(await exchange(server, SMALL, PATIENCE, hear)).toEqual({ kind: "answered", value: "whole" });
    expect(server.asked).toEqual(["UDP", "TCP"]);
  });

  test("RFC 1035 §4.2.1: goes over TCP when it is longer than 512 bytes; the answer may come in pieces, behind others", async () => {
    const bytes = Buffer.concat([framed("bad one"), framed("good one")]);
    await using server = await serve([], [bytes.subarray(0, 1), bytes.subarray(1, 12), bytes.subarray(12)]);
    expect(await exchange(server, LARGE, PATIENCE, hear)).toEqual({ kind: "answered", value: "good one" });
    expect(server.asked).toEqual(["TCP"]);
  });

  test.each([
    ["UDP", SMALL],
    ["TCP", LARGE],
  ])("ends at once where nobody listens: %s", async (_, message) => {
    const server = await serve([]);
    await server[Symbol.asyncDispose]();
    // Longer than a test may take: it cannot be what ends it.
    const result = await exchange(server, message, 600_000, hear);
    expect(result).toEqual({ kind: "silent", why: expect.stringContaining("ECONNREFUSED") });
  });

  test.each([
    ["UDP", SMALL, "no answer within 30 ms"],
    ["TCP", LARGE, "no answer over TCP within 90 ms"],
  ])("ends when nothing comes: %s", async (_, message, why) => {
    await using server = await serve([]);
    expect(await exchange(server, message, 30, hear)).toEqual({ kind: "silent", why });
  });
});
