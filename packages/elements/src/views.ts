/** The desk and what is shown of it. Loaded in the background, once there is an uploader: the page is drawn without it. */
import { list } from "./styles/list.js";
import { sheetOf } from "./styles/sheet.js";
import { uploads } from "./styles/uploads.js";

export { createQuestionPanel } from "./asking/question-panel.js";
export { deskOf } from "./desk/create-desk.js";
export { createListView } from "./list/list-view.js";
export { createTotal } from "./total/total.js";
export { createPendingList } from "./unfinished/pending-list.js";

export const viewSheet = sheetOf(uploads + list);

export { toldOf } from "./words/upload-words.js";
