/** Why a command may stay in doubt although the terminal answers: what the driver says, and our word for it. */
const reasons = [
  [/remembers no transaction at all/, 'the terminal remembers nothing, and may have settled'],
  [/Kein Beleg vorhanden/, 'the terminal remembers nothing, and may have settled'],
  [/nothing that the terminal remembers was known before/, 'nothing remembered was known before'],
  [/does not remember the sale any more/, 'the sale to void is not remembered any more'],
  [/may be another of the same amount/, 'it may be a sale at the terminal, of the same amount'],
  [/may be an earlier one like it/, 'it may be one that a person has decided about'],
  [/remembers \d+ sales like it/, 'it may be one or the other, of the same amount'],
  [/does not tell its voids/, 'the terminal does not tell its voids'],
  [/has made another since/, 'the terminal has made another since'],
  [/tells of another transaction than the sale/, 'the terminal tells of something later'],
] as const;

/** The stated reason; nothing when the terminal was only out of reach, and may be asked again. */
export const statedReason = (message: string): string | undefined =>
  reasons.find(([words]) => words.test(message))?.[1];
