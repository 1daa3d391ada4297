/** Bundles a recipe as an app's own bundler would, with the compiler of its framework. Only the bucket's endpoint is changed. */
import { fileURLToPath } from "node:url";
import { type Plugin, type RolldownPluginOption, rolldown } from "rolldown";
import { compile } from "svelte/compiler";
import { compileScript, parse } from "vue/compiler-sfc";

export type Recipe = keyof typeof entries;

const recipes = fileURLToPath(new URL("..", import.meta.url));
const core = fileURLToPath(new URL("../../../packages/core/src/", import.meta.url));

/** For each recipe, the main file of an app that uses it. */
const entries = {
  plain: `import "./plain.js";`,
  react: `
    import { createElement, StrictMode } from "react";
    import { createRoot } from "react-dom/client";
    import { FileUpload } from "./react/FileUpload.js";
    createRoot(document.body.appendChild(document.createElement("main")))
      .render(createElement(StrictMode, null, createElement(FileUpload)));`,
  vue: inVue("vue"),
  "element-plus": inVue("element-plus"),
  "naive-ui": inVue("naive-ui"),
  tdesign: inVue("tdesign"),
  vant: inVue("vant"),
  "ant-design-vue": inVue("ant-design-vue"),
  svelte: `
    import { mount } from "svelte";
    import FileUpload from "./svelte/FileUpload.svelte";
    mount(FileUpload, { target: document.body.appendChild(document.createElement("main")) });`,
  server: `export { POST } from "./server.js";`,
};

function inVue(directory: string): string {
  return `
    import { createApp } from "vue";
    import FileUpload from "./${directory}/FileUpload.vue";
    createApp(FileUpload).mount(document.body.appendChild(document.createElement("main")));`;
}

/** @returns the text of a module. For a recipe of a page, serve the library's `worker.js` beside it */
export async function bundleRecipe(recipe: Recipe, endpoint: string): Promise<string> {
  const entry = `${recipes}entry.ts`;
  const build = await rolldown({
    input: entry,
    platform: recipe === "server" ? "node" : "browser",
    resolve: {
      alias: { "@ossicle/core/server": `${core}server/index.ts`, "@ossicle/core": `${core}index.ts` },
      extensionAlias: { ".js": [".ts", ".tsx", ".js"] },
    },
    // The development builds of the frameworks, because they warn of mistakes.
    transform: {
      jsx: "react-jsx",
      define: {
        "process.env.NODE_ENV": '"development"',
        __VUE_OPTIONS_API__: "true",
        __VUE_PROD_DEVTOOLS__: "false",
        __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
      },
    },
    plugins: [
      {
        name: "entry",
        resolveId: (id) => (id === entry ? id : null),
        load: (id) => (id === entry ? entries[recipe] : null),
      },
      // The library loads such a text only where the file of a worker does not start.
      { name: "texts", resolveId: (id) => (/^\.\/[a-z-]+-text\.js$/.test(id) ? { id, external: true } : null) },
      movedTo(endpoint),
      withoutStyles,
      vue,
      svelte,
    ] satisfies RolldownPluginOption,
    // How long a plugin took says how busy the machine is, and nothing of the recipe.
    checks: { pluginTimings: false },
    onwarn: (warning) => {
      throw new Error(warning.message);
    },
  });
  try {
    const { output } = await build.generate({ format: "esm", codeSplitting: false });
    return output[0].code;
  } finally {
    await build.close();
  }
}

const bucket = 'bucket: "user-files",';

function movedTo(endpoint: string): Plugin {
  return {
    name: "moved-to",
    transform: (code, id) =>
      id.startsWith(recipes) && code.includes(bucket)
        ? code.replace(bucket, `${bucket} endpoint: ${JSON.stringify(endpoint)},`)
        : null,
  };
}

/** What a recipe does is looked at, not how it looks. */
const withoutStyles: Plugin = {
  name: "without-styles",
  load: (id) => (id.endsWith(".css") ? { code: "", moduleType: "js" } : null),
};

const vue: Plugin = {
  name: "vue",
  transform(code, id) {
    if (!id.endsWith(".vue")) return null;
    const { descriptor, errors } = parse(code, { filename: id });
    if (errors[0] !== undefined) throw errors[0];
    return { code: compileScript(descriptor, { id, inlineTemplate: true }).content, moduleType: "ts" };
  },
};

const svelte: Plugin = {
  name: "svelte",
  transform(code, id) {
    if (!id.endsWith(".svelte")) return null;
    const { js, warnings } = compile(code, { filename: id, dev: true });
    if (warnings[0] !== undefined) throw new Error(warnings[0].message);
    return { code: js.code, moduleType: "js" };
  },
};
