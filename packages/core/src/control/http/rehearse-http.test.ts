import { expect, it } from "vitest";
import { rehearseHttp } from "./rehearse-http.ts";

it("has a whole command answered, of a client that logs in, with a list that is made in turns", async () => {
  const [head, body] = (await rehearseHttp()).split("\r\n\r\n");
  expect(head).toMatch(/^HTTP\/1\.1 200 /);
  const [answer] = JSON.parse(body!);
  expect(answer).toMatchObject({ result: 0 });
  expect(answer.arguments.list).toHaveLength(100);
});
