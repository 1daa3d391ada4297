import { start } from "./upload.js";

start();
