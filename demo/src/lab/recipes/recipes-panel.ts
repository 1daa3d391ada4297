/** The recipes: a tab for each framework, with its files in colour and a button to copy each file. */

import { element, setAttribute, setText } from "@ossicle/elements/dom/element.js";
import { worded } from "../../elements/element.js";
import { onLanguage, words } from "../../words/language.js";
import { createCopyButton } from "../copy-button.js";
import type { Page } from "../page.js";
import { tokens } from "./colours.js";
import { type Recipe, recipes, type SourceFile } from "./sources.js";

/** Names that are the same in every language. */
const names = { react: "React", vue: "Vue", svelte: "Svelte" } as const;

/** For tests: tabs and tabpanels by role, [data-file]. */
export function mountRecipes(section: HTMLElement, { announce }: Pick<Page, "announce">): void {
  const tabs = recipes.map(createTab);
  const redraws = tabs.map(
    ({ recipe, tab }) =>
      () =>
        setText(tab, nameOf(recipe)),
  );

  /** The files of a recipe are made when it is first shown. */
  function choose(index: number): void {
    for (const [at, { recipe, tab, panel }] of tabs.entries()) {
      const isChosen = at === index;
      setAttribute(tab, "aria-selected", String(isChosen));
      setAttribute(tab, "tabindex", isChosen ? "0" : "-1");
      panel.hidden = !isChosen;
      if (!isChosen || panel.childElementCount > 0) continue;
      for (const file of recipe.files) {
        const block = createFileBlock(file, announce);
        redraws.push(block.draw);
        panel.append(block.element);
      }
    }
  }

  section.append(
    worded("h2", "recipes.title"),
    worded("p", "recipes.lead", { class: "panel-lead" }),
    createTabList(
      tabs.map(({ tab }) => tab),
      choose,
    ),
    ...tabs.map(({ panel }) => panel),
  );
  const redraw = () => {
    for (const draw of redraws) draw();
  };
  onLanguage(redraw);
  redraw();
  choose(0);
}

function createTab(recipe: Recipe) {
  const ids = { tab: `recipe-${recipe.id}`, panel: `recipe-${recipe.id}-files` };
  const tab = element("button", {
    type: "button",
    class: "tab",
    role: "tab",
    id: ids.tab,
    "aria-controls": ids.panel,
  });
  const panel = element("div", {
    class: "recipe",
    role: "tabpanel",
    id: ids.panel,
    "aria-labelledby": ids.tab,
    hidden: "",
  });
  return { recipe, tab, panel };
}

/** A click chooses a tab, as do the arrow keys, Home and End. */
function createTabList(tabs: readonly HTMLElement[], choose: (index: number) => void): HTMLElement {
  const list = element("div", { class: "tabs", role: "tablist", "data-words-label": "recipes.tabs" }, ...tabs);
  for (const [index, tab] of tabs.entries()) tab.addEventListener("click", () => choose(index));
  list.addEventListener("keydown", (event) => {
    const now = tabs.findIndex((tab) => tab.contains(document.activeElement));
    const wanted = { ArrowLeft: now - 1, ArrowRight: now + 1, Home: 0, End: tabs.length - 1 }[event.key];
    if (wanted === undefined || now < 0) return;
    event.preventDefault();
    const index = (wanted + tabs.length) % tabs.length;
    choose(index);
    tabs[index]?.focus();
  });
  return list;
}

function createFileBlock({ name, code }: SourceFile, announce: (sentence: string) => void) {
  const text = code.trimEnd();
  const copy = createCopyButton({ text: () => code, announce });
  const lines = element("span", { class: "snippet-lines" });
  const title = element("code", { class: "snippet-title" }, name);
  const pre = element("pre", { tabindex: "0", translate: "no" }, coloured(text));
  const draw = () => {
    setText(lines, words().recipes.lines(text.split("\n").length));
    setAttribute(copy, "aria-label", words().recipes.copyFile(name));
    setAttribute(pre, "aria-label", words().recipes.code(name));
  };
  draw();
  const head = element("div", { class: "snippet-head" }, title, lines, copy);
  return { element: element("div", { class: "snippet", "data-file": name }, head, pre), draw };
}

function nameOf({ id }: Recipe): string {
  return id === "plain" || id === "server" ? words().recipes[id] : names[id];
}

function coloured(code: string): HTMLElement {
  const pieces = tokens(code).map(({ kind, text }) =>
    kind === "plain" ? text : element("span", { class: `code-${kind}` }, text),
  );
  return element("code", {}, ...pieces);
}
