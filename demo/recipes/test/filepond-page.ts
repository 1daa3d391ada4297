/** A page around the recipe, which can be left as a single-page app leaves one. */
import { pond } from "../filepond/app.js";

const leave = document.body.appendChild(document.createElement("button"));
leave.textContent = "Leave";
leave.onclick = () => pond.destroy();
