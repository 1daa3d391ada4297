/** Who may import whom, as ARCHITECTURE.md says. `pnpm check` runs it, and a test plants a violation of each rule. */

const core = "^packages/core/src/";
const tests = "[.]test[.]ts$";
const pure = [
  "upload/(state|target|total-progress|bar|speed)",
  "run/(file/content-type|parts/(reconcile|cutter|unit|part-size|positions|spans)|progress/(progress-meter|part-map|arrivals|body-under-way))",
  "crc64(-ecma)?",
  "bell",
  "slots",
  "hex",
  "check-part-size",
  "invalid-option",
  "foreign-names",
  "check-part-size",
  "or-aborted",
  "or-late",
  "not-loaded",
  "silent-drive",
  "line",
  "queued-note",
  "store/body-limit",
  "store/connection-count",
  "errors",
];
const interfaces = [
  "store/object-store",
  "store/call-options",
  "store/store-connection",
  "store/persist",
  "checkpoint/checkpoint-store",
  "workers/byte-workers",
  "keeper/keeper",
  "api/[a-z-]+",
];

const paths = (names) => `${core}(${names.join("|")})[.]ts$`;

export default {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: { path: "^(packages|demo)/" },
      to: { circular: true },
    },
    {
      name: "nothing-imports-the-composition-root",
      severity: "error",
      from: { path: core, pathNot: [`${core}(index|create-uploader)[.]ts$`, tests] },
      to: { path: `${core}(create-uploader|create-engine|index)[.]ts$` },
    },
    {
      name: "engines-are-composed-where-they-run",
      comment: "In a page by create-engine.ts, and in the worker that goes on after it.",
      severity: "error",
      from: { path: core, pathNot: [`${core}(create-engine|after-page/without-page)[.]ts$`, tests] },
      to: { path: `${core}compose-engine[.]ts$`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "a-page-loads-no-second-engine",
      comment: "What runs in the worker that goes on after the page is a script of its own.",
      severity: "error",
      from: { path: core, pathNot: [`${core}after-page/(script|keep-files|serve|without-page)[.]ts$`, tests] },
      to: { path: `${core}after-page/(script|keep-files|serve|without-page)[.]ts$` },
    },
    {
      name: "what-moves-uploads-is-loaded-apart",
      comment: "A page that nobody uploads on pays for the handles alone.",
      severity: "error",
      from: { path: `${core}(create-uploader|store/oss/oss-adapter)[.]ts$` },
      to: {
        path: `${core}(create-engine|run/.*|store/oss/(oss-store|connected-bucket|put-object|multipart|complete|list-parts|head-object|look-again|sign-.*)|store/bucket/(call|credentials|(key|remote)-signer|refusal)|diagnose/.*)[.]ts$`,
        dependencyTypesNot: ["type-only"],
        dynamic: false,
      },
    },
    {
      name: "handles-know-no-run",
      comment:
        "upload/ is what an app holds: the page's entry. What moves bytes is loaded apart, and not even named here.",
      severity: "error",
      from: { path: `${core}upload/`, pathNot: tests },
      to: { path: `${core}(run|checkpoint|diagnose)/` },
    },
    {
      name: "api-is-types",
      severity: "error",
      from: { path: `${core}api/` },
      to: { path: core, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "the-heart-knows-interfaces-only",
      comment: "upload/ and run/ work with any store, any checkpoints and any hands.",
      severity: "error",
      from: { path: `${core}(upload|run)/`, pathNot: tests },
      to: {
        path: core,
        pathNot: [
          `${core}(upload|run)/`,
          `${core}platform/`,
          `${core}checkpoint/(records|done-record)[.]ts$`,
          paths([...pure, ...interfaces]),
        ],
      },
    },
    {
      name: "platform-by-type-only",
      comment: "Time, locks and the network are handed in, so that tests can hold them.",
      severity: "error",
      from: { path: `${core}(upload|run|store)/`, pathNot: tests },
      to: { path: `${core}platform/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "stores-know-their-seam-only",
      severity: "error",
      from: { path: `${core}store/`, pathNot: tests },
      to: { path: core, pathNot: [`${core}store/`, `${core}platform/`, paths([...pure, ...interfaces])] },
    },
    {
      name: "layers-know-no-dialect",
      severity: "error",
      from: { path: `${core}store/[^/]+[.]ts$`, pathNot: tests },
      to: { path: `${core}store/[^/]+/` },
    },
    {
      name: "store-bucket-knows-no-dialect",
      comment: "What a shared file needs of a dialect is handed in: store/bucket/dialect.ts.",
      severity: "error",
      from: { path: `${core}store/bucket/`, pathNot: tests },
      to: { path: `${core}store/(?!bucket/)[^/]+/` },
    },
    {
      name: "checkpoints-know-no-upload",
      severity: "error",
      from: { path: `${core}(checkpoint|workers|platform)/`, pathNot: tests },
      to: { path: `${core}(upload/|run/|store/(each-request|retrying|limited|[^/]+/))` },
    },
    {
      name: "pure-files-import-types",
      severity: "error",
      from: { path: paths(pure), pathNot: tests },
      to: { path: core, pathNot: paths(pure), dependencyTypesNot: ["type-only"] },
    },
    {
      name: "a-keeper-knows-no-upload",
      comment: "It stands in an app's service worker.",
      severity: "error",
      from: { path: `${core}keeper/`, pathNot: tests },
      to: { path: core, pathNot: [`${core}keeper/`, `${core}platform/`, paths(pure)] },
    },
    {
      name: "the-server-has-no-page",
      comment: "The application server's half runs without a DOM.",
      severity: "error",
      from: { path: `${core}server/`, pathNot: tests },
      to: { path: `${core}(upload|run|checkpoint|workers|platform|files)/`, dependencyTypesNot: ["type-only"] },
    },
    {
      name: "nobody-ships-the-fake",
      comment: "What only tests need is an entry of its own: no page pays for it.",
      severity: "error",
      from: { path: core, pathNot: [`${core}testing/`, tests] },
      to: { path: `${core}(testing/|api/testing[.]ts$)` },
    },
    {
      name: "the-worker-is-hands",
      comment: "The worker only hashes and sends: it has never heard of uploads, parts or OSS.",
      severity: "error",
      from: { path: "^packages/worker/" },
      to: { path: "^(packages/(core|oss-emulator)|demo|e2e)/" },
    },
    {
      name: "only-workers-see-the-contract",
      severity: "error",
      from: { path: core, pathNot: `${core}(workers/|after-page/script[.]ts$)` },
      to: { path: "^packages/worker/" },
    },
    {
      name: "of-the-worker-only-the-contract",
      severity: "error",
      from: { path: `${core}workers/`, pathNot: tests },
      to: { path: "^packages/worker/", pathNot: "^packages/worker/src/contract[.]ts$" },
    },
    {
      name: "the-library-needs-no-emulator",
      severity: "error",
      from: { path: core },
      to: { path: "^(packages/oss-emulator|demo|e2e)/" },
    },
    {
      name: "adapters-know-the-public-library",
      comment:
        "Adapters are users of @ossicle/core, by its name; each brings along what packages/kit holds, those for Vue also packages/vue, and no other adapter.",
      severity: "error",
      from: { path: "^packages/(?!core/|worker/|oss-emulator/|sweep/)([^/]+)/src/" },
      to: { path: "^packages/(?!(kit|vue)/src/index[.]ts$)", pathNot: ["^packages/$1/", "^packages/core/dist/"] },
    },
    {
      name: "the-kit-knows-no-framework",
      severity: "error",
      from: { path: "^packages/kit/" },
      to: { pathNot: ["^packages/(kit|core)/", "^(@ossicle/core(/testing)?|vitest)$", "node_modules/vitest/"] },
    },
    {
      name: "the-upload-page-knows-no-lab",
      comment: "A company copies demo/src/upload; lab is what only this demo needs.",
      severity: "error",
      from: { path: "^demo/src/upload/" },
      to: { path: "^demo/src/(lab/|main[.]ts$)" },
    },
    {
      name: "words-and-elements-know-no-page",
      severity: "error",
      from: { path: "^demo/src/(words|elements)/" },
      to: { path: "^demo/src/(upload/|lab/|main[.]ts$)" },
    },
    {
      name: "the-desk-knows-no-dom",
      comment: "What becomes of files and uploads is decided without a node.",
      severity: "error",
      from: { path: "^packages/elements/src/desk/" },
      to: { path: "^packages/elements/src/(dom|list|total|unfinished|asking|adding|elements)/" },
    },
    {
      name: "views-are-loaded-apart",
      comment: "The page is drawn with the drop zone alone; the rest is loaded behind it.",
      severity: "error",
      from: {
        path: "^packages/elements/src/(elements|dom|words)/",
        // It loads them: by their types, and by a dynamic import.
        pathNot: [tests, "elements/loaded-views[.]ts$"],
      },
      to: {
        path: "^packages/elements/src/((list|total|unfinished|asking)/|desk/create-desk[.]ts$|words/zh[.]ts$|views[.]ts$)",
        dependencyTypesNot: ["type-only"],
        dynamic: false,
      },
    },
    {
      name: "nothing-unresolvable",
      severity: "error",
      from: { path: "^(packages|demo)/" },
      // The demo takes the library as users do, built; these rules hold before it is.
      to: {
        couldNotResolve: true,
        pathNot: ["(worker|after-page|keep-files)-text[.]js$", "^@ossicle/core(/server|/testing)?$"],
      },
    },
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: ["/dist/", "node_modules"] },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: "tsconfig.base.json" },
    enhancedResolveOptions: {
      exportsFields: ["exports"],
      conditionNames: ["import", "types", "default"],
    },
  },
};
