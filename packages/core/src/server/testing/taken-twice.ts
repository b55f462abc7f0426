/** A family's steps as they are where much has to be decided again: each is taken twice, the first time for nothing. Tests only. */
import type { PacketPath, PathTypes } from "../packets/packet-path.ts";

export function takenTwice<T extends PathTypes>(path: PacketPath<T>): PacketPath<T> {
  const twice =
    <Given extends unknown[], Result>(step: (...given: Given) => Result) =>
    (...given: Given): Result => {
      step(...given);
      return step(...given);
    };
  return {
    ...path,
    place: twice(path.place),
    decide: twice(path.decide),
    complete: twice(path.complete),
    encode: twice(path.encode),
  };
}
