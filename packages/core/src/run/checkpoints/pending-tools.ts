/** What an entry of `pending()` works with. Types only. */
import type { PageOfUploads } from "../../upload/engine.js";
import type { Settings, World } from "../context.js";

export interface PendingTools extends PageOfUploads {
  readonly world: World;
  readonly settings: Settings;
}
