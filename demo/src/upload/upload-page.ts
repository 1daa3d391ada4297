/** The upload page: `<ossicle-upload>` with what this page says of it. All that a company has to copy. */
import { OssicleUpload } from "@ossicle/elements";
import { byId } from "../elements/element.js";
import { onLanguage, words } from "../words/language.js";

const priorities = ["high", "normal", "low"] as const;

export function uploadPage(): OssicleUpload {
  const upload = byId("upload", OssicleUpload);
  const priority = byId("priority", HTMLSelectElement);
  upload.optionsFor = () => ({ priority: priorities.find((one) => one === priority.value) });
  onLanguage(() => {
    upload.texts = { add: { lead: words().page.lead } };
  });
  return upload;
}
