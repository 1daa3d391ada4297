/** The sum of the uploads, and the unfinished ones. */
export const uploads = `
.card.pending { margin: 0 0 1.25rem; border-color: var(--accent); }
.section-head { display: flex; flex-wrap: wrap; align-items: center; gap: 0.25rem 0.75rem; min-height: 2.25rem; }
.head-actions { display: flex; flex-wrap: wrap; gap: 0.25rem; margin-left: auto; }
.signs { display: flex; flex-wrap: wrap; gap: 0.25rem 0.875rem; }
.sign { color: var(--text-soft); font-size: 0.75rem; }
.sign::before { content: ""; display: inline-block; width: 0.4375rem; height: 0.4375rem; margin-right: 0.375rem; border-radius: 50%; background: var(--good); }
.sign-warn::before { background: var(--warn); }
.sum { display: flex; align-items: flex-end; gap: 1.5rem; margin-top: 0.25rem; }
.sum-figures { flex: 1; min-width: 0; }
.sum-percent { font-size: 2.5rem; font-weight: 650; font-variant-numeric: tabular-nums; line-height: 1.15; letter-spacing: -0.03em; }
.sum-words { min-height: 1.5em; font-size: 0.875rem; font-variant-numeric: tabular-nums; }
.total > .bar { margin-top: 0.5rem; }
.total .bar-percent { display: none; }
.still { display: flex; flex-wrap: wrap; align-items: center; gap: 0.5rem; margin-top: 0.625rem; color: var(--warn); font-size: 0.875rem; font-weight: 600; }
.bar { display: flex; align-items: center; gap: 0.75rem; position: relative; }
.bar-track { position: relative; flex: 1; height: 0.375rem; overflow: hidden; border-radius: 0.1875rem; background: var(--track); }
.bar-done { position: absolute; inset: 0; transform: scaleX(0); transform-origin: left; background: var(--accent); transition: transform 0.15s linear; }
.pending-rows { list-style: none; }
.pending-row {
  display: grid; grid-template-columns: auto minmax(0, 1fr) auto; align-items: center; gap: 0.4375rem 0.75rem; padding-block: 0.875rem;
  border-bottom: 1px solid var(--line);
}
.pending-row:last-child { padding-bottom: 0; border-bottom: 0; }
.pending-row > :is(.bar-track, .pending-needs, .error-box) { grid-column: 1 / -1; }
.pending-actions { display: flex; flex-wrap: wrap; justify-content: flex-end; gap: 0.375rem; }
.pending-needs { font-size: 0.8125rem; }
.pending-pick { max-width: 18rem; }
.pending-pick-name { overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
@media (max-width: 40rem) {
  .section-head > .head-actions { flex-basis: 100%; margin-left: -0.625rem; }
  .sum { display: grid; grid-template-columns: auto minmax(0, 1fr); gap: 0 1.5rem; }
  .sum-figures { display: contents; }
  .sum-words { grid-row: 2; grid-column: 1 / -1; min-height: 3em; }
  .pending-row { grid-template-columns: auto minmax(0, 1fr); }
  .pending-row > .pending-actions { grid-column: 1 / -1; order: 1; }
  .pending-actions > .button { flex: 1 1 auto; min-width: 0; }
}
`;
