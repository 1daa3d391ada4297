/** Where files are dropped, and the cards. */
export const dropZone = `
.drop-zone {
  display: flex; flex-direction: column; align-items: center; justify-content: center; gap: 0.25rem;
  padding: 1.75rem 1.25rem 0.375rem; border: 1.5px dashed var(--line-strong); border-radius: var(--radius);
  background: var(--surface); text-align: center;
}
.drop-zone > .icon { width: 2rem; height: 2rem; margin-bottom: 0.25rem; color: var(--accent); stroke-width: 1.75; }
.drop-title { font-size: 1.125rem; font-weight: 650; letter-spacing: -0.015em; }
.drop-controls { display: flex; flex-wrap: wrap; align-items: center; justify-content: center; gap: 0.625rem; margin-top: 0.875rem; }
.adding { min-height: 1.5em; font-size: 0.8125rem; }
.dropping .drop-zone { border: 1.5px solid var(--accent); background: var(--accent-soft); }
:host([anywhere]) .dropping::after {
  content: ""; position: fixed; inset: 0.375rem; z-index: 1; border: 3px solid var(--accent); border-radius: 0.75rem; pointer-events: none;
}
fieldset:disabled .drop-zone { opacity: 0.6; }
.sending { margin-top: 0.5rem; font-size: 0.875rem; }
.card {
  margin-top: 1.25rem; padding: 1.25rem 1.375rem; border: 1px solid var(--line); border-radius: var(--radius); background: var(--surface);
  box-shadow: var(--ossicle-shadow, none);
}
@media (max-width: 40rem) {
  .card { padding: 1rem; }
  .drop-controls > .button { flex: 1 1 8rem; }
}
`;
