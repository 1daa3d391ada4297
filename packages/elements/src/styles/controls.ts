/** Buttons, file inputs that look like buttons, notices, errors. */
export const controls = `
*, *::before, *::after { box-sizing: border-box; }
fieldset, h2, h3, p, ul, dl, dd { margin: 0; padding: 0; border: 0; min-width: 0; }
.content { display: contents; }
h2 { font-size: 1rem; font-weight: 650; letter-spacing: -0.011em; }
.lead, .adding, .facts, .sum-words, .pending-needs, .sending { color: var(--text-soft); }
.lead { font-size: 0.875rem; }
.visually-hidden {
  position: absolute; width: 1px; height: 1px; margin: -1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
.button {
  position: relative; display: inline-flex; align-items: center; justify-content: center; min-height: 2.25rem;
  padding: 0.25rem 0.875rem; border: 1px solid var(--line-strong); border-radius: 0.5rem; background: var(--surface);
  color: var(--text); font: inherit; font-size: 0.875rem; font-weight: 600; line-height: 1.25; text-align: center; cursor: pointer;
}
.button:hover { border-color: var(--accent); background: var(--accent-soft); }
.button:disabled, .button:has(input:disabled), fieldset:disabled .icon-button { opacity: 0.45; cursor: default; }
.button-quiet { padding-inline: 0.625rem; border-color: transparent; background: transparent; color: var(--text-soft); }
.button-quiet:disabled { background: transparent; }
.button-quiet:hover:enabled { border-color: transparent; background: var(--track); color: var(--text); }
.button-primary { border-color: var(--accent); background: var(--accent); color: var(--on-accent); }
.button-primary:hover { border-color: var(--accent-strong); background: var(--accent-strong); }
.icon { width: 1.25rem; height: 1.25rem; fill: none; stroke: currentcolor; stroke-width: 2; stroke-linecap: round; stroke-linejoin: round; }
.icon-resume { fill: currentcolor; }
.icon-button {
  display: inline-grid; place-items: center; width: 2.25rem; height: 2.25rem; padding: 0; border: 0; border-radius: 0.5rem;
  background: transparent; color: var(--text-soft); cursor: pointer;
}
.icon-button:hover { background: var(--track); color: var(--text); }
:focus-visible, .button:has(:focus-visible) { outline: 3px solid var(--accent); outline-offset: 2px; }
.check { display: flex; gap: 0.5rem; align-items: center; font-size: 0.875rem; }
.notice { display: flex; gap: 0.5rem; align-items: flex-start; margin-bottom: 0.5rem; }
.notice > :first-child { flex: 1; margin: 0; }
.notice-words { padding: 0.5rem 0.75rem; border-radius: 0.5rem; background: var(--warn-soft); color: var(--warn); font-size: 0.875rem; }
.error-box {
  margin-top: 0.25rem; padding: 0.625rem 0.75rem; border-left: 3px solid var(--bad); border-radius: 0.25rem 0.5rem 0.5rem 0.25rem;
  background: var(--bad-soft); font-size: 0.875rem; overflow-wrap: anywhere;
}
.error-title { font-weight: 650; }
.error-details { margin-top: 0.375rem; font-size: 0.8125rem; }
.error-details summary { cursor: pointer; }
.error-details > * + * { margin-top: 0.25rem; }
.question { margin-block: 0.75rem; padding: 0.875rem 1rem; border: 1px solid var(--warn); border-radius: var(--radius); background: var(--warn-soft); }
.question-words { font-weight: 600; overflow-wrap: anywhere; }
.question-actions { display: flex; flex-wrap: wrap; gap: 0.5rem; margin-top: 0.625rem; }
@media (pointer: coarse) {
  .button, .icon-button, .filter, summary { min-width: 2.75rem; min-height: 2.75rem; }
}
`;
