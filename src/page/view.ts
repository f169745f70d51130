/** What fills the page below its head. */
export interface View {
  readonly element: HTMLElement;
  /** Stops what it watches. */
  leave(): void;
}
