import { expect, it } from "vitest";
import { RecordingLogger } from "../../../log/testing/recording-logger.ts";
import { defineServerMessages } from "../../messages.ts";
import { UnseenPackets } from "./unseen-packets.ts";

it("packets that nobody has seen are told at once, then once a minute, and also of sockets that begin anew", () => {
  const log = new RecordingLogger();
  const unseen = new UnseenPackets(log, defineServerMessages("dhcp6", 6));
  const counts: [kernelDrops: number, badFrames: number, now: number][] = [
    [0, 0, 0],
    [2, 0, 1],
    [5, 1, 60],
    [5, 1, 61],
    [5, 1, 200],
    [0, 1, 300],
  ];
  for (const [kernelDrops, badFrames, now] of counts) unseen.check({ kernelDrops, badFrames }, now);
  expect(log.lines.map((line) => /(\d+ .*), and (\d+)/.exec(line)?.slice(1))).toEqual([
    ["2 packets were lost before they could be read", "0"],
    ["3 packets were lost before they could be read", "1"],
    ["0 packets were lost before they could be read", "1"],
  ]);
});
