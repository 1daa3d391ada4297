/**
 * All public names of `@ossicle/elements`. Importing it defines the elements, where there are any: on a server it does nothing.
 */
import { OssicleDropZone } from "./elements/drop-zone-element.js";
import { OssicleList } from "./elements/list-element.js";
import { OssicleTotal } from "./elements/total-element.js";
import { OssicleUnfinished } from "./elements/unfinished-element.js";
import { OssicleUpload } from "./elements/upload-element.js";

export type { LinkFor } from "./elements/list-element.js";
export { counting, type Forms } from "./words/count.js";
export type { Words } from "./words/en.js";
export { formatBytes, formatRate } from "./words/format.js";
export { addLanguage, type Texts } from "./words/language.js";
export { OssicleDropZone, OssicleList, OssicleTotal, OssicleUnfinished, OssicleUpload };

declare global {
  interface HTMLElementTagNameMap {
    "ossicle-drop-zone": OssicleDropZone;
    "ossicle-list": OssicleList;
    "ossicle-total": OssicleTotal;
    "ossicle-unfinished": OssicleUnfinished;
    "ossicle-upload": OssicleUpload;
  }
}

const elements = {
  "ossicle-drop-zone": OssicleDropZone,
  "ossicle-list": OssicleList,
  "ossicle-total": OssicleTotal,
  "ossicle-unfinished": OssicleUnfinished,
  // Last: it is made of the others.
  "ossicle-upload": OssicleUpload,
};

// A second copy of the package on the page finds them defined.
if (globalThis.customElements !== undefined) {
  for (const [name, element] of Object.entries(elements)) {
    if (customElements.get(name) === undefined) customElements.define(name, element);
  }
}
