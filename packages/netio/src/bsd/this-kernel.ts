/** Which kind of kernel this is, and what its headers say. */

import { native } from "../native.ts";
import type { KernelLayout } from "./kernel-layout.ts";

/** Whether it is one of the BSDs or macOS. */
export const IS_BSD = process.platform !== "linux";

let layout: KernelLayout | undefined;

/** Only where `IS_BSD`. */
export function kernelLayout(): KernelLayout {
  layout ??= native.kernelLayout();
  return layout;
}
