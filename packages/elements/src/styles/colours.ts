/**
 * The colours, each of which a page can set by a property `--ossicle-…`, light or dark as the page's `color-scheme` is. Text has a contrast of
 * at least 4.5 : 1 to its ground, marks 3 : 1. One hue says how far it is; green is for what is verified alone.
 */
export const colours = `
:host {
  --surface: var(--ossicle-surface, light-dark(#fff, #161b22));
  --text: var(--ossicle-text, light-dark(#151a21, #e8ecf2));
  --text-soft: var(--ossicle-text-soft, light-dark(#55606f, #9ca8b8));
  --line: var(--ossicle-line, light-dark(#d8dee7, #2a323d));
  --line-strong: var(--ossicle-line-strong, light-dark(#8591a3, #6b788a));
  --accent: var(--ossicle-accent, light-dark(#0b5fc4, #62a8ff));
  --accent-strong: var(--ossicle-accent-strong, light-dark(#084b9d, #8dc0ff));
  --accent-soft: var(--ossicle-accent-soft, light-dark(#e6f0fc, #16283e));
  --on-accent: var(--ossicle-on-accent, light-dark(#fff, #06172c));
  --good: var(--ossicle-good, light-dark(#0a7444, #4fc98c));
  --good-soft: light-dark(#e0f4e9, #12291e);
  --bad: var(--ossicle-bad, light-dark(#b3261e, #ff8a80));
  --bad-soft: light-dark(#fdecea, #33191a);
  --warn: light-dark(#8a5300, #f0b45a);
  --warn-soft: light-dark(#fdf3e0, #2f2412);
  --track: var(--ossicle-track, light-dark(#e1e6ee, #2a323d));
  --part-to-do: var(--track);
  --part-in-flight: light-dark(#9cc4f2, #2f5f96);
  --part-now: var(--accent);
  --part-before: light-dark(#3b7fd0, #4a86cf);
  --part-again: light-dark(#7a3fc8, #bd97ff);
  --radius: var(--ossicle-radius, 1rem);
  display: block;
  color: var(--text);
  font: var(--ossicle-font, 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "PingFang SC", "Microsoft YaHei", "Noto Sans SC", sans-serif);
}
:host([hidden]), [hidden] { display: none !important; }
@media (forced-colors: active) {
  :host {
    --part-to-do: Canvas; --part-in-flight: GrayText; --part-now: Highlight; --part-before: Highlight;
    --part-again: LinkText; --good: CanvasText; --line: CanvasText;
  }
  .bar-track { border: 1px solid CanvasText; }
  .bar-done { background: Highlight !important; forced-color-adjust: none; }
  .filter:has(:checked) { outline: 2px solid Highlight; }
  .icon-button, .button { border: 1px solid ButtonText !important; }
}
@media (prefers-reduced-motion: reduce) {
  * { transition: none !important; animation: none !important; scroll-behavior: auto !important; }
}
`;
