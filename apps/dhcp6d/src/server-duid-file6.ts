/** Our own DUID as the configuration wants it, kept where Kea keeps its: a client knows its server again by it. */
import { randomBytes } from "node:crypto";
import { closeSync, fsyncSync, openSync, renameSync, writeSync } from "node:fs";
import { dirname, join } from "node:path";
import { equalBytes } from "@kotare/core/base/bytes";
import type { Clock } from "@kotare/core/base/clock";
import { parseHex } from "@kotare/core/base/hex";
import { createFileSync, readSmallFile } from "@kotare/core/base/regular-file";
import type { Dhcp6Config } from "@kotare/core/config/dhcp6-config";
import { formatDuid, type LinkLayerAddress, parseDuid } from "@kotare/core/dhcp6/duid";
import { chooseServerDuid, SERVER_DUID_FILE, type ServerDuidSettings } from "@kotare/core/dhcp6/server-duid";
import type { Logger } from "@kotare/core/log/logger";
import { listInterfaces } from "@kotare/netio/interfaces/interfaces";
import { serverDuid } from "./report/messages6.ts";

const FILE_MODE = 0o640;
/** Bytes. */
const MOST = 4096;
const ETHERNET = 1;
const MAC_LENGTH = 6;

/** @param folder where it is kept */
export function takeServerDuid(config: Dhcp6Config, folder: string, clock: Clock, log: Logger): Uint8Array {
  const settings = settingsOf(config["server-id"]);
  const { persist } = config["server-id"];
  const file = join(folder, SERVER_DUID_FILE);
  const stored = persist ? read(file, log) : undefined;
  const sources = { linkLayer: findLinkLayer(), now: clock.wall(), random: randomBytes };
  // A host without a hardware address has a DUID all the same.
  const duid =
    chooseServerDuid(settings, stored, sources) ??
    chooseServerDuid({ ...settings, type: "EN", identifier: new Uint8Array(0) }, stored, sources)!;
  if (persist && (stored === undefined || !equalBytes(stored, duid))) write(file, duid, log);
  log.log(serverDuid.DHCP6_USING_SERVERID, { duid });
  return duid;
}

function settingsOf(config: Dhcp6Config["server-id"]): ServerDuidSettings {
  const { type, htype, time, identifier } = config;
  return { type, htype, time, identifier: parseHex(identifier)!, enterprise: config["enterprise-id"] };
}

/** Of the first interface that has one. */
function findLinkLayer(): LinkLayerAddress | undefined {
  const link = [...listInterfaces().values()].find(({ loopback, type, mac }) => {
    return !loopback && type === ETHERNET && mac.length === MAC_LENGTH && mac.some((byte) => byte !== 0);
  });
  return link && { htype: link.type, address: link.mac };
}

function read(file: string, log: Logger): Uint8Array | undefined {
  let text: string;
  try {
    text = readSmallFile(file, MOST).toString("latin1");
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code !== "ENOENT") log.log(serverDuid.DHCP6_SERVERID_FILE_UNUSABLE, { file, error: message });
    return undefined;
  }
  const duid = parseDuid(text);
  if (duid === undefined) log.log(serverDuid.DHCP6_SERVERID_FILE_UNUSABLE, { file, error: "it holds no DUID" });
  return duid;
}

/** A crash leaves the old file or the new one. */
function write(file: string, duid: Uint8Array, log: Logger): void {
  const fresh = `${file}.new`;
  try {
    const fd = createFileSync(fresh, FILE_MODE);
    try {
      writeSync(fd, formatDuid(duid));
      fsyncSync(fd);
    } finally {
      closeSync(fd);
    }
    renameSync(fresh, file);
    const folder = openSync(dirname(file), "r");
    fsyncSync(folder);
    closeSync(folder);
  } catch (error) {
    log.log(serverDuid.DHCP6_SERVERID_FILE_UNUSABLE, { file, error: (error as Error).message });
  }
}
