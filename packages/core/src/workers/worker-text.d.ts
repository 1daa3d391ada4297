/** The worker's script as text, for pages where the worker's file cannot be started; only they load it. The build writes this module. */
export declare const workerText: string;
