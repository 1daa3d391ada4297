/** Us, on a page whose site has a service worker between it and the store. */
import type { Ready } from "./contestant.js";
import { ready as open } from "./ossicle.js";

export { start } from "./ossicle.js";

export const ready: Ready = async (task) => {
  const { serviceWorker } = navigator;
  const taken = new Promise((resolve) => serviceWorker.addEventListener("controllerchange", resolve));
  await serviceWorker.register("./service-worker.js");
  if (serviceWorker.controller === null) await taken;
  await open(task);
};
