import { expect, it } from "vitest";
import { newNotes } from "./notes.ts";

it("keeps what is noted of an object, and shows it to nobody else", () => {
  const [notes, others] = [newNotes<number>(), newNotes<string>()];
  const object = { a: 1 };
  expect(notes.get(object)).toBeUndefined();
  notes.set(object, 2);
  notes.set(object, 3);
  expect(notes.get(object)).toBe(3);
  expect(others.get(object)).toBeUndefined();
  expect(Reflect.ownKeys(object)).toStrictEqual(["a"]);
});

it("copies nothing of what is noted with the object", () => {
  const notes = newNotes<number>();
  const object = { a: 1 };
  notes.set(object, 2);
  expect(notes.get({ ...object })).toBeUndefined();
  expect(notes.get(structuredClone(object))).toBeUndefined();
});
