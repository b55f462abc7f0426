import { readFileSync } from "node:fs";
import { VERSION } from "@kotare/core/daemon/version";
import { expect, test } from "vitest";

test.each([
  ["package.json", /"version": "(.*)"/],
  ["deploy/debian/changelog", /^kotare \((.*)\)/],
  ["deploy/rpm/kotare.spec", /^Version: (.*)$/m],
  ["deploy/freebsd/Makefile", /^DISTVERSION=\t(.*)$/m],
  ["deploy/homebrew/kotare.rb", /kotare-(.*)\.tar\.xz/],
])("%s has the version that the daemons say", (file, version) => {
  const text = readFileSync(new URL(`../../${file}`, import.meta.url), "utf8");
  expect(version.exec(text)?.[1]).toBe(VERSION);
});
