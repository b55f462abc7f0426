/** manual.main.mjs FOLDER: writes the manual pages and JSON Schema files of the daemons' configurations. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { dhcpDdnsFamily } from "@kotare/core/config/dhcp-ddns-family";
import { dhcp4Family } from "@kotare/core/config/dhcp4-family";
import { dhcp6Family } from "@kotare/core/config/dhcp6-family";
import { VERSION } from "@kotare/core/daemon/version";
import { z } from "zod";
import { configPage, type KeySchema } from "./config-page.ts";

const families = { dhcp4d: dhcp4Family, dhcp6d: dhcp6Family, d2d: dhcpDdnsFamily };

const [folder] = process.argv.slice(2);
if (folder === undefined) throw new Error("usage: manual.main.mjs FOLDER");
// So that the same sources make the same pages.
const { SOURCE_DATE_EPOCH } = process.env;
const made = SOURCE_DATE_EPOCH === undefined ? new Date() : new Date(Number(SOURCE_DATE_EPOCH) * 1000);
const edition = { version: VERSION, date: made.toISOString().slice(0, 10) };
mkdirSync(folder, { recursive: true });
for (const [daemon, { schema }] of Object.entries(families)) {
  const json = z.toJSONSchema(schema, { io: "input" });
  writeFileSync(join(folder, `${daemon}.conf.5`), configPage(daemon, json as KeySchema, edition));
  writeFileSync(join(folder, `${daemon}.schema.json`), `${JSON.stringify(json, undefined, 1)}\n`);
}
