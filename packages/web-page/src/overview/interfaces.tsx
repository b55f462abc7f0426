/** The interfaces of the host, and which daemons serve them. */
import { type Family, SERVICE_OF } from "../leases/lease.ts";
import { Problem } from "../problem.tsx";
import type { Session } from "../session.ts";
import { Table } from "../table.tsx";
import { usePolled } from "../use-polled.ts";

/** Of `interface-list`, what is shown. */
interface Link {
  readonly name: string;
  readonly mac: string;
  readonly addresses: readonly string[];
  readonly "flag-loopback": boolean;
  readonly "flag-up": boolean;
  readonly "flag-running": boolean;
  readonly "in-use": boolean;
}

interface Props {
  readonly session: Session;
  readonly families: readonly Family[];
}

export function Interfaces({ session, families }: Props) {
  const { value = [], problem } = usePolled(
    (signal) =>
      Promise.all(
        families.map(async (family) => {
          const service = SERVICE_OF[family];
          const command = "interface-list";
          const answer = await session.ask<{ readonly interfaces: readonly Link[] }>(
            service,
            command,
            undefined,
            signal,
          );
          return { service, links: answer?.interfaces ?? [] };
        }),
      ),
    [families.join()],
    2,
  );
  const links = new Map(value.flatMap(({ links }) => links.map((link) => [link.name, link])));
  const isUsed = (name: string) => value.map(({ links }) => links.some((link) => link.name === name && link["in-use"]));
  const services = value.map(({ service }) => service);
  return (
    <>
      <Problem text={problem} />
      <Table
        caption="Interfaces of this host"
        columns={["Interface", "Link", ...services, "Hardware address", "Addresses"]}
      >
        {[...links.values()]
          .filter((link) => !link["flag-loopback"] || isUsed(link.name).includes(true))
          .map((link) => (
            <tr key={link.name}>
              <th scope="row">{link.name}</th>
              <td>{link["flag-up"] ? (link["flag-running"] ? "up" : "no carrier") : "down"}</td>
              {isUsed(link.name).map((is, i) => (
                <td key={services[i]}>
                  <span class={`mood ${is ? "good" : "off"}`}>{is ? "served" : "not served"}</span>
                </td>
              ))}
              <td class="code">{link.mac}</td>
              <td class="wrap">{link.addresses.join(", ")}</td>
            </tr>
          ))}
      </Table>
    </>
  );
}
