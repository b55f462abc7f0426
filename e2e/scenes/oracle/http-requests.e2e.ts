/** Requests over HTTP, right and wrong, sent to Kea and to us: status, headers, result and the connection's fate must agree. */
import { beforeAll, describe, expect, test } from "vitest";
import { deliberateHttp } from "../../src/oracle/deliberate-differences-http.ts";
import { compareRequests, type HttpFinding } from "../../src/oracle/http/play-requests.ts";
import { requests } from "../../src/oracle/http/requests.ts";
import { findKea } from "../../src/subject/kea.ts";

describe.skipIf(findKea("kea3", "kea-dhcp4") === undefined)("needs Kea 3", () => {
  let findings: readonly HttpFinding[];

  beforeAll(async () => {
    findings = await compareRequests();
  });

  test.each(Object.keys(requests))("%s", (title) => {
    const unexpected = findings
      .filter((finding) => finding.title === title && !deliberateHttp.some((each) => covers(each, finding)))
      .map(({ path, kea, kotare }) => `${path}: ${kotare}, Kea's ${kea}`);
    expect(unexpected).toEqual([]);
  });

  test("every deliberate difference still is one", () => {
    expect(deliberateHttp.filter((each) => !findings.some((finding) => covers(each, finding)))).toEqual([]);
  });
});

function covers(difference: (typeof deliberateHttp)[number], { title, path }: HttpFinding): boolean {
  const isWhole = (pattern: RegExp, text: string) => new RegExp(`^(?:${pattern.source})$`).test(text);
  return isWhole(difference.title, title) && isWhole(difference.path, path);
}
