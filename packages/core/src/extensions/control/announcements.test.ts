/** What the service manager is told of extensions. */
import { expect, it } from "vitest";
import type { RunningExtension } from "../running-extension.ts";
import { Announcements } from "./announcements.ts";

it("the last words of each extension in force stand behind the daemon's", () => {
  const announced = new Announcements();
  let told = 0;
  announced.onChange = () => told++;
  announced.set("a", "first");
  announced.set("a", "second");
  announced.set("a", "second");
  announced.set("b", "other");
  expect(told).toBe(3);
  expect(announced.behind("serving eth0")).toBe("serving eth0; second; other");
  announced.keep([{ name: "b" } as RunningExtension]);
  expect(announced.behind("serving eth0")).toBe("serving eth0; other");
});
