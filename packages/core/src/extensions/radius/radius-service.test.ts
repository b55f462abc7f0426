/** Servers that answer, lie, repeat themselves, or are dead. */
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { encodeAccessRequest, RadiusCode } from "./radius-packet.ts";
import { type RadiusRules, RadiusService } from "./radius-service.ts";
import { type Lie, SECRET, TestRadiusServer, type TestReply, type TestRequest } from "./testing/test-radius-server.ts";

const TIMEOUT = 60_000;

// Time passes when a server that is silent has been asked, and not before.
beforeEach(() => void vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout"] }));
afterEach(() => void vi.useRealTimers());
const saysNothing = () => void setImmediate(() => vi.advanceTimersByTime(TIMEOUT));

const ACCEPT: TestReply = [2, [18, "welcome"]];

interface Asked {
  readonly service: RadiusService;
  readonly log: string[];
  ask(): Promise<number | undefined>;
}

function serviceOf(ports: readonly number[], rules: Partial<RadiusRules> = {}): Asked {
  const log: string[] = [];
  const say = (text: string) => void log.push(text);
  const service = new RadiusService(
    {
      servers: ports.map((port) => ({ address: "127.0.0.1", port, secret: Buffer.from(SECRET) })),
      bindAddress: undefined,
      timeout: TIMEOUT,
      retries: 0,
      deadTime: 0,
      answers: [RadiusCode.accessAccept, RadiusCode.accessReject],
      isProved: true,
      ...rules,
    },
    { debug: say, info: say, warn: say, error: say },
  );
  const ask = async () => {
    const response = await service.ask((identifier, random, { secret }) =>
      encodeAccessRequest(identifier, random, [{ type: 1, value: Buffer.from("nemo") }], secret, true),
    );
    return response?.code;
  };
  return { service, log, ask };
}

async function portOf(answer: (request: TestRequest) => void): Promise<number> {
  return (await TestRadiusServer.start(answer)).port;
}

it.each([
  [2, ACCEPT],
  [3, [3, [18, "no"]] as const],
])("an answer of code %i is one", async (code, reply) => {
  const { ask, log } = serviceOf([await portOf((request) => request.reply(reply))]);
  expect(await ask()).toBe(code);
  expect(log).toEqual([]);
});

const LIES: readonly [Lie, string][] = [
  ["secret", "its authenticator is wrong"],
  ["identifier", "it answers another request"],
  ["proof", "its Message-Authenticator is wrong"],
  ["no proof", "it has no Message-Authenticator"],
  ["length", "its length is wrong"],
  ["attribute", "an attribute is broken"],
];

describe("a lie does not keep the truth from being heard", () => {
  it.each(LIES)("%s", async (lie, why) => {
    const server = await TestRadiusServer.start((request) => {
      request.reply([2], lie);
      request.reply([3]);
    });
    const { ask, log } = serviceOf([server.port]);
    expect(await ask()).toBe(3);
    expect(log).toEqual([`an answer of 127.0.0.1 port ${server.port} is passed over: ${why}`]);
    expect(server.requests).toHaveLength(1);
  });
});

it("what a server repeats is heard once", async () => {
  const port = await portOf((request) => {
    for (let i = 0; i < 5; i++) request.reply(ACCEPT);
  });
  const { ask } = serviceOf([port]);
  expect(await Promise.all([ask(), ask(), ask()])).toEqual([2, 2, 2]);
});

it("a server with port 0 is nobody, and the next one is asked", async () => {
  expect(await serviceOf([0]).ask()).toBeUndefined();
  expect(await serviceOf([0, await portOf((request) => request.reply(ACCEPT))]).ask()).toBe(2);
});

it("a request is sent again, as it was, until it is answered (RFC 2865 §2.5)", async () => {
  const server = await TestRadiusServer.start((request) => {
    if (server.requests.length === 3) request.reply(ACCEPT);
    else saysNothing();
  });
  expect(await serviceOf([server.port], { retries: 1000 }).ask()).toBe(2);
  const [first, second] = server.requests;
  expect(second?.bytes).toEqual(first?.bytes);
});

describe("a server that is silent", () => {
  it("gives way to the next one, which is told in the log, as is its return", async () => {
    let isSilent = true;
    const first = await TestRadiusServer.start((request) => {
      if (isSilent) saysNothing();
      else request.reply([3]);
    });
    const second = await portOf((request) => request.reply(ACCEPT));
    const { ask, log } = serviceOf([first.port, second], { retries: 1 });
    expect(await ask()).toBe(2);
    expect(await ask()).toBe(2);
    expect(first.requests).toHaveLength(4);
    isSilent = false;
    expect(await ask()).toBe(3);
    const name = `server 127.0.0.1 port ${first.port}`;
    expect(log).toEqual([
      `${name} does not answer: is it up, and is the secret the same there?`,
      `${name} answers again`,
    ]);
  });

  it("comes last for the dead time", async () => {
    const first = await TestRadiusServer.start(saysNothing);
    const second = await portOf((request) => request.reply(ACCEPT));
    const { ask } = serviceOf([first.port, second], { deadTime: 3_600_000 });
    expect([await ask(), await ask()]).toEqual([2, 2]);
    expect(first.requests).toHaveLength(1);
  });

  it("may be the only one: then nothing is known", async () => {
    expect(await serviceOf([await portOf(saysNothing)]).ask()).toBeUndefined();
  });
});

it("a port where nobody listens costs no time", async () => {
  const gone = await TestRadiusServer.start(() => {});
  const { port } = gone;
  await gone.stop();
  const second = await portOf((request) => request.reply(ACCEPT));
  expect(await serviceOf([port, second], { retries: 1000 }).ask()).toBe(2);
});

it("who stops waits for nobody", async () => {
  const { ask, service } = serviceOf([await portOf(() => service.stop())], { retries: 1000 });
  expect(await ask()).toBeUndefined();
});

it("an address that is not ours to send from is no answer", async () => {
  const port = await portOf((request) => request.reply(ACCEPT));
  expect(await serviceOf([port], { bindAddress: "192.0.2.1" }).ask()).toBeUndefined();
});
