/** An element that is one view of a desk. */
import type { Desk } from "../desk/desk.js";
import type { Words } from "../words/en.js";
import { fillWords } from "../words/language.js";
import { DeskElement } from "./desk-element.js";
import type { Views } from "./loaded-views.js";

export interface View {
  readonly element: HTMLElement;
  draw(words: Words, desk: Desk): void;
}

export abstract class ViewElement<Made extends View = View> extends DeskElement {
  protected view: Made | undefined;

  /** Called once for each uploader. */
  protected abstract make(views: Views, desk: Desk): Made;

  protected override build(): void {}

  protected override draw(): void {
    if (this.desk !== null) this.view?.draw(this.words, this.desk);
  }

  protected override changedUploader(): void {
    this.view?.element.remove();
    this.view = undefined;
  }

  protected override deskLoaded(desk: Desk, views: Views): void {
    if (this.view !== undefined) return;
    this.view = this.make(views, desk);
    this.wear(views.viewSheet());
    this.content.append(this.view.element);
    fillWords(this.view.element, this.words);
  }
}
