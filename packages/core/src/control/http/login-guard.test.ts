import { describe, expect, it } from "vitest";
import { LoginGuard } from "./login-guard.ts";

const wrong = () => undefined;
const right = () => "user";

/** Milliseconds of a pause: enough to be seen on a busy machine. */
const PAUSE = 40;

describe("password guessing", () => {
  it("costs a pause each after ten failures, whoever guesses at the same time", async () => {
    const guard = new LoginGuard(PAUSE);
    const began = performance.now();
    for (let i = 1; i <= 11; i++) expect(await guard.login("a", wrong)).toEqual({ kind: "failed", failures: i });
    await Promise.all([guard.login("a", wrong), guard.login("a", wrong), guard.login("a", wrong)]);
    expect(performance.now() - began).toBeGreaterThan(2.5 * PAUSE);
    expect(await guard.login("b", right)).toEqual({ kind: "user", user: "user" });
    await guard.login("b", wrong);
    expect(guard.failures).toBe(15);
  });

  it("is not looked at at all where ten wait already, and does not lock the right one out for good", async () => {
    const guard = new LoginGuard(PAUSE);
    for (let i = 0; i < 11; i++) await guard.login("a", wrong);
    let looked = 0;
    const guesses = Array.from({ length: 50 }, () =>
      guard.login("a", () => {
        looked++;
        return undefined;
      }),
    );
    const kinds = (await Promise.all(guesses)).map(({ kind }) => kind);
    expect(kinds.filter((kind) => kind === "busy")).toHaveLength(40);
    expect(looked).toBe(10);
    expect(await guard.login("a", right)).toEqual({ kind: "user", user: "user" });
  });

  it("from ever new sources is remembered for all of them together", async () => {
    const guard = new LoginGuard(60_000);
    for (let i = 0; i < 1000; i++) await guard.login(`source ${i}`, wrong);
    for (let i = 0; i < 11; i++) expect((await guard.login(`new ${i}`, wrong)).kind).toBe("failed");
    const last = guard.login("newer", wrong);
    expect(await Promise.race([last, new Promise((resolve) => setTimeout(resolve, 20, "waits"))])).toBe("waits");
    expect((await guard.login("source 1", right)).kind).toBe("user");
  });
});
