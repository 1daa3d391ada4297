/** Listens as long as a component, or another effect scope, lives: on a page, and not before Vue has taken over what a server rendered. */
import { getCurrentInstance, onMounted, onScopeDispose } from "vue";

/** @param begin called when what it listens to may be shown @returns of it: ends the listening */
export function following(begin: () => () => void): void {
  // A server renders once, and its scopes never end.
  if (globalThis.document === undefined) return;
  let end: (() => void) | undefined;
  const start = () => {
    end = begin();
  };
  // The server knew of no upload: a page that shows one at once would differ from what it takes over.
  if (isHydrating()) onMounted(start);
  else start();
  onScopeDispose(() => end?.());
}

/** A component that has an element before it is rendered was rendered by a server. */
function isHydrating(): boolean {
  return Boolean(getCurrentInstance()?.vnode.el);
}
