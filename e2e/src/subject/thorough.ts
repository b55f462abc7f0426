/** Whether all is played that takes long and is alike: with `E2E_CLIENTS=all`. Else `npm test` plays one of each kind. */
export const isThorough = process.env["E2E_CLIENTS"] === "all";

/** The rows that are played on one of several kinds, when each row is enough on one. @param index of the kind, of `kinds` */
export function shareOf<Row>(rows: readonly Row[], index: number, kinds: number): readonly Row[] {
  return isThorough ? rows : rows.filter((_, i) => i % kinds === index % kinds);
}
