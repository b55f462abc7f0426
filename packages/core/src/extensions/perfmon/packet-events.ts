/** What happens to a packet on its way, and when. */
import type { Times } from "@kotare/extension";
import type { Milliseconds } from "../../base/clock.ts";

type PacketEvent = readonly [label: string, time: Milliseconds];

/** In their order. `buffer_read` is when a packet's batch begins, and it is looked at then. */
export function eventsOf({ received, started, completed }: Times): readonly PacketEvent[] {
  return [
    ["socket_received", received],
    ["buffer_read", started],
    ["process_started", started],
    ["process_completed", completed],
  ];
}

/** As Kea's log lists them: `2026-Jan-01 00:00:00.000123 : socket_received, …`, in UTC. */
export function formatEvents(times: Times): string {
  const behind = Date.now() - performance.now();
  return eventsOf(times)
    .map(([label, time]) => `${formatMicros(Math.round(1000 * (behind + time)))} : ${label}`)
    .join(", ");
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** @param micros Unix time, in microseconds */
function formatMicros(micros: number): string {
  const text = new Date(micros / 1000).toISOString();
  const month = MONTHS[Number(text.slice(5, 7)) - 1];
  const fraction = String(micros % 1_000_000).padStart(6, "0");
  return `${text.slice(0, 4)}-${month}-${text.slice(8, 10)} ${text.slice(11, 19)}.${fraction}`;
}
