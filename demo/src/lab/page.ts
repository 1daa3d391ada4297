/** What the lab's panels share: the uploader in use, every request it makes, and the way to another store. */
import type { RequestTrace, StoreAdapter, Uploader, WorkerOptions } from "@ossicle/core";
import { connect } from "../upload/connect.js";

/** Where files go. */
export interface Place {
  readonly store: StoreAdapter;
  /** Shown at the foot of the page: "https://…/bucket". */
  readonly name: string;
  /** True for the emulator that comes with the demo: only it can be broken on purpose, and only its objects can be opened. */
  readonly isLocal: boolean;
}

export interface Page {
  /** The uploader in use; `use` replaces it. */
  readonly uploader: Uploader;
  readonly place: Place;
  /** Closes the uploader in use, which keeps what is stored, and goes on with another store. */
  use(place: Place): Promise<void>;
  /** Goes back to the emulator that the page began with. */
  useLocal(): Promise<void>;
  /** The listener is called after every `use`. */
  onPlace(listener: (place: Place) => void): void;
  /** The listener is called for every request that ended, of every uploader. */
  onRequest(listener: (trace: RequestTrace) => void): void;
  /** Tells screen readers, without interrupting them. */
  announce(sentence: string): void;
  /** Shows an error on top of the page, until the person dismisses it. */
  showError(error: unknown): void;
}

export interface PageOptions extends Pick<Page, "announce" | "showError"> {
  readonly local: Place;
  readonly workers: WorkerOptions;
}

export function createPage({ local, workers, announce, showError }: PageOptions): Page {
  const places = new Set<(place: Place) => void>();
  const requests = new Set<(trace: RequestTrace) => void>();
  const onRequest = (trace: RequestTrace) => {
    for (const listener of [...requests]) listener(trace);
  };
  let place = local;
  let uploader = connect(local.store, { onRequest, workers });

  async function use(wanted: Place): Promise<void> {
    await uploader.close();
    place = wanted;
    uploader = connect(wanted.store, { onRequest, workers });
    for (const listener of [...places]) listener(wanted);
  }

  return {
    get uploader() {
      return uploader;
    },
    get place() {
      return place;
    },
    use,
    useLocal: () => use(local),
    onPlace(listener) {
      places.add(listener);
    },
    onRequest(listener) {
      requests.add(listener);
    },
    announce,
    showError,
  };
}
