/** What pnpm asks of this workspace. The lockfile holds this file's checksum, so what it does is elsewhere. */
import { beforePacking } from "./scripts/published-manifest.mjs";

export const hooks = { beforePacking };
