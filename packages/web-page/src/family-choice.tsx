/** IPv4 or IPv6, where both are served. */
import type { Family } from "./leases/lease.ts";

interface Props {
  readonly families: readonly Family[];
  readonly chosen: Family;
  readonly onChoose: (family: Family) => void;
}

export function FamilyChoice({ families, chosen, onChoose }: Props) {
  if (families.length < 2) return null;
  return (
    <fieldset class="choice">
      <legend>Family</legend>
      {families.map((family) => (
        <label key={family}>
          <input type="radio" name="family" checked={family === chosen} onChange={() => onChoose(family)} />
          IPv{family}
        </label>
      ))}
    </fieldset>
  );
}
