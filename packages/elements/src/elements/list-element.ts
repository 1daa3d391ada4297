/** `<ossicle-list>`: the uploads of an uploader, a row each, and what narrows them. */
import type { Desk, Watcher } from "../desk/desk.js";
import type { ListView } from "../list/list-view.js";
import type { Views } from "./loaded-views.js";
import { ViewElement } from "./view-element.js";

/** @returns where a stored object can be opened; undefined if it cannot */
export type LinkFor = (key: string, url: string) => string | undefined;

export class OssicleList extends ViewElement<ListView> {
  /** Where a stored object can be opened. Default: nowhere, since most buckets are private. */
  linkFor: LinkFor | null = null;

  override recolour(): void {
    this.view?.forget();
    super.recolour();
  }

  protected override make({ createListView }: Views, desk: Desk): ListView {
    return createListView(desk, {
      words: () => this.words,
      linkTo: (key, url) => this.linkFor?.(key, url),
      onError: (error) => this.dispatchEvent(new CustomEvent("trouble", { detail: error })),
      onLayout: this.drawSoon,
    });
  }

  protected override watcher(): Watcher {
    return { changed: this.drawSoon, show: (entry) => this.view?.show(entry) };
  }

  protected override spoken(): void {
    this.view?.forget();
  }
}
