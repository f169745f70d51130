import { maskCardNumbers } from '../../model/mask.ts';
import type { Described } from '../protocol.ts';
import { responseCode } from './codes.ts';
import { field, type Group, readRequest, readResponse } from './groups.ts';
import { accountFields, amountFields, b01, hostFields, r03, t01, traceFields } from './layouts.ts';

const names: Readonly<Record<string, string>> = {
  A00: 'initialise',
  A01: 'initialise answer',
  A14: 'cancel',
  A16: 'reset',
  A17: 'reset answer',
  B00: 'batch close',
  B01: 'batch close answer',
  R02: 'local detail report',
  R03: 'local detail report answer',
  T00: 'credit transaction',
  T01: 'credit transaction answer',
};

type Column = readonly [name: string, group: number, index: number];

/** What may be shown of each message. Whatever is not named here stays unseen: expiry, holder, BIN, EMV data. */
const shown: Readonly<Record<string, readonly Column[]>> = {
  T00: [
    ['type', 0, 0],
    ['amount', 1, 0],
    ['reference', 3, 0],
    ['transactionNumber', 3, 3],
  ],
  R02: [
    ['kindOfCard', 0, 0],
    ['record', 3, 0],
    ['transactionNumber', 4, 0],
    ['authorisationCode', 5, 0],
    ['reference', 6, 0],
  ],
  T01: [
    ['type', t01.type, 0],
    ['amount', t01.amounts, amountFields.approved],
    ['hostCode', t01.host, hostFields.code],
    ['hostText', t01.host, hostFields.text],
    ['authorisationCode', t01.host, hostFields.authorisationCode],
    ['card', t01.account, accountFields.number],
    ['transactionNumber', t01.trace, traceFields.transactionNumber],
    ['reference', t01.trace, traceFields.reference],
    ['time', t01.trace, traceFields.time],
  ],
  R03: [
    ['total', r03.total, 0],
    ['record', r03.record, 0],
    ['kindOfCard', r03.edc, 0],
    ['type', r03.type, 0],
    ['originalType', r03.originalType, 0],
    ['amount', r03.amounts, amountFields.approved],
    ['hostCode', r03.host, hostFields.code],
    ['authorisationCode', r03.host, hostFields.authorisationCode],
    ['card', r03.account, accountFields.number],
    ['transactionNumber', r03.trace, traceFields.transactionNumber],
    ['reference', r03.trace, traceFields.reference],
    ['time', r03.trace, traceFields.time],
  ],
  A01: [
    ['serialNumber', 0, 0],
    ['model', 1, 0],
  ],
  B01: [
    ['count', b01.count, 0],
    ['amount', b01.amount, 0],
    ['time', b01.time, 0],
    ['terminalId', b01.terminalId, 0],
    ['merchantId', b01.merchantId, 0],
  ],
};

const lastFourOnly = (text: string): string => text.replace(/\d(?=(?:\D*\d){4})/g, '*');

function columns(command: string, groups: readonly Group[]): Record<string, string> {
  const list = Object.hasOwn(shown, command) ? (shown[command] ?? []) : [];
  return Object.fromEntries(
    list.flatMap(([name, group, index]) => {
      const value = field(groups, group, index);
      if (value === undefined) return [];
      return [[name, name === 'card' ? lastFourOnly(value) : maskCardNumbers(value)]];
    }),
  );
}

const nameOf = (command: string): string =>
  Object.hasOwn(names, command) ? (names[command] ?? '') : 'unknown message';

/** A message in words, of either side. */
export function describe(data: Uint8Array, from: 'till' | 'terminal' | undefined): Described {
  const response = from === 'till' ? undefined : readResponse(data);
  if (response !== undefined) {
    const { command, version, status, code, text, groups } = response;
    return {
      code: command,
      name: nameOf(command),
      fields: {
        ...(status !== '0' && { status }),
        version: maskCardNumbers(version),
        responseCode: maskCardNumbers(code),
        responseText: maskCardNumbers(text.trim() || responseCode(code).text),
        ...columns(command, groups),
      },
    };
  }
  const request = from === 'terminal' ? undefined : readRequest(data);
  if (request === undefined) return { code: '', name: 'unknown message', fields: {} };
  const { command, version, groups } = request;
  return {
    code: command,
    name: nameOf(command),
    fields: { version: maskCardNumbers(version), ...columns(command, groups) },
  };
}
