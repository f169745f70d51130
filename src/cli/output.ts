import {
  type Language,
  operatorMessage,
  promptMessage,
  type ResultLike,
} from '../messages/messages.ts';
import { TerminalError } from '../model/error.ts';
import type { CommandEvent, ProgressEvent } from '../model/events.ts';
import { formatMoney } from '../model/money.ts';
import type { Transaction } from '../model/transaction.ts';
import { UsageError } from './exit.ts';

/** Where a command speaks: to a person in plain lines, or to a program in JSON, one object a line. */
export interface Output {
  event(event: CommandEvent<ResultLike>): void;
  /** `moneySent`: something had left that can move money. */
  error(error: unknown, moneySent?: boolean): void;
  /** A line that is part of the result. */
  line(text: string, json: object): void;
  /** A line that only a person needs. */
  note(text: string): void;
  /** From now on messages are in this language. */
  speak(language: Language): void;
}

const isControl = (code: number): boolean => code < 0x20 || (code >= 0x7f && code < 0xa0);

/** What a terminal sends must not be able to move the cursor or colour the screen. */
export const printable = (text: string): string =>
  Array.from(text, (character) => (isControl(character.charCodeAt(0)) ? '?' : character)).join('');

const toStdout = (text: string) => process.stdout.write(`${text}\n`);
const toStderr = (text: string) => process.stderr.write(`${printable(text)}\n`);

export const createOutput = (json: boolean): Output => (json ? jsonOutput() : plainOutput());

const jsonLine = (value: object) => toStdout(JSON.stringify(value));

function jsonOutput(): Output {
  let language: Language = 'en';
  return {
    event(event) {
      if (event.type !== 'result') {
        jsonLine(event);
        return;
      }
      const { result, ...rest } = event;
      jsonLine({ ...rest, ...result, operatorMessage: operatorMessage(result, language) });
    },
    error(error, moneySent = false) {
      if (!(error instanceof TerminalError)) {
        const code = error instanceof UsageError ? 'usage' : 'internal';
        const effect = moneySent ? 'unknown' : 'none';
        jsonLine({ type: 'error', code, effect, message: messageOf(error) });
        return;
      }
      const { code, effect, message, intent, evidence } = error;
      const forOperator = operatorMessage(error, language);
      jsonLine({
        type: 'error',
        code,
        effect,
        message,
        operatorMessage: forOperator,
        intent,
        evidence,
      });
    },
    line: (_text, json) => jsonLine(json),
    note: () => {},
    speak: (chosen) => {
      language = chosen;
    },
  };
}

function plainOutput(): Output {
  let language: Language = 'en';
  return {
    event(event) {
      if (event.type === 'result') printResult(event.result, language);
      else if (event.type === 'receipt')
        for (const line of event.lines) toStdout(`  ${printable(line)}`);
      else if (event.type !== 'queued') toStderr(`  ${progressInWords(event, language)}`);
    },
    error(error) {
      if (!(error instanceof TerminalError)) {
        toStderr(messageOf(error));
        return;
      }
      toStderr(operatorMessage(error, language));
      toStderr(`${messageOf(error)} (${error.code}, effect ${error.effect})`);
    },
    line: (text) => toStdout(printable(text)),
    note: toStderr,
    speak: (chosen) => {
      language = chosen;
    },
  };
}

const messageOf = (error: unknown): string =>
  error instanceof Error ? error.message : String(error);

function progressInWords(
  event: Exclude<ProgressEvent, { type: 'receipt' | 'queued' }>,
  language: Language,
): string {
  switch (event.type) {
    case 'sent':
      return event.attempt === 1 ? `${event.request} sent` : `${event.request} sent again`;
    case 'acknowledged':
      return 'the terminal took it';
    case 'prompt':
      return promptMessage(event, language);
    case 'recovering':
      return `asking ${event.asking}: ${event.why}`;
  }
}

function printResult(result: ResultLike, language: Language): void {
  toStdout(printable(operatorMessage(result, language)));
  const transaction = result.transaction ?? result.found;
  if (transaction !== undefined)
    for (const [name, value] of rows(transaction))
      toStdout(printable(`  ${name.padEnd(18)}${value}`));
  if ('count' in result) toStdout(`  count             ${String(result.count)}`);
  if ('total' in result && isMoney(result.total))
    toStdout(`  total             ${formatMoney(result.total)}`);
}

const isMoney = (value: unknown): value is { amount: number; currency: string } =>
  typeof value === 'object' && value !== null && 'amount' in value && 'currency' in value;

/** The parts of a transaction that a person compares with a voucher. */
function rows(transaction: Transaction): [string, string][] {
  const { amount, last4, cardType, cardBrand, state, kind } = transaction;
  const card = [cardType, cardBrand, last4 === undefined ? undefined : `ending in ${last4}`];
  const all: [string, string | undefined][] = [
    ['state', `${state} ${kind}`],
    ['amount', formatMoney(amount)],
    ['card', card.filter((part) => part !== undefined).join(', ') || undefined],
    ['operation number', transaction.operationNumber],
    ['receipt number', transaction.receiptNumber],
    ['trace', transaction.trace],
    ['authorisation', transaction.authorisationCode],
    ['rrn', transaction.rrn],
    ['ticket', transaction.ticket],
    ['time', transaction.time?.replace('T', ' ')],
    ['terminal', transaction.terminalId],
  ];
  return all.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}
