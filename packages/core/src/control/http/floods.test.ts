import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { basic, requestOf, TestListener, usersOf } from "./testing/test-listener.ts";

const X = '{"command":"x"}';
/** Where the flood comes from; another host has an address of its own, too. */
const CROWD = "127.0.0.2";

let test: TestListener;

beforeEach(() => {
  test = new TestListener();
});
afterEach(() => test[Symbol.dispose]());

describe("whoever asks from elsewhere is answered at once, while one host", () => {
  it.each([
    ["has sent half of a head, hundreds of times", "POST / HTTP/1.1\r\nHost: a\r\nX-Long: "],
    ["has sent half of a body, hundreds of times", requestOf("{", { length: 100_000 })],
    ["sends garbage, hundreds of times", "\0".repeat(10_000)],
  ])("%s", async (_, bytes) => {
    await test.open();
    const crowd = await Promise.all(Array.from({ length: 300 }, () => test.connect(CROWD)));
    for (const { client } of crowd) client.write(bytes);
    expect(await (await test.post(X)).json()).toEqual([{ result: 0, text: "ok" }]);
    const open = crowd.filter(({ client }) => !client.closed).length;
    expect(open).toBeLessThanOrEqual(100);
  });

  it("guesses passwords over ninety connections, and is told that it guesses too much", async () => {
    await test.open({ users: usersOf([{ user: "admin", password: "right" }]) });
    const crowd = await Promise.all(Array.from({ length: 90 }, () => test.connect(CROWD)));
    const { Authorization } = basic("admin", "wrong");
    const guess = requestOf(X, { more: `Authorization: ${Authorization}\r\nConnection: close\r\n` });
    for (const { client } of crowd) client.write(guess);
    await Promise.any(crowd.map(async ({ all }) => expect(await all).toMatch(/^HTTP\/1.1 429 .*Retry-After: /s)));
    expect((await test.post(X, basic("admin", "right"))).status).toBe(200);
    const refused = test.log.lines.filter((line) => line.startsWith("HTTP_CLIENT_REQUEST_NOT_AUTHORIZED"));
    expect(refused.at(10)).toMatch(/login from 127\.0\.0\.2 refused: .* \(11 times from there\)$/);
  });
});
