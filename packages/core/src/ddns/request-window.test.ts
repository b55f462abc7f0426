import { describe, expect, it } from "vitest";
import { RequestWindow } from "./request-window.ts";

/** A window that sends what it is given, as `flight number`, to `sent`, with a comma between what goes at once. */
function openWindow(confirms: boolean | undefined) {
  const clock = { now: 0 };
  const sent: string[] = [];
  const window = new RequestWindow<string>(
    (requests) => sent.push(requests.join()),
    () => clock.now,
    100,
    confirms,
  );
  const open = (flight: string) => {
    window.open(flight, `${flight} ${window.nextNumber}`);
    window.flush();
  };
  /** Time passes in ticks. */
  const pass = (milliseconds: number): string[] => {
    const done: string[] = [];
    for (const end = clock.now + milliseconds; clock.now < end; ) {
      clock.now += 100;
      done.push(...window.tick());
    }
    return done;
  };
  return { window, sent, open, pass };
}

describe("an updater that confirms", () => {
  it("is sent again what it does not confirm, with growing pauses, for ever", () => {
    const { sent, open, pass } = openWindow(true);
    open("a");
    expect(pass(60_000)).toEqual([]);
    expect(sent.length).toBeGreaterThan(7);
    expect(sent.length).toBeLessThan(12);
    expect(new Set(sent)).toEqual(new Set(["a 100"]));
  });

  it("is sent nothing again that it has confirmed, once or twice", () => {
    const { window, sent, open, pass } = openWindow(true);
    open("a");
    open("b");
    expect(window.confirm([101, 7])).toEqual(["b"]);
    expect(window.confirm([101])).toEqual([]);
    pass(1000);
    expect(sent).toEqual(["a 100", "b 101", "a 100"]);
    expect(window.confirm([100])).toEqual(["a"]);
    expect(window.isEmpty).toBe(true);
  });

  it("has a bounded number of requests in flight", () => {
    const { window, open } = openWindow(true);
    for (let i = 0; i < 256; i++) {
      expect(window.isFull).toBe(false);
      open(`${i}`);
    }
    expect(window.isFull).toBe(true);
    window.confirm([100]);
    expect(window.isFull).toBe(false);
  });

  it("is sent several at once", () => {
    const { window, sent } = openWindow(true);
    for (const flight of ["a", "b"]) window.open(flight, `${flight} ${window.nextNumber}`);
    window.flush();
    window.flush();
    expect(sent).toEqual(["a 100,b 101"]);
  });

  it("that is away is tried with growing pauses, and then told everything at once", () => {
    const { window, sent, open, pass } = openWindow(true);
    open("a");
    open("b");
    expect(window.refuse()).toBe(true);
    expect(window.isFull).toBe(true);
    pass(1000);
    expect(window.refuse()).toBe(false);
    expect(sent.length).toBe(3);
    pass(1900);
    expect(sent.length).toBe(3);
    pass(100);
    expect(sent.slice(3)).toEqual(["a 100,b 101"]);
    expect(window.confirm([100, 101])).toEqual(["a", "b"]);
    expect(window.isFull).toBe(false);
  });

  it("that is back is soon sent what it has missed, however often that was tried while it was away", () => {
    const { window, sent, open, pass } = openWindow(true);
    open("a");
    open("b");
    for (let i = 0; i < 5; i++) {
      window.refuse();
      pass(11_000);
    }
    expect(window.confirm([100])).toEqual(["a"]);
    const before = sent.length;
    pass(1100);
    expect(sent.slice(before)).toEqual(["b 101"]);
  });
});

describe("an updater that confirms nothing", () => {
  it("is known by that after five seconds, and counts as told what it did not refuse", () => {
    const { window, sent, open, pass } = openWindow(undefined);
    open("a");
    expect(pass(4900)).toEqual([]);
    expect(pass(100)).toEqual(["a"]);
    expect(window.confirms).toBe(false);
    open("b");
    expect(pass(100)).toEqual(["b"]);
    expect(sent).toEqual(["a 100", "b 101"]);
  });

  it("is told again, in order, what was refused", () => {
    const { window, sent, open, pass } = openWindow(false);
    open("a");
    open("b");
    expect(window.refuse()).toBe(true);
    expect(pass(1000)).toEqual([]);
    expect(sent.slice(2)).toEqual(["a 100", "b 101"]);
    expect(pass(100)).toEqual(["a", "b"]);
  });

  it("gets no more than it can keep", () => {
    const { window, open, pass } = openWindow(false);
    for (let i = 0; i < 64; i++) open(`${i}`);
    expect(window.isFull).toBe(true);
    pass(100);
    expect(window.isFull).toBe(false);
  });

  it("that does so now is one that confirms", () => {
    const { window, open } = openWindow(false);
    open("a");
    expect(window.confirm([100])).toEqual(["a"]);
    expect(window.confirms).toBe(true);
  });
});
