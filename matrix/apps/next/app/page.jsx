"use client";
import { useEffect } from "react";
import { start } from "./upload.js";

export default function Page() {
  useEffect(start, []);
  return (
    <>
      <input type="file" aria-label="file" />
      <output />
    </>
  );
}
