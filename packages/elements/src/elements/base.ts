/** What all elements are: a shadow tree that is built once, speaks the language around it, and is drawn at most once a frame. */
import { element } from "../dom/element.js";
import { createFrame } from "../dom/frame.js";
import { sheet } from "../styles/sheet.js";
import type { Words } from "../words/en.js";
import { fillWords, languageOf, loadLanguage, type Texts, wordsIn } from "../words/language.js";

/** On a server there are no elements: the classes can be imported there, and are never made. */
const Base = (globalThis.HTMLElement ?? class {}) as typeof HTMLElement;

const frame = createFrame();

export abstract class OssicleElement extends Base {
  static observedAttributes: string[] = ["lang"];
  /** Everything in the shadow tree: a fieldset, which disables what is in it. */
  protected readonly content: HTMLFieldSetElement;
  readonly #tree: ShadowRoot;
  #texts: Texts = {};
  #words: Words | undefined;
  #isBuilt = false;
  #listening = new AbortController();

  constructor() {
    super();
    const tree = this.attachShadow({ mode: "open", delegatesFocus: this.delegatesFocus });
    tree.adoptedStyleSheets = [sheet()];
    this.#tree = tree;
    this.content = element("fieldset", { class: "content", role: "presentation" });
    tree.append(this.content);
  }

  /** Whether a focus on the element goes to its first control. */
  protected get delegatesFocus(): boolean {
    return false;
  }

  /** Texts of the app's own, by section, in place of those of the language. */
  get texts(): Texts {
    return this.#texts;
  }

  set texts(texts: Texts) {
    this.#texts = texts;
    this.#speak();
  }

  protected get words(): Words {
    this.#words ??= wordsIn(languageOf(this), this.#texts);
    return this.#words;
  }

  connectedCallback(): void {
    if (!this.#isBuilt) {
      this.#isBuilt = true;
      this.#upgrade();
      this.build();
    }
    this.#listening = new AbortController();
    const { signal } = this.#listening;
    const watch = new MutationObserver(() => this.#speak());
    watch.observe(document.documentElement, { attributes: true, attributeFilter: ["lang"] });
    signal.addEventListener("abort", () => watch.disconnect());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.recolour(), { signal });
    this.#speak();
  }

  disconnectedCallback(): void {
    this.#listening.abort();
  }

  attributeChangedCallback(name: string): void {
    if (!this.#isBuilt) return;
    if (name === "lang") this.#speak();
    else this.changed();
  }

  /** Call it after the page has changed the colours by which the element is painted. */
  recolour(): void {
    this.drawSoon();
  }

  /** Adds a style sheet. */
  protected wear(more: CSSStyleSheet): void {
    if (!this.#tree.adoptedStyleSheets.includes(more)) this.#tree.adoptedStyleSheets.push(more);
  }

  protected get isBuilt(): boolean {
    return this.#isBuilt;
  }

  protected drawSoon = (): void => {
    frame.request(this.#draw);
  };

  /** Makes the nodes, once. */
  protected abstract build(): void;
  /** Writes what is true now. */
  protected abstract draw(): void;
  /** The language has changed: what is built holds its sentences. */
  protected spoken(): void {}
  /** An attribute has changed. */
  protected changed(): void {
    this.drawSoon();
  }

  #draw = (): void => {
    if (this.isConnected) this.draw();
  };

  #speak(): void {
    if (!this.#isBuilt) return;
    const loading = loadLanguage(languageOf(this));
    if (loading !== undefined) {
      // Nobody sees a sentence in another language first. Where it cannot be loaded that is better than nothing.
      if (this.#words === undefined) this.content.hidden = true;
      loading.then(() => this.#speak());
      return;
    }
    this.content.hidden = false;
    this.#words = undefined;
    fillWords(this.content, this.words);
    this.spoken();
    this.drawSoon();
  }

  /** What was set before the element was defined hides the properties of its class: it is set again. */
  #upgrade(): void {
    for (const name of Object.keys(this)) {
      if (!(name in Object.getPrototypeOf(this))) continue;
      const self = this as unknown as Record<string, unknown>;
      const value = self[name];
      delete self[name];
      self[name] = value;
    }
  }
}
