import { describe, expect, it } from 'vitest';
import { createMockTerminal, parseSales } from '../../mocks/index.ts';

describe('a sales file', () => {
  it('becomes sales in the memory of the mock, oldest first', () => {
    const sales = parseSales(
      '[{"amount":1500,"ticket":"42"},{"amount":200,"cardType":"debit","last4":"0042","voided":false},{"amount":300,"voided":true}]',
    );
    const { terminal } = createMockTerminal({ protocol: 'transbank', sales });
    expect(terminal.memory.records.map(({ amount }) => amount)).toEqual([1500, 200, 300, -300]);
    expect(terminal.memory.records[1]?.card).toEqual({ type: 'debit', last4: '0042', brand: 'VI' });
    expect(terminal.memory.totals()).toEqual({ count: 2, total: 1700 });
  });

  it.each([
    ['{', 'The sales file is not JSON.'],
    ['{"amount":1}', 'The sales file must hold a JSON array of sales.'],
    ['[7]', 'sales[0] must be an object with an amount.'],
    ['[{"amount":5},{}]', 'sales[1].amount is missing.'],
    ['[{"amount":1.5}]', 'sales[0].amount must be a whole number of minor units above 0; got 1.5.'],
    ['[{"amount":"7"}]', 'sales[0].amount must be a whole number of minor units above 0; got "7".'],
    [
      '[{"amount":7,"ticket":"a b"}]',
      'sales[0].ticket must be 1 to 20 letters A-Z and digits; got "a b".',
    ],
    [
      '[{"amount":7,"cardType":"gold"}]',
      'sales[0].cardType must be credit, debit or prepaid; got "gold".',
    ],
    [
      '[{"amount":7,"last4":461}]',
      'sales[0].last4 must be the last four digits of the card, as a string.',
    ],
    ['[{"amount":7,"voided":"no"}]', 'sales[0].voided must be true or false; got "no".'],
    [
      '[{"amount":7,"constructor":1}]',
      'sales[0] has no field "constructor"; there are amount, ticket, cardType, last4, voided.',
    ],
  ])('%s: %s', (json, message) => {
    expect(() => parseSales(json)).toThrow(message);
  });

  it('does not repeat a card number that stands where four digits belong', () => {
    expect(() => parseSales('[{"amount":7,"last4":"4111111111111111"}]')).not.toThrow(/4111/);
  });
});
