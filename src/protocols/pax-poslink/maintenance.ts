import { maskCardNumbers } from '../../model/mask.ts';
import type { SettleResult, StatusResult } from '../../model/results.ts';
import type { Exchange } from '../exchange.ts';
import type { UnknownCode } from '../protocol.ts';
import { declined, unknownCode } from './answers.ts';
import { outOfBalance, responseCode } from './codes.ts';
import { field } from './groups.ts';
import { b01 } from './layouts.ts';
import { requests } from './requests.ts';
import { reading } from './sale.ts';
import type { Setup } from './setup.ts';
import { untilEot } from './until-eot.ts';

/** A00: any terminal that is free answers it. */
export const status = (setup: Setup): Exchange<StatusResult> =>
  untilEot<StatusResult>({
    name: 'status',
    money: false,
    request: requests.initialise(setup),
    read: (data) =>
      reading<StatusResult>('A01', data, (said) => ({
        type: 'answer',
        names: false,
        answer:
          responseCode(said.code).meaning === 'approved'
            ? { outcome: 'ready', message: 'The terminal answers.' }
            : {
                outcome: 'not-ready',
                message: declined(said).message,
                terminalCode: maskCardNumbers(said.code),
              },
      })),
  });

/** B00: closes the batch, on the terminal and at the host. */
export const close = (setup: Setup): Exchange<SettleResult | UnknownCode> =>
  untilEot<SettleResult | UnknownCode>({
    name: 'settlement',
    money: true,
    request: requests.close(setup),
    read: (data) =>
      reading<SettleResult | UnknownCode>('B01', data, (said) => {
        const merchant = field(said.groups, b01.merchantId, 0);
        const settled = (message: string): SettleResult => ({
          outcome: 'settled',
          message,
          ...(merchant !== undefined && { commerceCode: maskCardNumbers(merchant) }),
        });
        const answer = (told: SettleResult | UnknownCode) =>
          ({ type: 'answer', answer: told, names: false }) as const;
        if (said.code === '000000') return answer(settled('The terminal has closed its day.'));
        if (said.code === outOfBalance)
          return answer(
            settled('The terminal has closed its day, but it does not balance: ask the acquirer.'),
          );
        return responseCode(said.code).meaning === 'declined'
          ? answer(declined(said, b01.host))
          : answer(unknownCode(said, b01.host));
      }),
  });
