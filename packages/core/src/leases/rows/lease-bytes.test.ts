import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Lease4 } from "../model/lease4.ts";
import { Sought } from "../model/sought.ts";
import { LeaseBytes } from "./lease-bytes.ts";

type VariablePart = Pick<Lease4, "hwaddr" | "clientId" | "hostname" | "userContext">;

const create = () =>
  new LeaseBytes<VariablePart>({ first: ({ hwaddr }) => hwaddr, second: ({ clientId }) => clientId });

const someBytes = fc.oneof(fc.uint8Array({ maxLength: 20 }), fc.uint8Array({ minLength: 120, maxLength: 400 }));
// Every string there is, halves of surrogate pairs included.
const someText = fc.oneof(
  fc.constantFrom("", "host", "größe", "żółw"),
  fc.string({ unit: fc.nat(0xffff).map((code) => String.fromCharCode(code)), maxLength: 100 }),
  fc.nat(9000).map((length) => "x".repeat(length)),
);
const somePart: fc.Arbitrary<VariablePart> = fc.record({
  hwaddr: someBytes,
  clientId: fc.option(someBytes, { nil: undefined }),
  hostname: someText,
  userContext: someText,
});

function read(bytes: LeaseBytes<VariablePart>, ref: number): VariablePart {
  bytes.at(ref);
  return {
    hwaddr: bytes.first(),
    clientId: bytes.second(),
    hostname: bytes.hostname(),
    userContext: bytes.userContext(),
  };
}

describe("LeaseBytes", () => {
  it("gives back what was written, also after it was written over", () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(somePart, somePart), { minLength: 1, maxLength: 10 }), (pairs) => {
        const bytes = create();
        const refs = pairs.map(([first]) => bytes.write(first));
        expect(refs.map((ref) => read(bytes, ref))).toEqual(pairs.map(([first]) => first));
        const moved = pairs.map(([, second], i) => bytes.rewrite(refs[i]!, second));
        expect(moved.map((ref) => read(bytes, ref))).toEqual(pairs.map(([, second]) => second));
      }),
    );
  });

  it("tells whether a block holds exactly the given parts", () => {
    fc.assert(
      fc.property(somePart, somePart, (part, other) => {
        const bytes = create();
        const ref = bytes.write(part);
        expect(bytes.at(ref).has(part)).toBe(true);
        for (const key of ["hwaddr", "clientId", "hostname", "userContext"] as const) {
          const changed = { ...part, [key]: other[key] };
          expect(bytes.at(ref).has(changed)).toBe(JSON.stringify(changed) === JSON.stringify(part));
        }
      }),
    );
  });

  it("passes over no block that has what is sought in a name or an identifier", () => {
    const lengths = fc.tuple(fc.nat(), fc.integer({ min: 1, max: 8 }));
    fc.assert(
      fc.property(somePart, lengths, (part, [start, length]) => {
        const bytes = create();
        bytes.at(bytes.write(part));
        const within = <T extends { readonly length: number; slice(from: number, to: number): T }>(all: T) =>
          all.slice(start % all.length, (start % all.length) + length);
        const name = part.hostname.toLowerCase();
        if (name !== "") expect(bytes.mayHave(new Sought(within(name), undefined))).toBe(true);
        for (const all of [part.hwaddr, part.clientId ?? []]) {
          if (all.length > 0)
            expect(bytes.mayHave(new Sought(undefined, Uint8Array.from(within([...all]))))).toBe(true);
        }
      }),
    );
  });

  it("passes over blocks that do not have it", () => {
    const bytes = create();
    const part = {
      hwaddr: Uint8Array.of(1, 2),
      clientId: Uint8Array.of(3),
      hostname: "Größe.example",
      userContext: "x",
    };
    bytes.at(bytes.write(part));
    const has = (name: string | undefined, ...identifier: number[]) =>
      bytes.mayHave(new Sought(name, identifier.length === 0 ? undefined : Uint8Array.from(identifier)));
    expect([has("größe.ex"), has("e"), has("żółw", 2), has(undefined, 1, 2)]).toEqual([true, true, true, true]);
    expect([has("grosse"), has("examples"), has("żółw"), has("x.", 2, 1), has(undefined, 4)]).not.toContain(true);
  });

  it("knows an empty client id from none", () => {
    const bytes = create();
    const part = { hwaddr: new Uint8Array(), hostname: "", userContext: "" };
    const none = bytes.write({ ...part, clientId: undefined });
    const empty = bytes.write({ ...part, clientId: new Uint8Array() });
    expect(bytes.at(none).second()).toBeUndefined();
    expect(bytes.at(none).hasSecond(new Uint8Array())).toBe(false);
    expect(bytes.at(empty).second()).toEqual(new Uint8Array());
    expect(bytes.at(empty).hasSecond(undefined)).toBe(false);
  });

  it("gives copies that later changes do not touch", () => {
    const bytes = create();
    const part = { hwaddr: Uint8Array.of(1, 2, 3), clientId: Uint8Array.of(4, 5), hostname: "", userContext: "" };
    const ref = bytes.write(part);
    const before = read(bytes, ref);
    bytes.rewrite(ref, { ...part, hwaddr: Uint8Array.of(9, 9, 9), clientId: Uint8Array.of(9, 9) });
    expect(before).toEqual(part);
  });
});
