/** The rows of the unfinished uploads, in the order in which they are listed. A row that is listed again is kept as it is. */
import type { PendingUpload, PickedFile } from "@ossicle/core";
import { element } from "../../elements/element.js";
import { createPendingRow, type PendingRow, type PendingRowOptions } from "./pending-row.js";

export interface PendingRows {
  readonly element: HTMLElement;
  readonly all: readonly PendingRow[];
  /** Shows these uploads and no others. */
  show(listed: readonly PendingUpload[]): void;
  /** The rows that a file may belong to: those of its size, most likely first. Only the content can tell for certain. */
  candidates(picked: PickedFile, key: string): readonly PendingRow[];
}

export function createPendingRows(options: PendingRowOptions): PendingRows {
  let rows = new Map<string, PendingRow>();
  const list = element("ul", {
    class: "pending-rows",
    "data-testid": "pending-list",
    "aria-labelledby": "pending-title",
  });

  return {
    element: list,
    get all() {
      return [...rows.values()];
    },
    show(listed) {
      const known = rows;
      rows = new Map(
        listed.map((pending) => {
          const row = known.get(pending.id) ?? createPendingRow(pending, options);
          row.update(pending);
          return [pending.id, row];
        }),
      );
      for (const [id, row] of known) if (!rows.has(id)) row.element.remove();
      // A row that is already in its place is not moved: moving would take the focus from it.
      [...rows.values()].forEach(({ element: node }, place) => {
        if (list.children[place] !== node) list.insertBefore(node, list.children[place] ?? null);
      });
    },
    candidates({ file }, key) {
      const likeness = ({ pending }: PendingRow) =>
        Number(pending.key === key) * 2 + Number(pending.file.name === file.name);
      return [...rows.values()]
        .filter(({ pending }) => !pending.active && pending.file.size === file.size)
        .sort((one, other) => likeness(other) - likeness(one));
    },
  };
}
