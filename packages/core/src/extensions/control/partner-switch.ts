/** Extensions that see to a partner's switch of the service themselves. */
import type { PartnerSwitch } from "../../control/service-state.ts";
import type { Extensions } from "../start-extensions.ts";

/** @param extensions those that are asked now: all of them */
export function partnerSwitchIn(extensions: () => Extensions): PartnerSwitch {
  return (isOn, seconds) => {
    const asked = extensions().map((extension) => {
      const { onPartnerSwitch } = extension.contributions;
      return onPartnerSwitch !== undefined && extension.call("onPartnerSwitch", () => onPartnerSwitch(isOn, seconds));
    });
    return asked.includes(true);
  };
}
