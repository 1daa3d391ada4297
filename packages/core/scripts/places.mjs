/** Where things are, and what the page's module may import by name. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const core = dirname(fileURLToPath(new URL(".", import.meta.url)));
export const packages = dirname(core);
export const dist = `${core}/dist`;
/** Those of package.json. */
export const dependencies = ["comlink", "idb-keyval"];
