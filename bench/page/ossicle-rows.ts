/** Us, with every word that an upload says of itself drawn at once. */
import type { Start } from "./contestant.js";
import { uploadAll } from "./ossicle.js";
import { addRow } from "./rows.js";

export { ready } from "./ossicle.js";

export const start: Start = async (files, task) => {
  const uploads = uploadAll(files, task);
  for (const upload of uploads) {
    const row = addRow(upload.key, upload.file?.size ?? 0);
    upload.subscribe(({ phase, progress }) => {
      const { sentBytes, totalBytes, bytesPerSecond } = progress;
      const text = `${phase} ${sentBytes} of ${totalBytes}, ${Math.round(bytesPerSecond)} a second`;
      row.draw({ sent: sentBytes, text, parts: upload.partMap() });
    });
  }
  return await Promise.all(uploads.map(({ finished }) => finished));
};
