/**
 * `<ossicle-drop-zone>`: takes files that are dropped, chosen or pasted, folders too, and tells of them by the event "files", whose
 * `detail` is an array of `PickedFile`. The slot "controls" stands beside its buttons.
 *
 * For tests: [data-testid=drop-zone], the file input [data-testid=files], the button [data-testid=folder].
 */
import { type PickedFile, pickFiles } from "@ossicle/core";
import { acceptDrops } from "../adding/drop-target.js";
import { wireFileInput } from "../adding/file-control.js";
import { acceptPastes } from "../adding/paste-target.js";
import { element, setText, setVisible } from "../dom/element.js";
import { icon } from "../dom/icons.js";
import { worded } from "../dom/worded.js";
import { OssicleElement } from "./base.js";

export class OssicleDropZone extends OssicleElement {
  static override observedAttributes = ["lang", "accept", "multiple", "anywhere", "disabled"];
  readonly #input = element("input", { class: "visually-hidden", type: "file", "data-testid": "files" });
  readonly #title = element("p", { class: "drop-title" });
  readonly #choose = element("span", {});
  readonly #busy = element("p", { class: "adding", role: "status" });
  readonly #folder = worded("button", "add.folder", {
    type: "button",
    class: "button",
    part: "button",
    "data-testid": "folder",
  });
  #adding = 0;
  #stop = () => {};

  protected override get delegatesFocus(): boolean {
    return true;
  }

  /** As of `<input accept>`. What is dropped is checked by `<ossicle-upload>`. */
  get accept(): string {
    return this.getAttribute("accept") ?? "";
  }

  set accept(accept: string) {
    this.setAttribute("accept", accept);
  }

  /** Takes more than one file, and folders. */
  get multiple(): boolean {
    return this.hasAttribute("multiple");
  }

  set multiple(multiple: boolean) {
    this.toggleAttribute("multiple", multiple);
  }

  /** Takes what is dropped or pasted anywhere on the page. Default: what is dropped on the element. */
  get anywhere(): boolean {
    return this.hasAttribute("anywhere");
  }

  set anywhere(anywhere: boolean) {
    this.toggleAttribute("anywhere", anywhere);
  }

  get disabled(): boolean {
    return this.hasAttribute("disabled");
  }

  set disabled(disabled: boolean) {
    this.toggleAttribute("disabled", disabled);
  }

  /** What a browser goes to where a file is missing. */
  get control(): HTMLInputElement {
    return this.#input;
  }

  /** Number of files that are being added. */
  set adding(found: number) {
    this.#adding = found;
    this.drawSoon();
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.changed();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.#stop();
  }

  protected override build(): void {
    const onError = (error: unknown) => void this.dispatchEvent(new CustomEvent("trouble", { detail: error }));
    wireFileInput(this.#input, { onPicked: this.#give, onError });
    this.#folder.addEventListener("click", () => {
      pickFiles({ folder: true, onLeftOut: this.#leaveOut }).then(this.#give, onError);
    });
    const label = element("label", { class: "button button-primary", part: "button" }, this.#input, this.#choose);
    const controls = element(
      "div",
      { class: "drop-controls" },
      label,
      this.#folder,
      element("slot", { name: "controls" }),
    );
    const zone = element(
      "section",
      { class: "drop-zone", part: "drop-zone", "data-words-label": "add.region", "data-testid": "drop-zone" },
      icon("drop"),
      this.#title,
      worded("p", "add.lead", { class: "lead" }),
      controls,
      this.#busy,
    );
    this.content.append(zone);
  }

  protected override changed(): void {
    super.changed();
    this.#stop();
    const place = this.anywhere ? window : this;
    const isOpen = () => !this.disabled;
    const stops = [
      acceptDrops(place, {
        isOpen,
        onHover: (hovers) => this.content.classList.toggle("dropping", hovers),
        onFiles: this.#give,
        onLeftOut: this.#leaveOut,
      }),
      acceptPastes(place, isOpen, this.#give),
    ];
    this.#stop = () => {
      for (const stop of stops) stop();
    };
  }

  protected override draw(): void {
    const { add } = this.words;
    this.content.disabled = this.disabled;
    this.#input.multiple = this.multiple;
    this.#input.accept = this.accept;
    setText(this.#title, this.anywhere ? add.titleAnywhere : this.multiple ? add.title : add.titleOne);
    setText(this.#choose, this.multiple ? add.files : add.file);
    setVisible(this.#folder, this.multiple);
    setText(this.#busy, this.#adding > 1 ? add.reading(this.#adding) : "");
  }

  #give = (files: readonly PickedFile[]): void => {
    if (files.length > 0) this.dispatchEvent(new CustomEvent("files", { detail: files }));
  };

  #leaveOut = (path: string): void => {
    this.dispatchEvent(new CustomEvent("unreadable", { detail: path }));
  };
}
