import { fromLatin1, toLatin1 } from '../framing/bytes.ts';
import { stxFrame } from '../framing/stx-etx-lrc.ts';
import { lookup } from '../model/lookup.ts';
import { maskCardNumbers } from '../model/mask.ts';
import { accountFields, r03, t01 } from '../protocols/pax-poslink/layouts.ts';
import type { Masking } from './masking.ts';
import type { Side } from './wire-frame.ts';

const FS = '\x1c';
const US = '\x1f';

/** How a group is shown. `account`: the last four digits and the kind of card; `pairs`: keys, a few values. */
type Shown = 'text' | 'account' | 'pairs';

interface Layout {
  /** Fields before the first group. */
  readonly head: number;
  /** Groups that are shown, by their place; all others are not. */
  readonly groups: Readonly<Record<number, Shown>>;
}

const texts = (...groups: readonly number[]): Readonly<Record<number, Shown>> =>
  Object.fromEntries(groups.map((group) => [group, 'text']));

const requestHead = 2;
const answerHead = 5;

/** An account in a request is a card that was typed in: number, expiry and code. */
const requests: Readonly<Record<string, Layout>> = {
  T00: { head: requestHead, groups: texts(0, 1, 3) },
  R02: { head: requestHead, groups: texts(0, 1, 2, 3, 4, 5) },
  B00: { head: requestHead, groups: texts(0) },
};

const responses: Readonly<Record<string, Layout>> = {
  A01: { head: answerHead, groups: texts(0, 1, 2, 3, 4, 5) },
  B01: { head: answerHead, groups: texts(0, 1, 2, 3, 4, 5) },
  T01: {
    head: answerHead,
    groups: {
      ...texts(t01.host, t01.type, t01.amounts, t01.trace),
      [t01.account]: 'account',
      [t01.additional]: 'pairs',
    },
  },
  R03: {
    head: answerHead,
    groups: {
      ...texts(r03.total, r03.record, r03.host, r03.edc, r03.type, r03.originalType),
      ...texts(r03.amounts, r03.trace),
      [r03.account]: 'account',
      [r03.additional]: 'pairs',
    },
  },
};

const hidden = (text: string): string =>
  text
    .split(US)
    .map((value) => '*'.repeat(value.length))
    .join(US);

/** Values of the additional data that an answer is read by; the others may be the card's first digits. */
const keptKeys = /^(?:EDCTYPE|SN)=/i;

const pairMasked = (pair: string): string => {
  const [key = ''] = /^[^=]*=?/.exec(pair) ?? [];
  return keptKeys.test(pair) ? maskCardNumbers(pair) : key + hidden(pair.slice(key.length));
};

function accountField(value: string, index: number): string {
  if (index === accountFields.number) return value.replace(/\d(?=(?:\D*\d){4})/g, '*');
  return index === accountFields.cardType ? value : hidden(value);
}

function groupMasked(group: string, shown: Shown | undefined): string {
  switch (shown) {
    case 'text':
      return maskCardNumbers(group);
    case 'account':
      return group.split(US).map(accountField).join(US);
    case 'pairs':
      return group.split(US).map(pairMasked).join(US);
    case undefined:
      return hidden(group);
  }
}

/** A message of another command: its head is shown, and nothing else. */
function layoutOf(fields: readonly string[], from: Side): Layout {
  const known =
    from === 'till' ? lookup(requests, fields[0] ?? '') : lookup(responses, fields[1] ?? '');
  return known ?? { head: from === 'till' ? requestHead : answerHead, groups: {} };
}

/** Groups between FS, their sub-fields between US. */
export const paxPoslinkMasking: Masking = {
  data(data, from) {
    const fields = fromLatin1(data).split(FS);
    const { head, groups } = layoutOf(fields, from);
    const shown = fields.map((field, at) =>
      at < head ? maskCardNumbers(field) : groupMasked(field, groups[at - head]),
    );
    return toLatin1(shown.join(FS));
  },
  frame: stxFrame,
  check: 1,
};
