import { lengthPrefixed } from './hid-plain.ts';

/**
 * Ingenico RBA over HID (iSC250, iPP320/350): report 2 to the pad and report 1 from it, 31 bytes behind
 * the id, the first of them the number of bytes that count. The end of a message is found by the ETX and
 * LRC inside.
 *
 * Ids and size: CORE-POS/IS4C SPH_IngenicoRBA_USB.cs and the descriptor of an iSC250 in
 * alfredrb/sureflow-pos0. That a message of more than 30 bytes goes on in the next report with a length
 * of its own rests on the first source alone.
 */
export const rbaPacking = lengthPrefixed({
  name: 'rba',
  ids: { toTerminal: [2], toTill: [1] },
  usualSize: 31,
});
