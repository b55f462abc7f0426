/** The form of one reservation. */
import { useId, useState } from "preact/hooks";
import type { Subnet } from "../configuration/config.ts";
import { FormDialog } from "../form-dialog.tsx";
import type { Family } from "../leases/lease.ts";
import { IDENTIFIERS, type ReservationFields } from "./reservation.ts";

interface Props {
  readonly title: string;
  readonly family: Family;
  readonly subnets: readonly Subnet[];
  readonly fields: ReservationFields;
  /** Rejects with what is wrong. */
  readonly onSubmit: (fields: ReservationFields) => Promise<void>;
  readonly onClose: () => void;
}

const EVERYWHERE = "all subnets";

export function ReservationForm({ title, family, subnets, fields: given, onSubmit, onClose }: Props) {
  const [fields, setFields] = useState(given);
  const nameOf = (id: number) => subnets.find((each) => each.id === id)?.subnet ?? (id === 0 ? EVERYWHERE : `${id}`);
  const [subnet, setSubnet] = useState(nameOf(given.subnetId));
  const list = useId();

  async function submit(): Promise<void> {
    const found = subnets.find((each) => each.subnet === subnet.trim() || `${each.id}` === subnet.trim());
    if (found === undefined && subnet.trim() !== EVERYWHERE)
      throw new Error(`There is no subnet ${subnet}. Type its prefix or its number, or "${EVERYWHERE}".`);
    await onSubmit({ ...fields, subnetId: found?.id ?? 0 });
  }

  const field = (name: keyof ReservationFields, label: string, hint = "") => (
    <label>
      {label}
      <input
        value={fields[name]}
        placeholder={hint}
        required={name === "identifier"}
        onInput={(event) => setFields({ ...fields, [name]: event.currentTarget.value })}
      />
    </label>
  );

  return (
    <FormDialog title={title} onSubmit={submit} onClose={onClose}>
      <label>
        Subnet
        <input list={list} required value={subnet} onInput={(event) => setSubnet(event.currentTarget.value)} />
      </label>
      <datalist id={list}>
        {[...subnets.map((each) => each.subnet), EVERYWHERE].map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      <label>
        Client known by
        <select
          value={fields.identifierType}
          onChange={(event) => setFields({ ...fields, identifierType: event.currentTarget.value })}
        >
          {IDENTIFIERS[family].map((each) => (
            <option key={each}>{each}</option>
          ))}
        </select>
      </label>
      {field("identifier", "Client", "02:00:00:00:00:17")}
      {field("addresses", family === 4 ? "Address" : "Addresses")}
      {family === 6 && field("prefixes", "Prefixes", "2001:db8:1::/56")}
      {field("hostname", "Host name")}
      {field("classes", "Classes", "with commas between them")}
    </FormDialog>
  );
}
