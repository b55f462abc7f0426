/** The subnets that are the fullest, by their numbers: their names would take the whole configuration. */
import type { Family } from "../leases/lease.ts";
import { Share, shareOf } from "../subnets/share.tsx";
import type { Samples } from "../subnets/use-samples.ts";
import { Table } from "../table.tsx";

const MOST = 5;

interface Props {
  readonly families: readonly Family[];
  readonly samples: Samples | undefined;
}

export function Fullest({ families, samples }: Props) {
  const usages = families
    .flatMap((family) => (samples?.[family].at(-1)?.usages ?? []).map((usage) => ({ ...usage, family })))
    .filter(({ total }) => total > 0)
    .sort((a, b) => shareOf(b) - shareOf(a))
    .slice(0, MOST);
  return (
    <Table caption="The fullest subnets" columns={["Subnet", "In use", "Leased"]}>
      {usages.map((usage) => {
        const name = `IPv${usage.family} subnet ${usage.subnetId}${usage.kind === "prefixes" ? ", prefixes" : ""}`;
        return (
          <tr key={name}>
            <th scope="row">
              <a href="#subnets">{name}</a>
            </th>
            <td>
              <Share usage={usage} name={name} />
            </td>
            <td class="number">{usage.assigned.toLocaleString()}</td>
          </tr>
        );
      })}
    </Table>
  );
}
