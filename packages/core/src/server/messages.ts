/** What both DHCP servers say of interfaces, clocks and leases. Ids and levels are Kea's where Kea knows the event. */
import { debug, defineMessages, error, info, warn } from "../log/catalogue.ts";
import { DebugLevel, type LoggerName } from "../log/levels.ts";

export type ServerMessages = ReturnType<typeof defineServerMessages>;

/** @param family `4` or `6`, as in `DHCP4_OPEN_SOCKET` and `ALLOC_ENGINE_V4_LEASES_RECLAIMED` */
export function defineServerMessages(logger: LoggerName, family: 4 | 6) {
  const server = defineMessages(
    logger,
    {
      NOT_SERVING: error(
        "no interface can be served: {why}",
        "The daemon runs but no client can reach it. It keeps trying; the reason says what to mend.",
      ),
      LEASE_DATABASE_KEPT: warn(
        "lease-database has changed: that takes effect with a restart; until then leases go where they went before",
        "Restart the daemon when it suits. To keep the leases, move the lease file along while it is stopped.",
      ),
      OPEN_SOCKET: info("serving interface {interface} at {addresses}", "The interface is up and has an address."),
      SOCKET_LOST: warn("not serving interface {interface}: {why}", "Watched: service resumes by itself."),
      OPEN_SOCKETS_FAILED: error(
        "cannot serve interface {interface}: {error}",
        "The daemon keeps trying with growing pauses. Is another DHCP server running there, or a capability missing?",
      ),
      PACKETS_UNSEEN: warn(
        "{lost} packets were lost before they could be read, and {broken} were too long or broken",
        "Lost are those for which the kernel had no room: a flood, or a machine too slow for what comes. A message has at most 8,160 bytes in DHCPv6, and 4,096 in DHCPv4; a broken one has a wrong length or checksum. Said once a minute at most.",
      ),
      NATIVE_MISSING: warn(
        "the addon cannot be loaded: {error}",
        "Build netio.node on this system, and put it beside the daemon's script. Without it there is the portable transport.",
      ),
      PORTABLE_TRANSPORT: info(
        "packets go through Node's own sockets: {limits}",
        'The addon is missing, or user-context.kotare.transport asks for that. See "Other systems" in the manual.',
      ),
      SEND_REFUSED: error(
        "a reply could not be sent: {error}",
        "Node's own sockets say so too late to tell whose it was. The client asks again.",
      ),
      PEER_SOCKET_FAILED: error(
        "cannot open port {port} of ::1 for DHCPv4 over DHCPv6: {error}",
        "The daemon keeps trying with growing pauses. dhcp4o6-port and the port behind it must be free.",
      ),
      PEER_BAD_PACKET: debug(
        DebugLevel.drop,
        "a datagram of {length} bytes from the other daemon is dropped: {error}",
        "It is no DHCPv4 message over DHCPv6, or does not say whom it is from or for.",
      ),
      CLOCK_BEHIND: warn(
        "the system clock is {seconds} s behind the newest leases; time goes on from these",
        "The host booted without a clock, or it was put back. No lease gets longer by that.",
      ),
      CLOCK_JUMP: warn(
        "the system clock jumped forward by {seconds} s; remaining lifetimes are kept",
        "Clients count their leases by their own clocks, so no lease ends earlier because ours was set.",
      ),
    },
    `DHCP${family}_`,
  );
  const upkeep = defineMessages(
    "alloc-engine",
    {
      LEASES_RECLAIMED: debug(DebugLevel.trace, "{count} expired leases reclaimed", "Done beside service."),
      LEASES_RECLAMATION_FAILED: error(
        "reclamation of expired leases failed: {error}",
        "It is tried again with the next round of reclamation; until then leases that are over stay as they are. Said again when the reason changes.",
      ),
    },
    `ALLOC_ENGINE_V${family}_`,
  );
  return { ...server, ...upkeep };
}
