/** The script of the worker that keeps files as text, for where its file cannot be started. The build writes this module. */
export declare const keepFilesText: string;
