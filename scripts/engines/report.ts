/** What a run of Playwright reported as JSON, as far as `pnpm e2e:all` looks at it. */
export interface TestRun {
  /** Below the folder of the tests. */
  readonly file: string;
  /** Titles of its groups and its own, with spaces between. */
  readonly title: string;
  readonly passed: boolean;
  readonly annotations: readonly { readonly type: string; readonly description?: string }[];
}

export interface Report {
  readonly suites: readonly Suite[];
}

interface Suite {
  readonly title: string;
  readonly file: string;
  readonly suites?: readonly Suite[];
  readonly specs: readonly {
    readonly title: string;
    readonly ok: boolean;
    readonly tests: readonly { readonly annotations: TestRun["annotations"] }[];
  }[];
}

/** @returns all tests, in the order of files and lines */
export function readReport({ suites }: Report): readonly TestRun[] {
  return suites.flatMap((suite) => testsOf(suite, []));
}

/** The outermost suite is the file itself. */
function testsOf(suite: Suite, groups: readonly string[]): readonly TestRun[] {
  const own = suite.specs.map(({ title, ok, tests }) => ({
    file: suite.file,
    title: [...groups, title].join(" "),
    passed: ok,
    annotations: tests.flatMap(({ annotations }) => annotations),
  }));
  const inner = (suite.suites ?? []).flatMap((group) => testsOf(group, [...groups, group.title]));
  return [...own, ...inner];
}
