/** What somebody has to do before each pending upload can go on: for what needs the user, keepers are asked first. */
import type { PendingUpload } from "../../api/uploader.js";
import type { World } from "../context.js";
import { needsOf } from "./permission.js";

export interface Needs {
  readonly needs: PendingUpload["needs"];
  /** What a keeper has of the file. undefined also where the handle may be read: that is the file as it is now. */
  readonly kept: Blob | undefined;
}

interface Asking {
  /** Under any of them the file may be kept. */
  readonly ids: readonly string[];
  readonly handle: FileSystemFileHandle | undefined;
}

/** @returns one for each, in the same order. Asks the keepers once, and only if some upload needs the user */
export async function needsOfAll(pending: readonly Asking[], { files }: Pick<World, "files">): Promise<Needs[]> {
  const needs = await Promise.all(pending.map(({ handle }) => needsOf(handle)));
  const kept = await files.kept(pending.flatMap(({ ids }, index) => (needs[index] === "nothing" ? [] : ids)));
  return pending.map(({ ids }, index) => {
    const [file] = ids.flatMap((id) => kept.get(id) ?? []);
    return { needs: file === undefined ? (needs[index] ?? "file") : "nothing", kept: file };
  });
}
