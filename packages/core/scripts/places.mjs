/** Where things are. */
import { dirname } from "node:path";
import { fileURLToPath } from "node:url";

export const core = dirname(fileURLToPath(new URL(".", import.meta.url)));
export const packages = dirname(core);
export const dist = `${core}/dist`;
