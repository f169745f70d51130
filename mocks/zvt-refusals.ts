import { wrongCurrency } from './zvt-registration.ts';
import type { ZvtCommand } from './zvt-requests.ts';
import type { ZvtSetup } from './zvt-setup.ts';

/** 84 and a code instead of 80 00 00: nothing was done. */
export interface ZvtRefusal {
  readonly code: number;
  readonly data?: readonly number[];
}

const functionNotPossible = 0x83;
const wrongPassword = 0x37;
const registrationRefused = 0x1e;
const currencyUnknown = 0x6f;

/** Some terminals check the first five digits only; this one checks all six. */
const passwordIs = (expected: string | undefined, given: string | undefined): boolean =>
  expected === undefined || given === undefined || given === expected;

/** A void says which receipt, a registration how the till is made. */
const isWhole = ({ request, head, sound }: ZvtCommand): boolean => {
  if (!sound) return false;
  if (request.command === 'register') return head.length > 0;
  return request.command !== 'void' || request.receiptNumber !== undefined;
};

export function refusalOf(command: ZvtCommand, setup: ZvtSetup): ZvtRefusal | undefined {
  const { refuseNext } = setup;
  setup.refuseNext = undefined;
  if (refuseNext !== undefined) return refuseNext;
  if (!isWhole(command)) return { code: functionNotPossible };
  if (!passwordIs(setup.password, command.password)) return { code: wrongPassword };
  if (command.request.command === 'register' && wrongCurrency(command))
    return { code: registrationRefused, data: [currencyUnknown] };
  return undefined;
}
