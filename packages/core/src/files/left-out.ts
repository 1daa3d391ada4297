/** What could not be taken of a drop or a folder is told, and is no reason to lose the rest. */
import { callSafely } from "../upload/call-safely.js";

/**
 * "unreadable-file": it vanished, or may not be read. "unreadable-folder": it could not be listed, or not to its end; what was
 * listed is taken. "loop": a link that leads back to a folder above it, which was taken already.
 */
export type LeftOutReason = "unreadable-file" | "unreadable-folder" | "loop";

export interface LeftOutOptions {
  /**
   * Told of each file and folder that could not be taken, before the promise resolves. `path` is what the `PickedFile` would
   * have had. Default: a warning on the console.
   */
  readonly onLeftOut?: (path: string, reason: LeftOutReason) => void;
}

export type LeaveOut = (path: string, reason: LeftOutReason) => void;

export function leavingOut({ onLeftOut }: LeftOutOptions): LeaveOut {
  return (path, reason) => {
    if (onLeftOut === undefined) console.warn(`Ossicle: ${path} is left out (${reason})`);
    else callSafely(() => onLeftOut(path, reason));
  };
}
