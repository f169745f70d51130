import { describe, expect, test } from 'vitest';
import { languages, type Prompt, promptMessage } from '../../src/messages/messages.ts';
import type { Actor, PromptCode } from '../../src/model/events.ts';

const actors = Object.keys({
  customer: true,
  cashier: true,
  nobody: true,
} satisfies Record<Actor, true>) as Actor[];

const codes = Object.keys({
  'present-card': true,
  'confirm-amount': true,
  'enter-pin': true,
  'choose-instalments': true,
  'confirm-instalments': true,
  'choose-account': true,
  'operate-card': true,
  authorising: true,
  initialisation: true,
  reader: true,
  'remove-card': true,
  wait: true,
  reversing: true,
  approved: true,
  declined: true,
  other: true,
} satisfies Record<PromptCode, true>) as PromptCode[];

describe('a prompt', () => {
  test.each(languages)(
    'has one short sentence of its own for each actor and code in %s',
    (language) => {
      const all = actors.flatMap((who) =>
        codes.map((code) => promptMessage({ who, code, terminalCode: '81' }, language)),
      );
      expect(new Set(all).size).toBe(actors.length * codes.length);
      for (const message of all) {
        expect(message).toMatch(/^[^{}[\]?]{4,100}[.。]$/);
      }
    },
  );

  test('says who has to act, and about what', () => {
    const prompt: Prompt = { who: 'customer', code: 'enter-pin', terminalCode: '81' };
    expect(promptMessage(prompt, 'en')).toBe('Waiting for the customer: PIN entry.');
    expect(promptMessage(prompt, 'es')).toBe('Esperando al cliente: ingreso de la clave.');
    expect(promptMessage(prompt, 'zh-CN')).toBe('等待顾客：输入密码。');
  });

  test("shows the terminal's own code where the words are not enough, without control characters", () => {
    const prompt: Prompt = { who: 'nobody', code: 'other', terminalCode: '\u001b9\u00007' };
    expect(promptMessage(prompt, 'en')).toBe('The terminal reports: see its screen (code 97).');
    expect(promptMessage({ ...prompt, terminalCode: '' }, 'en')).toBe(
      'The terminal reports: see its screen.',
    );
  });

  test('without a code for it is told in its own words, on one line and not for ever', () => {
    const prompt = {
      who: 'customer',
      code: 'other',
      terminalCode: '',
      text: '请出示付款码。',
    } as const;
    expect(promptMessage(prompt, 'zh-CN')).toBe('等待顾客：见终端屏幕：请出示付款码。');
    const text = 'wallet\u001b[2J\n{code}\u202e [a]';
    expect(promptMessage({ ...prompt, text, terminalCode: 'Q' }, 'en')).toBe(
      'Waiting for the customer: see its screen: wallet[2J {code} [a] (code Q).',
    );
    const long = promptMessage({ ...prompt, text: '码'.repeat(5_000) }, 'es');
    expect(long).toMatch(/^Esperando al cliente: vea su pantalla: 码{99}…\.$/u);
  });

  test('that has a code is told in ours', () => {
    const prompt = { who: 'customer', code: 'enter-pin', terminalCode: '', text: 'PIN?' } as const;
    expect(promptMessage(prompt, 'en')).toBe('Waiting for the customer: PIN entry.');
  });

  test('that no table lists sends the cashier to the screen', () => {
    const odd = { who: 'robot', code: 'dance', terminalCode: '99' } as unknown as Prompt;
    expect(promptMessage(odd, 'en')).toBe('The terminal reports: see its screen (code 99).');
  });
});
