/** The page around a list: looked at again, online again, and with a file picked, when a test says so. */

export interface PageDouble {
  /** What the page has, as far as the kit listens to it. */
  readonly globals: Record<string, unknown>;
  show(): void;
  goOnline(): void;
  /** The user picks this file, whenever a picker opens. */
  pick(file: File): void;
}

export function pageDouble(): PageDouble {
  const [window, document] = [new EventTarget(), new EventTarget()];
  let picked: File | undefined;
  const showOpenFilePicker = async () =>
    picked === undefined ? [] : [{ kind: "file", name: picked.name, getFile: async () => picked }];
  return {
    globals: {
      window: Object.assign(window, { showOpenFilePicker }),
      document: Object.assign(document, { visibilityState: "visible" }),
      addEventListener: window.addEventListener.bind(window),
    },
    show: () => document.dispatchEvent(new Event("visibilitychange")),
    goOnline: () => window.dispatchEvent(new Event("online")),
    pick: (file) => {
      picked = file;
    },
  };
}
