/** What the log says of pairs, under Kea's ids, which those who watch the log look for, and what to do about it. */
import type { ExtensionMessage } from "@kotare/extension";

export const messages = {
  HA_SERVICE_STARTED: {
    severity: "info",
    text: "{server}: high availability begins, {mode}, as {role}",
    doc: "Clients are served when the state says so.",
  },
  HA_CONFIG_LEASE_UPDATES_DISABLED: {
    severity: "warn",
    text: "{server}: the configuration has no lease updates sent to the partner",
    doc: "Right only where both servers use one database. Otherwise a partner that takes over knows no leases.",
  },
  HA_CONFIG_LEASE_SYNCING_DISABLED: {
    severity: "warn",
    text: "{server}: the configuration has no leases fetched from the partner",
    doc: "Right only where both servers use one database. Otherwise leases are missing here after each start.",
  },
  HA_CONFIG_LEASE_UPDATES_AND_SYNCING_DIFFER: {
    severity: "warn",
    text: "{server}: only one of send-lease-updates and sync-leases is on",
    doc: "With a database for both servers both are off, and without it both are on.",
  },
  HA_CONFIG_AUTO_FAILOVER_DISABLED: {
    severity: "warn",
    text: "{server}: auto-failover is off: this server never serves the partner's clients",
    doc: "When the partner is gone, somebody has to give ha-scopes.",
  },
  HA_LOCAL_DHCP_ENABLE: {
    severity: "info",
    text: "{server}: clients are served while the server is {state}",
    doc: "Which clients depends on the mode; HA_STATE_TRANSITION has their scopes.",
  },
  HA_LOCAL_DHCP_DISABLE: {
    severity: "info",
    text: "{server}: no client is served while the server is {state}",
    doc: "It waits for its partner, or fetches leases.",
  },
  // Tools read the states out of these two lines, so their words are Kea's.
  HA_STATE_TRANSITION: {
    severity: "info",
    text: "{server}: server transitions from {from} to {to} state, partner state is {partner}; serves {scopes}",
    doc: "What each state means is in the manual; PARTNER-DOWN and TERMINATED want somebody to look at the partner.",
  },
  HA_STATE_TRANSITION_PASSIVE_BACKUP: {
    severity: "info",
    text: "{server}: server transitions from {from} to {to} state; serves {scopes}",
    doc: "A server without a partner has no other states but these, unless somebody asks for maintenance.",
  },
  HA_COMMUNICATION_INTERRUPTED: {
    severity: "warn",
    text: "{server}: {partner} is gone: it has said nothing for longer than max-response-delay, or nobody listens there",
    doc: "Its clients are going to be served here, if the rules of the pair are met. Look at the partner, and at the network between.",
  },
  HA_COMMUNICATION_INTERRUPTED_CLIENT4: {
    severity: "info",
    text: "{server}: {client} asks, and {partner} is silent",
    doc: "It counts as a client of the partner. It gets an answer here when enough of them have asked for too long.",
  },
  HA_COMMUNICATION_INTERRUPTED_CLIENT4_UNACKED: {
    severity: "info",
    text: "{server}: {partner} has not answered {client}, as {unacked} clients in all; {left} more, and this server takes over",
    doc: "It says itself that it has asked for longer than max-ack-delay.",
  },
  HA_COMMUNICATION_INTERRUPTED_CLIENT6: {
    severity: "info",
    text: "{server}: {client} asks, and {partner} is silent",
    doc: "It counts as a client of the partner. It gets an answer here when enough of them have asked for too long.",
  },
  HA_COMMUNICATION_INTERRUPTED_CLIENT6_UNACKED: {
    severity: "info",
    text: "{server}: {partner} has not answered {client}, as {unacked} clients in all; {left} more, and this server takes over",
    doc: "It says itself that it has asked for longer than max-ack-delay.",
  },
  HA_HEARTBEAT_COMMUNICATIONS_FAILED: {
    severity: "warn",
    text: "{server}: {partner} does not answer a heartbeat: {error}",
    doc: "Said once until it answers again. Is it running, and are its url, its login and its certificates right here?",
  },
  HA_LEASE_UPDATES_ENABLED: {
    severity: "info",
    text: "{server}: {partner} is told of leases while the server is {state}",
    doc: "Answers to clients wait for it.",
  },
  HA_LEASE_UPDATES_DISABLED: {
    severity: "info",
    text: "{server}: {partner} is not told of leases while the server is {state}",
    doc: "It gets them when it is back.",
  },
  HA_LEASE_UPDATE_COMMUNICATIONS_FAILED: {
    severity: "warn",
    text: "{server}: {partner} cannot be told of a lease of {client}: {error}",
    doc: "Said once for each client, of 100, until the partner answers again. While it counts as there, clients whose leases it does not have get no answer.",
  },
  HA_LEASE_UPDATE_FAILED: {
    severity: "warn",
    text: "{server}: {partner} answers an update of a lease of {client} with an error: {error}",
    doc: "Said once for each client, of 100, until the partner answers again. The client gets no answer, and asks again. Are both of versions that work together, and does the partner's disk have room?",
  },
  HA_LEASE_UPDATE_CONFLICT: {
    severity: "warn",
    text: "{server}: {partner} will not have a lease of {client}: {error}",
    doc: "Are the subnets the same at both servers? The client gets no answer, and asks again. Where a partner of ours has no subnet for the lease, the client gets its answer, and this is said once.",
  },
  HA_LEASES_BACKLOG_START: {
    severity: "info",
    text: "{server}: {count} changes that were kept for {partner} are sent",
    doc: "The link was cut for a while; both have served their own clients.",
  },
  HA_LEASES_BACKLOG_SUCCESS: {
    severity: "info",
    text: "{server}: {partner} has what was kept for it, after {milliseconds} ms",
    doc: "Both servers have the same leases now.",
  },
  HA_LEASES_BACKLOG_COMMUNICATIONS_FAILED: {
    severity: "error",
    text: "{server}: what was kept for {partner} cannot be sent: {error}",
    doc: "It is tried again when the partner answers.",
  },
  HA_LEASES_BACKLOG_FAILED: {
    severity: "error",
    text: "{server}: {partner} answers some of what was kept for it with an error: {error}",
    doc: "It would do so again: these leases are not sent any more.",
  },
  HA_SYNC_START: {
    severity: "info",
    text: "{server}: fetches the leases of {partner}",
    doc: "The newer of two leases stays.",
  },
  HA_SYNC_SUCCESSFUL: {
    severity: "info",
    text: "{server}: {partner} has given its leases in {milliseconds} ms; {count} were newer than here",
    doc: "Both servers have the same leases now.",
  },
  HA_SYNC_FAILED: {
    severity: "error",
    text: "{server}: {partner} does not give its leases: {error}",
    doc: "It is tried again after the next heartbeat. The partner has to take dhcp-disable and lease4-get-page, or lease6-get-page.",
  },
  HA_STATE_MACHINE_PAUSED: {
    severity: "info",
    text: "{server}: stays in the {state} state until ha-continue",
    doc: "As the configuration has it in state-machine.",
  },
  HA_STATE_MACHINE_CONTINUED: {
    severity: "info",
    text: "{server}: goes on, as ha-continue has asked for",
    doc: "Its state changes as soon as there is a reason.",
  },
  HA_MAINTENANCE_STARTED: {
    severity: "info",
    text: "{server}: serves all clients; {partner} can be shut down",
    doc: "ha-maintenance-cancel takes it back. When the partner is gone the state becomes partner-down.",
  },
  HA_MAINTENANCE_STARTED_IN_PARTNER_DOWN: {
    severity: "info",
    text: "{server}: serves all clients; {partner} seems to be shut down already",
    doc: "Leases reach the partner when it comes back.",
  },
  HA_MAINTENANCE_SHUTDOWN_SAFE: {
    severity: "info",
    text: "{server}: the partner serves all clients; this server can be shut down",
    doc: "It serves nobody meanwhile.",
  },
  HA_MAINTENANCE_NOTIFY_COMMUNICATIONS_FAILED: {
    severity: "error",
    text: "{server}: {partner} cannot be told of the maintenance: {error}",
    doc: "If it is shut down already, all is well.",
  },
  HA_RESET_COMMUNICATIONS_FAILED: {
    severity: "warn",
    text: "{server}: {partner} cannot be told to fetch all leases: {error}",
    doc: "More has changed than could be kept for it. It fetches the leases when it is back.",
  },
  HA_HIGH_CLOCK_SKEW: {
    severity: "warn",
    text: "{server}: the clock of {partner} is {seconds} s away from this server's",
    doc: "Have both follow a time server. A Kea ends the pair at more than 60 s. Said once a minute.",
  },
  HA_HIGH_CLOCK_SKEW_CAUSED_TERMINATION: {
    severity: "error",
    text: "{server}: the pair ends, because the clock of {partner} is {seconds} s away from this server's",
    doc: "Set the clocks, then give both servers ha-reset, this one last.",
  },
  HA_LEASE_UPDATE_REJECTS_CAUSED_TERMINATION: {
    severity: "error",
    text: "{server}: the pair ends, because {partner} has rejected leases of {count} clients",
    doc: "Make the subnets of both servers the same, then give both ha-reset, this one last.",
  },
  HA_TERMINATED: {
    severity: "error",
    text: "{server}: the pair has ended; both servers go on without telling each other of leases",
    doc: "The log of one of the two says why, with an id that ends in TERMINATION. Mend that: both begin anew within 10 minutes, or at once when the partner, and then this server, is given ha-reset.",
  },
} as const satisfies Readonly<Record<string, ExtensionMessage>>;

type Placeholders<Text extends string> = Text extends `${string}{${infer Name}}${infer Rest}`
  ? Name | Placeholders<Rest>
  : never;

export type MessageId = keyof typeof messages;
export type ValuesOf<Id extends MessageId> = Readonly<
  Record<Placeholders<(typeof messages)[Id]["text"]>, string | number>
>;
/** Says one of the messages. */
export type Tell = <Id extends MessageId>(id: Id, values: ValuesOf<Id>) => void;
