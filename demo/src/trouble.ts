/** What may go wrong between a page and its bucket, at the push of a button: the demo's server does it to the local OSS. */
import { askServer } from "./demo-server.js";
import { byId, setAttribute, setText } from "./element.js";

/** What `GET /api/network` answers. */
interface Network {
  /** null: as fast as it goes. */
  readonly bytesPerSecond: number | null;
  readonly cut: boolean;
}

/**
 * For tests: [data-testid=speed] (a select of bytes per second, "" for full speed), and the buttons "Cut the network"
 * ([data-testid=cut], aria-pressed), "Expire the token" and "Lose an answer".
 */
export async function wireTrouble(onError: (error: unknown) => void): Promise<void> {
  const speed = byId("speed", HTMLSelectElement);
  const cut = byId("cut", HTMLButtonElement);
  const done = byId("trouble-done", HTMLElement);

  function draw(network: Network): void {
    speed.value = network.bytesPerSecond === null ? "" : String(network.bytesPerSecond);
    setAttribute(cut, "aria-pressed", String(network.cut));
  }

  async function change(wanted: Partial<Network>): Promise<void> {
    draw(await send<Network>("PUT", "/api/network", wanted));
  }

  speed.addEventListener("change", () => {
    change({ bytesPerSecond: speed.value === "" ? null : Number(speed.value) }).catch(onError);
  });
  cut.addEventListener("click", () => {
    const isCut = cut.getAttribute("aria-pressed") === "true";
    const words = isCut
      ? "The network is back: the upload goes on at its next attempt."
      : "The network is cut. Press again to restore it; what was stored stays.";
    change({ cut: !isCut }).then(() => setText(done, words), onError);
  });
  for (const [id, words] of [
    ["expire-tokens", "The token has ended: the next request will be refused, and a new token fetched."],
    ["lose-answer", "The next part will be stored, and its answer lost."],
  ] as const) {
    byId(id, HTMLButtonElement).addEventListener("click", () => {
      send("POST", `/api/${id}`).then(() => setText(done, words), onError);
    });
  }
  // Another tab may have changed it.
  const refresh = () => askServer<Network>("/api/network").then(draw);
  window.addEventListener("focus", () => {
    refresh().catch(onError);
  });
  await refresh();
}

function send<Answer>(method: "PUT" | "POST", url: string, body: unknown = {}): Promise<Answer> {
  return askServer(url, { method, headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) });
}
