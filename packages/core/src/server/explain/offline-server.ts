/** A server of a whole configuration that serves nobody: messages are explained with it. It has no leases. */
import type { Interface } from "@kotare/netio/interfaces/interface";
import { listInterfaces } from "@kotare/netio/interfaces/interfaces";
import { atOnce } from "../../base/steps.ts";
import { parseInterfaceText } from "../../config/check/check-interfaces.ts";
import type { InterfacesConfig } from "../../config/dhcp4-config.ts";
import type { OfflineServer } from "../../daemon/offline/explainer.ts";
import type { LeaseClock } from "../../leases/model/lease-clock.ts";
import type { LeaseStore } from "../../leases/model/lease-store.ts";
import type { InterfaceRules, ServedInterface } from "../interfaces/served-interfaces.ts";
import type { PacketPath, PathTypes } from "../packets/packet-path.ts";
import { type ExplainRules, explainPacket } from "./explain-packet.ts";

interface OfflineConfig {
  readonly "interfaces-config": Pick<InterfacesConfig, "interfaces">;
}

export interface OfflineFamily<T extends PathTypes, Config extends OfflineConfig, Store> {
  readonly rules: ExplainRules<T>;
  readonly interfaceRules: InterfaceRules<T["address"], Config["interfaces-config"]>;
  readonly path: PacketPath<T>;
  openStore(config: Config): Promise<{ readonly store: Store; readonly leaseClock: LeaseClock }>;
  compile(config: Config, store: Store): Generator<void, T["service"]>;
  beginHosts(service: T["service"]): T["hosts"];
  /** The server that a message is for. */
  serviceFor(service: T["service"], payload: Uint8Array): T["service"];
  /** Of an interface that nothing is known about. */
  readonly addresses: readonly T["address"][];
}

const MTU = 1500;

export async function openOfflineServer<
  T extends PathTypes,
  Config extends OfflineConfig,
  Store extends LeaseStore<T["lease"], T["batch"]>,
>(family: OfflineFamily<T, Config, Store>, config: Config): Promise<OfflineServer> {
  const { rules, path, beginHosts } = family;
  const { store, leaseClock } = await family.openStore(config);
  const service = atOnce(family.compile(config, store));
  return {
    explain: (packet) =>
      explainPacket(
        rules,
        {
          path,
          extend: (each) => each,
          service: family.serviceFor(service, packet.payload),
          store,
          clock: leaseClock,
          beginHosts,
          // Whoever explains a message wants to know what this server does with it, wherever it runs one day.
          isOurAddress: () => true,
          isOn: () => true,
          random: () => 0,
          served: (text) => interfaceOf(text, config, family),
        },
        packet,
      ),
    close: () => store.close(),
  };
}

/** As it is on this host, if it is there; the first one that the configuration means unless named. */
function interfaceOf<T extends PathTypes, Config extends OfflineConfig, Store>(
  text: string | undefined,
  { "interfaces-config": config }: Config,
  { interfaceRules, addresses }: OfflineFamily<T, Config, Store>,
): ServedInterface<T["address"]> {
  const [listed = "*"] = config.interfaces;
  const { name, address } = parseInterfaceText(text ?? listed);
  const links = [...listInterfaces().values()];
  const link = links.find((each) => (name === "*" ? interfaceRules.isUsable(each, config) : each.name === name));
  const only = address === undefined ? undefined : interfaceRules.parse(address);
  if (address !== undefined && only === undefined) throw new Error(`${address} is no address of this protocol`);
  const found = only === undefined ? link && addressesOf(link) : [only];
  return {
    index: link?.index ?? 1,
    name: link?.name ?? name,
    mtu: MTU,
    mac: new Uint8Array(6),
    addresses: found ?? addresses,
  };

  function addressesOf(present: Interface): readonly T["address"][] | undefined {
    const all = interfaceRules.addressesOf(present, [], config);
    return typeof all === "string" ? undefined : all;
  }
}
