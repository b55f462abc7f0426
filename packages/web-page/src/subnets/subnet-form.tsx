/** The form of a new subnet. */
import { useId, useState } from "preact/hooks";
import { FormDialog } from "../form-dialog.tsx";
import type { Family } from "../leases/lease.ts";
import type { SubnetFields } from "./change-subnet.ts";

interface Props {
  readonly family: Family;
  /** One that no subnet has. */
  readonly freeId: number;
  /** Names of shared networks. */
  readonly networks: readonly string[];
  /** Whether there is a database of configuration. */
  readonly hasDatabase: boolean;
  /** Rejects with what is wrong. */
  readonly onSubmit: (fields: SubnetFields) => Promise<void>;
  readonly onClose: () => void;
}

const EXAMPLES = {
  4: { subnet: "192.0.2.0/24", pools: "192.0.2.10 - 192.0.2.99" },
  6: { subnet: "2001:db8:1::/64", pools: "2001:db8:1::/80" },
};

export function SubnetForm({ family, freeId, networks, hasDatabase, onSubmit, onClose }: Props) {
  const [fields, setFields] = useState<SubnetFields>({
    ...{ id: `${freeId}`, subnet: "", pools: "", network: "" },
    isStored: hasDatabase,
  });
  const list = useId();

  const field = (name: Exclude<keyof SubnetFields, "isStored">, label: string, hint = "", options?: string) => (
    <label>
      {label}
      <input
        value={fields[name]}
        placeholder={hint}
        list={options}
        required={name === "id" || name === "subnet"}
        onInput={(event) => setFields({ ...fields, [name]: event.currentTarget.value })}
      />
    </label>
  );

  return (
    <FormDialog title="New subnet" onSubmit={() => onSubmit(fields)} onClose={onClose}>
      {field("id", "Number, which leases refer to")}
      {field("subnet", "Prefix", EXAMPLES[family].subnet)}
      {field("pools", "Pools", EXAMPLES[family].pools)}
      {field("network", "Shared network", "none", list)}
      <datalist id={list}>
        {networks.map((each) => (
          <option key={each} value={each} />
        ))}
      </datalist>
      {hasDatabase && (
        <label>
          <input
            type="checkbox"
            checked={fields.isStored}
            onChange={(event) => setFields({ ...fields, isStored: event.currentTarget.checked })}
          />
          In the database of configuration, for all servers
        </label>
      )}
    </FormDialog>
  );
}
