/** What the app says about its uploads by properties, beside attributes. */
import type { Settings } from "../desk/settings.js";
import { FormElement } from "./form-element.js";
import { settingsOf } from "./settings-of.js";

export abstract class SettingElement extends FormElement {
  #keyFor: Settings["keyFor"] = null;
  #optionsFor: Settings["optionsFor"] = null;

  /** The name of a file's object. Default: `key-prefix` and the file's path. */
  get keyFor(): Settings["keyFor"] {
    return this.#keyFor;
  }

  set keyFor(keyFor: Settings["keyFor"]) {
    this.#keyFor = keyFor;
    this.settle();
  }

  /** Further options of `upload()` for a file: metadata, callback, priority, … */
  get optionsFor(): Settings["optionsFor"] {
    return this.#optionsFor;
  }

  set optionsFor(optionsFor: Settings["optionsFor"]) {
    this.#optionsFor = optionsFor;
    this.settle();
  }

  protected get settings(): Settings {
    return settingsOf(this, { keyFor: this.#keyFor, optionsFor: this.#optionsFor });
  }

  /** Hands what the app has said to the desk. */
  protected settle(): void {
    this.desk?.settle(this.settings);
  }
}
