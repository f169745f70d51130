import { bcdDigits } from '../../framing/bcd.ts';
import { findTlv } from '../../framing/tlv.ts';
import type { Declined } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import { bmp, fieldValue } from './bitmaps.ts';
import { charsetOf } from './charset.ts';
import { currencyNumber } from './currencies.ts';
import { dialogue } from './dialogue.ts';
import { type Message, sequenceIdOf } from './message.ts';
import { notTold } from './queries.ts';
import { requests } from './requests.ts';
import type { Setup } from './setup.ts';
import { tag } from './tlv-tags.ts';

/**
 * 06 00. Result: the setup as it holds on this connection from now on. Text is read in the character set that
 * was asked for only where the terminal's answer repeats it; sequence ids likewise.
 */
export const registration = (setup: Setup): Exchange<Setup | Declined> =>
  dialogue<Setup | Declined>(
    {
      name: 'registration',
      money: false,
      message: requests.registration(setup),
      ends: 'completion',
      repeatOnSilence: true,
      waitsForIdle: true,
      withoutResult: true,
      read(ending, heard) {
        if (ending.by !== 'completion')
          return notTold(ending, heard, setup, 'The registration failed.');
        return wrongCurrency(ending.message, setup) ?? agreed(ending.message, setup);
      },
    },
    setup,
  );

function wrongCurrency({ fields }: Message, { currency }: Setup): Declined | undefined {
  const told = fieldValue(fields, bmp.currency);
  if (told === undefined || bcdDigits(told) === currencyNumber(currency)) return undefined;
  return {
    outcome: 'declined',
    responseCode: '',
    message: `The terminal works in the currency ${bcdDigits(told)} (ISO 4217), this till in ${currency}.`,
  };
}

function agreed(completion: Message, setup: Setup): Setup {
  const id = setup.sequenceIds ? sequenceIdOf(completion) : undefined;
  return {
    ...setup,
    text: setup.textFixed ? setup.text : (charsetIn(completion) ?? 'cp437'),
    sequence: id === undefined ? undefined : { last: id },
  };
}

/** `27{14 xx}` or `14 xx`. */
function charsetIn({ tlv }: Message) {
  const listed = findTlv(tlv, tag.charsets)?.children ?? [];
  const value = findTlv([...listed, ...tlv], tag.charset)?.value[0];
  return charsetOf(value);
}

/** An exchange that ends before it begins: without a password the terminal takes no registration. */
export const noPassword: Declined = {
  outcome: 'declined',
  responseCode: '',
  message:
    'A ZVT terminal is registered with its password, and none is set: give it as the secret "password" (configuration or environment), or leave the registration out with register=no.',
};

export const endedAtOnce = <A>(name: string, answer: A): Exchange<A> => ({
  name,
  money: false,
  request: () => new Uint8Array(),
  initial: undefined,
  step: (state) => ({
    state,
    effects: [{ type: 'done', answer, bytes: undefined, again: false }],
  }),
});
