/** The tools that people have for Kea, unmodified, at Kea and at ours: answers must agree, key by key. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scrapeAgent, scrapeSocket } from "../../src/clients/kea-exporter.ts";
import { type AnswerFinding, compareAnswers } from "../../src/oracle/commands/play-calls.ts";
import { covers } from "../../src/oracle/commands/suite.ts";
import { deliberateTools } from "../../src/oracle/deliberate-differences-commands.ts";
import { ToolStage } from "../../src/oracle/tools/tool-stage.ts";
import { type Tool, type ToolCall, tools } from "../../src/oracle/tools/tools.ts";
import { hasControlAgent } from "../../src/subject/control-agent.ts";

const apiOfAnsible: Tool = { title: "Ansible", calls: [] };

function callOf(command: string, args?: object): ToolCall {
  return { line: command, command, args, services: ["dhcp4"] };
}

describe.skipIf(!hasControlAgent())("needs kea-ctrl-agent", () => {
  let kea: ToolStage;
  let kotare: ToolStage;
  const findings: AnswerFinding[] = [];
  /** Asks both the same. */
  const both = <T>(ask: (stage: ToolStage) => Promise<T>) => Promise.all([ask(kea), ask(kotare)]);

  beforeAll(async () => {
    [kea, kotare] = await Promise.all([ToolStage.start("kea"), ToolStage.start("kotare")]);
    await both((stage) => stage.fill());
  });
  afterAll(() => both((stage) => stage[Symbol.asyncDispose]()));

  // First: Kea counts a lease that a command has deleted on in its pool.
  describe("kea-exporter", () => {
    test.each([4, 6] as const)("has at the socket of DHCPv%i the values that it has at Kea's", async (family) => {
      const [theirs, ours] = await both((stage) => scrapeSocket(stage.sockets[`dhcp${family}`], family));
      expect(ours).toEqual(theirs);
      expect(ours.filter((line) => /^assigned-(addresses|nas) .* [1-9]$/.test(line))).not.toEqual([]);
    });

    test("has by way of the agent the values that it has of Kea", async () => {
      const [theirs, ours] = await both((stage) => scrapeAgent((body) => stage.postToAgent(body)));
      expect(ours).toEqual(theirs);
      for (const name of ["assigned-addresses", "assigned-nas"]) expect(ours.join("\n")).toContain(`\n${name} `);
    });
  });

  test.each(tools)("$title has the answers that Kea gives", async (tool) => {
    const unexpected: AnswerFinding[] = [];
    await both((stage) => stage.fill());
    for (const call of tool.calls) {
      const [theirs, ours] = await both((stage) => stage.ask(tool, call));
      expect(ours, call.line).toHaveLength(Math.max(1, call.services.length));
      const found = theirs.flatMap((answer, i) => compareAnswers(tool.title, call, answer, ours[i]));
      findings.push(...found);
      unexpected.push(...found.filter((finding) => !deliberateTools.some((each) => covers(each, finding))));
    }
    expect(unexpected).toEqual([]);
  });

  test("a role of Ansible has its template checked, and put into force", async () => {
    const play = async (stage: ToolStage) => {
      const { template } = stage;
      const changed = template.replace('"subnet4"', '"valid-lifetime": 1234, "subnet4"');
      const codes: number[] = [];
      for (const text of [template.replace('"subnet4"', '"subnet5"'), template.slice(1), changed])
        codes.push(await stage.check(text));
      await stage.apply();
      return codes;
    };
    const [theirs, ours] = await both(play);
    expect(ours).toEqual(theirs);
    expect(ours.map(Boolean)).toEqual([true, true, false]);
    const [inForce] = await kotare.ask(apiOfAnsible, callOf("config-get"));
    expect(inForce).toMatchObject({ arguments: { Dhcp4: { "valid-lifetime": 1234 } } });
  });

  test("a role of Ansible that uses the API has its configuration tested, set and written", async () => {
    const play = async (stage: ToolStage) => {
      const args = JSON.parse(stage.template) as { Dhcp4: object };
      const changed = { Dhcp4: { ...args.Dhcp4, "valid-lifetime": 2345 } };
      const wrong = { Dhcp4: { ...args.Dhcp4, subnet4: [{ subnet: "nonsense" }] } };
      const answers = [];
      for (const call of [
        callOf("config-test", wrong),
        callOf("config-test", changed),
        callOf("config-set", changed),
        callOf("config-write"),
        callOf("config-reload"),
      ])
        answers.push(...(await stage.ask(apiOfAnsible, call)));
      return { results: answers.map((answer) => (answer as { result: number }).result), written: stage.template };
    };
    const [theirs, ours] = await both(play);
    expect(ours.results).toEqual(theirs.results);
    expect(ours.results).toEqual([1, 0, 0, 0, 0]);
    expect(JSON.parse(ours.written)).toMatchObject({ Dhcp4: { "valid-lifetime": 2345 } });
  });

  test("every deliberate difference still is one", () => {
    expect(deliberateTools.filter((each) => !findings.some((finding) => covers(each, finding)))).toEqual([]);
  });
});
