/** Rows of one height, so that only those in sight need to exist; the filters above them; the dialog with the details of one. */
export const list = `
.filters { display: flex; flex-wrap: wrap; gap: 0.25rem; margin-top: 0.875rem; }
.filter {
  position: relative; display: inline-flex; align-items: center; gap: 0.25rem; padding: 0.25rem 0.75rem; border-radius: 1rem;
  color: var(--text-soft); font-size: 0.8125rem; font-weight: 500; cursor: pointer;
}
.filter:hover { background: var(--track); }
.filter:has(:checked) { background: var(--accent-soft); color: var(--accent-strong); }
.filter:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 1px; }
.filter-count { font-variant-numeric: tabular-nums; }
.rows-scroller {
  --row-height: 4rem; position: relative; max-height: var(--ossicle-list-height, calc(var(--row-height) * 8.5)); margin-top: 0.5rem;
  overflow: hidden auto; border-top: 1px solid var(--line); outline-offset: -3px;
}
.row-height { position: absolute; right: 4rem; left: 0; height: var(--row-height); visibility: hidden; }
.rows { position: relative; list-style: none; }
.rows-none { padding: 2rem 0; color: var(--text-soft); font-size: 0.875rem; text-align: center; }
.row {
  position: absolute; inset: 0 0 auto; display: grid; grid-template-columns: auto minmax(0, 1fr) auto; grid-template-rows: auto 0.75rem;
  align-content: center; align-items: center; gap: 0.1875rem 0.75rem; height: var(--row-height); border-bottom: 1px solid var(--line);
  contain: layout paint style;
}
.row:last-child { border-bottom-color: transparent; }
.row > .bar { grid-column: 1 / -1; }
.row .part-map { position: absolute; left: 0; width: calc(100% - 4rem); }
.row .bar-percent {
  flex: 0 0 3.25rem; color: var(--text-soft); font-size: 0.75rem; font-weight: 600; font-variant-numeric: tabular-nums; line-height: 1;
  text-align: right; white-space: nowrap;
}
.badge {
  display: grid; place-items: center; width: 2.25rem; height: 2.25rem; border-radius: 0.5rem; background: var(--accent-soft);
  color: var(--accent-strong); font-size: 0.625rem; font-weight: 700; letter-spacing: 0.02em;
}
.row-title { min-width: 0; }
.row-name { display: flex; font-size: 0.875rem; font-weight: 600; line-height: 1.35; white-space: pre; }
.row-name > * { flex: none; }
.row-name > :is(.name-head, .row-folder) { flex: 0 1 auto; min-width: 2em; overflow: hidden; text-overflow: ellipsis; }
.row-folder { flex-shrink: 4 !important; color: var(--text-soft); font-weight: 400; }
.facts {
  overflow: hidden; min-height: 1.4em; font-size: 0.75rem; font-variant-numeric: tabular-nums; line-height: 1.4; text-overflow: ellipsis;
  white-space: nowrap;
}
.facts > span:empty { display: none; }
.facts > span:not(:empty) ~ span:not(:empty)::before { content: " · "; white-space: pre; }
.row-actions { display: grid; grid-template-columns: repeat(4, auto); }
.row-actions > * { grid-row: 1; grid-column: 1; }
.row-actions > [data-testid="upload-toggle"] { grid-column: 2; }
.row-actions > :is([data-testid="upload-cancel"], [data-testid="upload-undo"], [data-testid="upload-link"]) { grid-column: 3; }
.row-actions > [data-testid="upload-details"] { grid-column: 4; }
.row[data-phase="completed"] { --mark: "✓"; --tone: var(--good); --tone-soft: var(--good-soft); }
.row[data-phase="failed"] { --mark: "!"; --tone: var(--bad); --tone-soft: var(--bad-soft); }
.row:is([data-phase="completed"], [data-phase="failed"]) {
  .badge { background: var(--tone-soft); color: var(--tone); font-size: 0; }
  .badge::before { content: var(--mark); font-size: 1.125rem; }
  [data-testid="upload-phase"] { color: var(--tone); font-weight: 600; }
}
.row:is([data-phase="cancelled"], [data-phase="cancelling"]) .row-name { text-decoration: line-through; }
.part-map { display: block; width: 100%; height: 6px; border-radius: 3px; forced-color-adjust: none; }
.dialog-map .part-map { height: 96px; border-radius: 4px; }
.part-legend { display: flex; flex-wrap: wrap; gap: 0.125rem 1rem; color: var(--text-soft); font-size: 0.75rem; }
.part-key b { color: var(--text); font-weight: 600; }
.part-key::before { content: ""; display: inline-block; width: 0.625rem; height: 0.625rem; margin-right: 0.375rem; border-radius: 2px; }
.part-key-before::before { background: var(--part-before); }
.part-key-now::before { background: var(--part-now); }
.part-key-again::before { background: var(--part-again); }
.part-key-inFlight::before { background: var(--part-in-flight); }
.part-key-toDo::before { background: var(--part-to-do); box-shadow: inset 0 0 0 1px var(--line-strong); }
.dialog {
  width: min(44rem, calc(100vw - 2rem)); padding: 1.5rem; border: 1px solid var(--line); border-radius: 1rem; background: var(--surface);
  color: var(--text);
}
.dialog::backdrop { background: rgb(10 14 20 / 45%); }
.dialog h2 { font-size: 1.125rem; overflow-wrap: anywhere; }
.dialog-phase { min-height: 1.5em; margin-bottom: 1rem; color: var(--text-soft); font-size: 0.875rem; }
.dialog-map { height: 96px; margin-block: 1rem 0.5rem; }
.dialog-facts { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0.375rem 1.25rem; margin-top: 1.25rem; font-size: 0.875rem; }
.dialog-facts dt { color: var(--text-soft); }
.dialog-facts dd { font-variant-numeric: tabular-nums; overflow-wrap: anywhere; }
.dialog-actions { margin-top: 1.25rem; text-align: right; }
@media (pointer: coarse) { .rows-scroller { --row-height: 4.25rem; } }
@media (max-width: 40rem) {
  .filters { gap: 0; margin-inline: -0.5rem; }
  .filter { padding-inline: 0.5rem; font-size: 0.75rem; }
  .rows-scroller { --row-height: 5.75rem; }
  .row { grid-template-columns: minmax(0, 1fr) auto; }
  .row > .badge { display: none; }
  .row-title { grid-column: 1 / -1; }
  .row > .row-actions { grid-row: 2; grid-column: 2; }
  .row > .bar { grid-row: 2; grid-column: 1; }
}
`;
