/** Says whether the parts of an upload are all of one unit: then anybody knows what its object is made of. */

import type { RunContext } from "../context.js";
import type { Ruler } from "./positions.js";

/** @returns false with "auto" parts, whose size the line gives them, in a page that nobody need know */
export function areUnits({ world, settings }: Pick<RunContext, "world" | "settings">, { unit }: Ruler): boolean {
  if (world.store.limits.equalParts) return true;
  return settings.partSize !== "auto" && Math.round(settings.partSize / unit) <= 1;
}
