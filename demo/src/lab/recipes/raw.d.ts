/** Vite imports a file as text if its name is followed by this query. */
declare module "*?raw" {
  const text: string;
  export default text;
}
