/** The control fields that mean something to the till's side of the protocol (PA00P015 rev. 13.08 chapters 2 and 3). */
export const control = {
  positive: 0x8000,
  /** The terminal is at work on something. */
  pleaseWait: 0x849c,
  /** Commands of the terminal. */
  setTime: 0x0401,
  inputRequest: 0x040d,
  menuRequest: 0x040e,
  statusInformation: 0x040f,
  intermediateStatus: 0x04ff,
  completion: 0x060f,
  abort: 0x061e,
  graphicMenu: 0x06d0,
  printLine: 0x06d1,
  textBlock: 0x06d3,
  /** Commands of the till. */
  statusEnquiry: 0x0501,
  registration: 0x0600,
  authorisation: 0x0601,
  logOff: 0x0602,
  totals: 0x0610,
  reprint: 0x0612,
  repeatReceipt: 0x0620,
  preAuthorisation: 0x0622,
  partialReversal: 0x0623,
  bookTotal: 0x0624,
  preAuthorisationReversal: 0x0625,
  reversal: 0x0630,
  refund: 0x0631,
  endOfDay: 0x0650,
  diagnosis: 0x0670,
  setClock: 0x0691,
  initialisation: 0x0693,
  stop: 0x06b0,
} as const;

/** Commands that no terminal gives: one that comes in is the till's own, thrown back by the line. */
const ofTheTill: ReadonlySet<number> = new Set([
  control.statusEnquiry,
  control.registration,
  control.authorisation,
  control.logOff,
  control.totals,
  control.reprint,
  control.repeatReceipt,
  control.preAuthorisation,
  control.partialReversal,
  control.bookTotal,
  control.preAuthorisationReversal,
  control.reversal,
  control.refund,
  control.endOfDay,
  control.diagnosis,
  control.setClock,
  control.initialisation,
  control.stop,
]);

export const isOfTheTill = (command: number): boolean => ofTheTill.has(command);

/** 80 00, and 84 00 just as well, say yes; 84 and any other code say no. */
export const isAnswer = (command: number): boolean =>
  command >>> 8 === 0x80 || command >>> 8 === 0x84;

export const isPositive = (command: number): boolean => command === 0x8000 || command === 0x8400;

/** The code of 84 xx. */
export const codeOf = (command: number): number => command & 0xff;

const names: ReadonlyMap<number, string> = new Map([
  [0x0401, 'set time in the till'],
  [0x040d, 'input request'],
  [0x040e, 'menu request'],
  [0x040f, 'status information'],
  [0x04ff, 'intermediate status'],
  [0x0501, 'status enquiry'],
  [0x0600, 'registration'],
  [0x0601, 'authorisation'],
  [0x0602, 'log-off'],
  [0x0603, 'account balance'],
  [0x0604, 'card activation'],
  [0x0605, 'procurement'],
  [0x0609, 'prepaid top-up'],
  [0x060c, 'tip'],
  [0x060f, 'completion'],
  [0x0610, 'turnover totals'],
  [0x0612, 'reprint of receipts'],
  [0x0618, 'reset'],
  [0x061a, 'printout of the configuration'],
  [0x061b, 'setting of the terminal id'],
  [0x061e, 'abort by the terminal'],
  [0x0620, 'repeat receipt'],
  [0x0621, 'telephonic authorisation'],
  [0x0622, 'pre-authorisation'],
  [0x0623, 'partial reversal of a pre-authorisation'],
  [0x0624, 'booking of a pre-authorisation'],
  [0x0625, 'reversal of a pre-authorisation'],
  [0x0626, 'reversal of an external reservation'],
  [0x0630, 'reversal'],
  [0x0631, 'refund'],
  [0x0650, 'end of day'],
  [0x0652, 'partial reconciliation'],
  [0x0670, 'diagnosis'],
  [0x0679, 'selftest'],
  [0x0691, 'setting of the clock'],
  [0x0693, 'initialisation'],
  [0x0695, 'change of the password'],
  [0x06b0, 'abort by the till'],
  [0x06c0, 'read card'],
  [0x06d0, 'graphic menu'],
  [0x06d1, 'print line'],
  [0x06d3, 'print text block'],
  [0x06d8, 'dial-up'],
  [0x06d9, 'dial-up transmission'],
  [0x06da, 'dial-up reception'],
  [0x06db, 'dial-up disconnection'],
  [0x06dd, 'transparent mode'],
  [0x06e0, 'display text'],
  [0x06e1, 'display text with input'],
  [0x06e2, 'display text with selection'],
  [0x06e3, 'display image'],
  [0x06e4, 'blocked list'],
  [0x06f0, 'image'],
  [0x0840, 'change of the baud rate'],
  [0x0850, 'activation of the service mode'],
]);

export function controlName(command: number): string {
  if (isPositive(command)) return 'positive acknowledgement';
  if (isAnswer(command)) return 'negative acknowledgement';
  return names.get(command) ?? 'unknown';
}
