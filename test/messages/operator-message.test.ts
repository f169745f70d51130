import { describe, expect, test } from 'vitest';
import { type Language, languages, operatorMessage } from '../../src/messages/messages.ts';
import { type ErrorCode, TerminalError } from '../../src/model/error.ts';
import { clp } from '../../src/model/money.ts';
import type { Transaction } from '../../src/model/transaction.ts';
import {
  bareSale,
  errorExample,
  errorsInDoubt,
  errorsWithoutEffect,
  everything,
  fullSale,
  key,
  results,
} from './support/examples.ts';
import { keys, tables } from './support/tables.ts';

/** Ends of sentences: not the points inside an amount. */
const sentences = (text: string): number => (text.match(/[.!](?=\s|$)|[。！]/g) ?? []).length;

const textOf = (name: string, language: Language): string => {
  const found = keys.find((other) => other === name);
  return found === undefined ? '' : tables[language][found];
};

/** A text with all its parts kept and any value at all in each place. */
const filledWith = (text: string): RegExp =>
  new RegExp(
    `^${text
      .split(/\{\w+\}/)
      .map((part) => part.replace(/[[\]]/g, '').replace(/[.()]/g, '\\$&'))
      .join('.+')}$`,
  );

describe.each(languages)('in %s', (language) => {
  test.each(everything)('%s leaves no value out and none unfilled', (name, { bare, full }) => {
    for (const message of [operatorMessage(bare, language), operatorMessage(full, language)])
      expect(message).not.toMatch(/[{}[\]?]|undefined|null|NaN|\[object/);
    expect(operatorMessage(full, language)).toMatch(filledWith(textOf(name, language)));
  });

  test.each(everything)('%s is one to three sentences, at most 240 characters', (_, about) => {
    for (const message of [
      operatorMessage(about.bare, language),
      operatorMessage(about.full, language),
    ]) {
      expect(message.length, message).toBeLessThanOrEqual(240);
      expect(sentences(message), message).toBeGreaterThanOrEqual(1);
      expect(sentences(message), message).toBeLessThanOrEqual(3);
      expect(message).toMatch(/[.。]$/);
      expect(message).not.toMatch(/ {2}| $|^ /);
    }
  });
});

describe('what is in doubt', () => {
  const certain: Readonly<Record<Language, RegExp>> = {
    en: /fail|declin|reject|refus|approved|succe|no money|nothing|unable|\bnot (?!known|charge or void|said|know\b)|\b(was|were|has been) (made|done|charged|paid|voided|cancel)/i,
    es: /fall[óoa]|fracas|rechaz|aprobad|éxito|\bno se\b|no fue|no hubo|no movió|nada|sin movimiento|\b(fue|está|quedó) (hecha|pagad|cobrad|anulad)/i,
    'zh-CN':
      /失败|拒绝|成功|没有资金|没有变动|没有撤销|没有完成|未撤销|未完成|未收|未扣|已撤销|已收取|已完成/,
  };
  const notKnown = { en: /not known/, es: /en duda/, 'zh-CN': /状态未知/ };
  const doNotCharge = {
    en: /Do not charge or void again/,
    es: /No cobre ni anule otra vez/,
    'zh-CN': /请勿再次收款，也请勿再次撤销/,
  };
  const lookAt = { en: /last transaction/, es: /última venta/, 'zh-CN': /末笔交易/ };

  describe.each(languages)('in %s', (language) => {
    test.each(errorsInDoubt)(
      '%s claims nothing, forbids another try, says where to look',
      (_, about) => {
        for (const error of [about.bare, about.full]) {
          const message = operatorMessage(error, language);
          expect(message).not.toMatch(certain[language]);
          expect(message).toMatch(notKnown[language]);
          expect(message).toMatch(doNotCharge[language]);
          expect(message).toMatch(lookAt[language]);
        }
        expect(operatorMessage(about.full, language)).toContain(key);
      },
    );
  });

  test('reads differently from the same error without effect', () => {
    for (const language of languages)
      expect(operatorMessage(errorExample('no-answer', 'unknown').bare, language)).not.toBe(
        operatorMessage(errorExample('no-answer', 'none').bare, language),
      );
  });

  test('an error that no table lists is told by its effect', () => {
    for (const language of languages) {
      const doubt = operatorMessage(errorExample('new-code', 'unknown').bare, language);
      expect(doubt).toMatch(doNotCharge[language]);
      expect(operatorMessage(errorExample('cancelled', 'unknown').bare, language)).toBe(doubt);
      const none = operatorMessage(errorExample('new-code', 'none').bare, language);
      expect(operatorMessage(errorExample('wrong-transaction', 'none').bare, language)).toBe(none);
      expect(none).not.toMatch(notKnown[language]);
    }
  });

  test('an error that does not say its effect is in doubt', () => {
    const error = new TerminalError('cancelled', 'some' as 'none', '');
    expect(operatorMessage(error, 'en')).toMatch(doNotCharge.en);
  });
});

describe('what is certain', () => {
  const aboutMoney: Readonly<Record<Language, RegExp>> = {
    en: /money/,
    es: /dinero/,
    'zh-CN': /资金|款/,
  };
  const noMoney: Readonly<Record<Language, RegExp>> = {
    en: /moved no money/,
    es: /(no|ni) movió dinero/,
    'zh-CN': /没有资金变动/,
  };

  describe.each(languages)('in %s', (language) => {
    test.each(Object.entries(results))('%s says what happened to the money', (_, { bare }) => {
      expect(operatorMessage(bare, language)).toMatch(aboutMoney[language]);
    });

    test.each(errorsWithoutEffect)('%s says that this request moved no money', (_, { bare }) => {
      expect(operatorMessage(bare, language)).toMatch(noMoney[language]);
    });
  });

  test('a void names the sale that was taken back', () => {
    expect(operatorMessage(results['result:voided'].full, 'en')).toBe(
      'Voided: CLP 999,999,999, card 0461, operation 000012. The money goes back to the customer; hand over the void voucher and do not refund it as well.',
    );
    expect(operatorMessage(results['result:voided'].full, 'es')).toBe(
      'Venta anulada: $ 999.999.999, tarjeta 0461, operación 000012. El dinero vuelve al cliente; entregue el comprobante de anulación y no haga además una devolución.',
    );
    expect(operatorMessage(results['result:voided'].full, 'zh-CN')).toBe(
      '撤销成功：CLP 999,999,999，卡号末四位 0461，操作号 000012。款项将退还顾客；请把撤销签购单交给顾客，不要再办理退货。',
    );
  });

  test('a sale that has been voided since is not told as money charged', () => {
    for (const language of languages)
      expect(operatorMessage(results['approved:voided'].bare, language)).not.toBe(
        operatorMessage(results['result:approved'].bare, language),
      );
  });

  test('the last transaction is told with its kind, its state and its time as given', () => {
    const transaction: Transaction = { ...fullSale, kind: 'void', state: 'in-doubt' };
    const found = { outcome: 'found', message: '', transaction };
    expect(operatorMessage(found, 'es')).toContain(
      'anulación $ 999.999.999, en duda, tarjeta 0461, operación 000012, 2023-07-26 11:37:48.',
    );
  });

  test('in Chinese the voucher number (凭证号) and the trace number (流水号) are told apart', () => {
    // On some terminals they are two counters, and a void goes by one of them only.
    const transaction: Transaction = { ...bareSale, receiptNumber: '000045', trace: '000123' };
    for (const outcome of ['found', 'voided'])
      expect(operatorMessage({ outcome, message: '', transaction }, 'zh-CN')).toContain(
        '，凭证号 000045，流水号 000123',
      );
  });

  test('an earlier command in doubt is named by its amount and reference', () => {
    const { full } = errorExample('unresolved-transaction', 'none');
    expect(operatorMessage(full, 'en')).toContain(
      `An earlier sale or void is still in doubt: CLP 999,999,999 (reference ${key}).`,
    );
  });

  test('an outcome that no table lists says what its own message says', () => {
    const done = { outcome: 'done', message: 'The terminal has loaded its keys.' };
    expect(operatorMessage(done, 'en')).toBe(
      'The terminal reports: The terminal has loaded its keys. Look at its screen before you go on.',
    );
    const salesDetail = { outcome: 'found', message: 'Twelve sales.' };
    expect(operatorMessage(salesDetail, 'en')).toContain('Twelve sales.');
    expect(operatorMessage({ outcome: 'decided', message: 'So be it.' }, 'en')).toContain(
      'So be it.',
    );
  });
});

describe('values', () => {
  const decidedBy = (operator: string) => ({
    ...results['decided:voided'].bare,
    outcome: 'decided',
    decision: 'voided',
    operator,
  });

  test('lose their control characters, line ends and marks that turn the text round', () => {
    const message = operatorMessage(decidedBy('a\u001b[31mn\u0000a\r\n\u202ex\u009b\u2028'), 'en');
    expect(message).toMatch(/^a\[31mna x decided/);
    expect(message).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
  });

  test('are never read as text', () => {
    expect(operatorMessage(decidedBy('{reason}[{intent}]$&'), 'en')).toMatch(
      /^\{reason\}\[\{intent\}\]\$& decided/,
    );
  });

  test('of a card are never more than four digits', () => {
    const transaction: Transaction = { ...bareSale, last4: '4111111111110461' };
    for (const language of languages) {
      const message = operatorMessage({ outcome: 'voided', message: '', transaction }, language);
      expect(message).toContain('0461');
      expect(message).not.toMatch(/\d{5}/);
    }
  });

  test('of the evidence are taken only when they are what they should be', () => {
    const odd = { asked: { amount: '1500' }, told: [bareSale], holder: 'till' };
    for (const code of ['terminal-held', 'unresolved-transaction'] as const) {
      const error = new TerminalError(code, 'none', '', { evidence: odd });
      expect(operatorMessage(error, 'en')).toBe(
        operatorMessage(new TerminalError(code, 'none', ''), 'en'),
      );
    }
  });

  test('an error of another copy of this package is read as well', () => {
    const copy = Object.assign(new Error('x'), {
      code: 'no-answer' satisfies ErrorCode,
      effect: 'unknown',
      [Symbol.for('tillwire.TerminalError')]: true,
    });
    expect(copy).toBeInstanceOf(TerminalError);
    expect(operatorMessage(copy as unknown as TerminalError, 'es')).toContain('en duda');
  });

  test('in a language that nobody has written, the message is English', () => {
    const ready = { outcome: 'ready', message: '' };
    expect(operatorMessage(ready, 'fr' as Language)).toBe(operatorMessage(ready, 'en'));
  });

  test('an amount too odd to be one is not made up', () => {
    const transaction: Transaction = { ...bareSale, amount: clp(1.5) };
    expect(operatorMessage({ outcome: 'voided', message: '', transaction }, 'en')).not.toMatch(
      /\d/,
    );
  });
});
