import { describe, expect, test } from "vitest";
import { checkAgentInfo, checkRelayInfo, type InfoCheck } from "./extended-info.ts";
import { agentInfoVectors, relayInfoVectors } from "./extended-info.vectors.ts";

const LEVELS: readonly InfoCheck[] = ["fix", "strict", "pedantic"];

describe.each([
  ["relay-agent-info", checkAgentInfo, agentInfoVectors],
  ["relay-info", checkRelayInfo, relayInfoVectors],
])("%s is as Kea has it", (_, check, vectors) => {
  const rows = vectors.trim().split("\n");

  test.each(rows)("%s", (row) => {
    const [context = "", ...cells] = row.split(" | ");
    let expected = context;
    expect(check(context, "none")).toEqual({ userContext: context });
    for (const [i, level] of LEVELS.entries()) {
      const cell = cells[i];
      if (cell !== undefined && cell !== "=") expected = cell;
      const { userContext } = check(context, level);
      // The order of keys is Kea's, too.
      const written = userContext === "" ? "none" : JSON.stringify(JSON.parse(userContext));
      expect(written).toBe(expected === "none" ? expected : JSON.stringify(JSON.parse(expected)));
    }
  });
});

test("why it is dropped is said", () => {
  expect(checkAgentInfo('{ "ISC": { "relay-agent-info": 5 } }', "fix").fault).toBe("relay-agent-info is not a map");
  expect(checkRelayInfo('{ "ISC": { "relay-info": [ {  } ] } }', "strict").fault).toBe(
    "a relay's link is not an address",
  );
  expect(checkRelayInfo('{ "ISC": { "relay-info": [ {  } ] } }', "fix").fault).toBeUndefined();
});

test("what is no JSON, and what has nothing of Kea's in it, stays as it is", () => {
  for (const context of ['{"ISC', '"ISC"', "[]", '{"a":1}']) {
    expect(checkRelayInfo(context, "pedantic")).toEqual({ userContext: context });
  }
});
