/** A page around the recipe. FilePond draws, and tells of events, in animation frames: what is asked of it is asked of its items. */
import { FileStatus } from "filepond";
import { pond } from "../filepond/app.js";

const names = new Map(Object.entries(FileStatus).map(([name, status]) => [status, name]));

/** What the test asks, and does: a single-page app that is left destroys what it has drawn. */
const drawn = {
  statuses: () => pond.getFiles().map(({ filename, status }) => `${filename} ${names.get(status)}`),
  cancel: (name: string) => {
    const item = pond.getFiles().find(({ filename }) => filename === name);
    if (item !== undefined) pond.removeFile(item.id);
  },
  leave: () => pond.destroy(),
};

export type Drawn = typeof drawn;
Object.assign(window, { drawn });
