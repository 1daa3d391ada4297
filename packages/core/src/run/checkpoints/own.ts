/** Finds this version's own checkpoint of a file. What a later version of the library wrote is never overwritten. */
import { readWreck } from "../../checkpoint/records.js";
import type { World } from "../context.js";
import { besideId } from "./checkpoint-id.js";

export type SavedCheckpoint = NonNullable<Awaited<ReturnType<World["checkpoints"]["load"]>>>;

export interface OwnCheckpoint {
  readonly id: string;
  readonly saved: SavedCheckpoint | undefined;
}

/** Called under the lock. */
export async function loadOwn(world: World, checkpointId: string): Promise<OwnCheckpoint> {
  const saved = await world.checkpoints.load(checkpointId);
  if (saved === undefined || !readWreck(saved.head).isLater) return { id: checkpointId, saved };
  const id = besideId(checkpointId);
  return { id, saved: await world.checkpoints.load(id) };
}
