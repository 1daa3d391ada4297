/** Opens the file and computes the checkpoint id. Each upload of this page does so once, and keeps both in its memory. */
import type { Job } from "../../upload/job.js";
import type { Memory } from "../../upload/memory.js";
import { checkpointIdOf } from "../checkpoints/checkpoint-id.js";
import type { Settings, World } from "../context.js";
import { answerOfDrive } from "./answer-of-drive.js";
import { takeFingerprint } from "./fingerprint.js";
import { openedAlready, openSource } from "./open-source.js";

/** @returns the checkpoint id; takes the fingerprint of the file if it is not known yet. @throws UploadError "file-unreadable" */
export async function identify(world: World, settings: Settings, job: Job, signal: AbortSignal): Promise<string> {
  const { memory, target } = job;
  const file = await openOnce(world, settings, memory, signal);
  if (memory.fingerprint === undefined) {
    const { fingerprint, digest } = await takeFingerprint(file, settings.fingerprint, world.workers, signal);
    memory.fingerprint = fingerprint;
    memory.digest = digest;
  }
  const { location } = world.store;
  memory.checkpointId ??= await checkpointIdOf(settings.scope, location, target.key, memory.fingerprint);
  return memory.checkpointId;
}

export async function openOnce(
  world: World,
  { stallTimeoutMs }: Settings,
  memory: Memory,
  signal: AbortSignal,
): Promise<Blob> {
  memory.opened ??=
    openedAlready(memory.source) ?? (await answerOfDrive(openSource(memory.source), stallTimeoutMs, world, signal));
  return memory.opened.file;
}
