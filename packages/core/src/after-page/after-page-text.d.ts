/** The script of the worker that goes on after the page as text, for where its file cannot be started. The build writes this module. */
export declare const afterPageText: string;
