/** What a bench is handed: the figure beside it, and what was put together when the page was built. */
export interface Bench<G> {
  readonly figure: string
  readonly given: G
}
