/** The promises by their numbers, as docs/guarantees.md has them. */
export type Invariant =
  | 'I1'
  | 'I2'
  | 'I3'
  | 'I4'
  | 'I5'
  | 'I6'
  | 'I7'
  | 'I8'
  | 'I9'
  | 'I10'
  | 'I13'
  | 'I14'
  | 'I15';

export interface Violation {
  readonly invariant: Invariant;
  readonly at: number;
  readonly text: string;
}
