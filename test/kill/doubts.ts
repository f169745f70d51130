/** Why a command may stay in doubt although the terminal answers: what the driver says, and our word for it. */
const reasons = [
  [/remembers no transaction at all/, 'the terminal remembers nothing, and may have settled'],
  [/nothing that the terminal remembers was known before/, 'nothing remembered was known before'],
  [/does not remember the sale any more/, 'the sale to void is not remembered any more'],
] as const;

/** The stated reason; nothing when the terminal was only out of reach, and may be asked again. */
export const statedReason = (message: string): string | undefined =>
  reasons.find(([words]) => words.test(message))?.[1];
