/** The commands about leases: those of Kea's libraries `lease_cmds` and `stat_cmds`. */
import type { Lease4 } from "../../leases/model/lease4.ts";
import type { Lease6 } from "../../leases/model/lease6.ts";
import type { Command } from "../command.ts";
import type { AnyLease, LeaseContext, LeaseContext4, LeaseContext6 } from "./lease/lease-context.ts";
import { leaseGetAll } from "./lease/lease-get-all.ts";
import { leaseGetByHostname } from "./lease/lease-get-by-hostname.ts";
import { leaseGetByState } from "./lease/lease-get-by-state.ts";
import { leaseGetPage } from "./lease/lease-get-page.ts";
import { leaseWipe } from "./lease/lease-wipe.ts";
import { leaseWrite } from "./lease/lease-write.ts";
import { statLeaseGet } from "./lease/stat-lease-get.ts";
import { lease4Add } from "./lease4/lease4-add.ts";
import { lease4Del } from "./lease4/lease4-del.ts";
import { lease4Get } from "./lease4/lease4-get.ts";
import { lease4GetByClientId } from "./lease4/lease4-get-by-client-id.ts";
import { lease4GetByHwAddress } from "./lease4/lease4-get-by-hw-address.ts";
import { lease4ResendDdns } from "./lease4/lease4-resend-ddns.ts";
import { lease4Update } from "./lease4/lease4-update.ts";
import { lease6Add } from "./lease6/lease6-add.ts";
import { lease6BulkApply } from "./lease6/lease6-bulk-apply.ts";
import { lease6Del } from "./lease6/lease6-del.ts";
import { lease6Get } from "./lease6/lease6-get.ts";
import { lease6GetByDuid } from "./lease6/lease6-get-by-duid.ts";
import { lease6GetByHwAddress } from "./lease6/lease6-get-by-hw-address.ts";
import { lease6ResendDdns } from "./lease6/lease6-resend-ddns.ts";
import { lease6Update } from "./lease6/lease6-update.ts";

const ofBoth = <L extends AnyLease>(family: 4 | 6): readonly Command<LeaseContext<L>>[] => [
  leaseGetAll<L>(family),
  leaseGetByHostname<L>(family),
  leaseGetByState<L>(family),
  leaseGetPage<L>(family),
  leaseWipe<L>(family),
  leaseWrite<L>(family),
  statLeaseGet<L>(family),
];

export const leaseCommands4: readonly Command<LeaseContext4>[] = [
  ...ofBoth<Lease4>(4),
  lease4Add,
  lease4Del,
  lease4Get,
  lease4GetByClientId,
  lease4GetByHwAddress,
  lease4ResendDdns,
  lease4Update,
];

export const leaseCommands6: readonly Command<LeaseContext6>[] = [
  ...ofBoth<Lease6>(6),
  lease6Add,
  lease6BulkApply,
  lease6Del,
  lease6Get,
  lease6GetByDuid,
  lease6GetByHwAddress,
  lease6ResendDdns,
  lease6Update,
];
