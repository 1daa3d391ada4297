/** The worker's script as text, for where its file cannot be started. The build writes the module; only the page that needs it loads it. */
export declare const workerText: string;
