/** No library: a PUT for each file, six at a time, with every progress event drawn. */
import { putLanes } from "./bare.js";
import type { Start } from "./contestant.js";
import { addRow } from "./rows.js";

export const start: Start = async (files, task) => {
  await putLanes(files, task, (name, size) => {
    const row = addRow(name, size);
    return (sent) => row.draw({ sent, text: `${sent} of ${size}` });
  });
};
