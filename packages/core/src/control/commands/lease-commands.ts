/** The commands about leases: those of Kea's libraries `lease_cmds`, `lease_query` and `stat_cmds`. */
import type { LeaseBatch4 } from "../../leases/model/lease-store4.ts";
import type { LeaseBatch6 } from "../../leases/model/lease-store6.ts";
import type { Lease4 } from "../../leases/model/lease4.ts";
import type { Lease6 } from "../../leases/model/lease6.ts";
import type { Command } from "../command.ts";
import { eventGet } from "./event/event-get.ts";
import { ddnsResend } from "./lease/ddns-resend.ts";
import { extendedInfo4Upgrade, extendedInfo6Upgrade } from "./lease/extended-info-upgrade.ts";
import { leaseAdd } from "./lease/lease-add.ts";
import { leaseBulkApply } from "./lease/lease-bulk-apply.ts";
import type { AnyLease, LeaseContext, LeaseContext4, LeaseContext6 } from "./lease/lease-context.ts";
import { leaseDel } from "./lease/lease-del.ts";
import { deleteFields, updateFields } from "./lease/lease-fields.ts";
import { leaseGet } from "./lease/lease-get.ts";
import { leaseResendDdns } from "./lease/lease-resend-ddns.ts";
import { leaseUpdate } from "./lease/lease-update.ts";
import { leaseWipe } from "./lease/lease-wipe.ts";
import { leaseWrite } from "./lease/lease-write.ts";
import { statLeaseGet } from "./lease/stat-lease-get.ts";
import { summonClients } from "./lease/summon-clients.ts";
import { leaseGetAll } from "./lease-lists/lease-get-all.ts";
import { leaseGetByHostname } from "./lease-lists/lease-get-by-hostname.ts";
import { leaseGetByPart } from "./lease-lists/lease-get-by-part.ts";
import { leaseGetByState } from "./lease-lists/lease-get-by-state.ts";
import { leaseGetPage } from "./lease-lists/lease-get-page.ts";
import { leaseGetRows } from "./lease-lists/lease-get-rows.ts";
import { named4, summoned4, which4, whole4 } from "./lease4/lease4-arguments.ts";
import { lease4GetByClientId } from "./lease4/lease4-get-by-client-id.ts";
import { lease4GetByHwAddress } from "./lease4/lease4-get-by-hw-address.ts";
import { named6, summoned6, which6, whole6 } from "./lease6/lease6-arguments.ts";
import { lease6GetByDuid } from "./lease6/lease6-get-by-duid.ts";
import { lease6GetByHwAddress } from "./lease6/lease6-get-by-hw-address.ts";
import { queues4, queues6 } from "./shared-queue/queued-pools.ts";
import { sharedQueueCommands } from "./shared-queue/sflq-pool.ts";
import { subnet4SelectTest } from "./subnet/subnet4-select-test.ts";
import { subnet4o6SelectTest } from "./subnet/subnet4o6-select-test.ts";
import { subnet6SelectTest } from "./subnet/subnet6-select-test.ts";

const ofBoth = <L extends AnyLease>(family: 4 | 6): readonly Command<LeaseContext<L>>[] => [
  ddnsResend<L>(),
  eventGet<L>(family),
  leaseGetAll<L>(family),
  leaseGetByHostname<L>(family),
  leaseGetByState<L>(family),
  leaseGetPage<L>(family),
  leaseGetRows<L>(family),
  leaseWrite<L>(family),
  statLeaseGet<L>(family),
];

const of4 = (): readonly Command<LeaseContext4>[] => [
  ...ofBoth<Lease4>(4),
  extendedInfo4Upgrade,
  leaseAdd(whole4),
  leaseBulkApply(whole4, which4),
  leaseDel({ ...which4, arguments: which4.arguments.extend(deleteFields) }),
  leaseGetByPart<Lease4>(4, ({ hwaddr, clientId }) => [hwaddr, clientId]),
  leaseGet(which4),
  lease4GetByClientId,
  lease4GetByHwAddress,
  leaseResendDdns(named4),
  ...sharedQueueCommands<Lease4, LeaseContext4>(queues4),
  summonClients(summoned4),
  leaseWipe<Lease4, LeaseBatch4>(4, (batch, { address }) => batch.byAddress(address)),
  subnet4SelectTest,
  subnet4o6SelectTest,
  leaseUpdate({ ...whole4, arguments: whole4.arguments.extend(updateFields) }),
];

const of6 = (): readonly Command<LeaseContext6>[] => [
  ...ofBoth<Lease6>(6),
  extendedInfo6Upgrade,
  leaseAdd(whole6),
  leaseBulkApply(whole6, which6),
  leaseDel({ ...which6, arguments: which6.arguments.extend(deleteFields) }),
  leaseGetByPart<Lease6>(6, ({ duid, hwaddr }) => [duid, hwaddr]),
  leaseGet(which6),
  lease6GetByDuid,
  lease6GetByHwAddress,
  leaseResendDdns(named6),
  ...sharedQueueCommands<Lease6, LeaseContext6>(queues6),
  summonClients(summoned6),
  leaseWipe<Lease6, LeaseBatch6>(6, (batch, { type, address }) => batch.byAddress(type, address)),
  subnet6SelectTest,
  leaseUpdate({ ...whole6, arguments: whole6.arguments.extend(updateFields) }),
];

export const leaseCommands4 = /* @__PURE__ */ of4();
export const leaseCommands6 = /* @__PURE__ */ of6();
