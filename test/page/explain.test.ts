import { describe, expect, it } from 'vitest';
import { BridgeError } from '../../src/client/index.ts';
import { explanationOf } from '../../src/page/explain.ts';
import { wordsOf } from '../../src/page/labels.ts';

const inSpanish = wordsOf('es');

const told = (problem: ConstructorParameters<typeof BridgeError>[0], message = 'in English') =>
  explanationOf(inSpanish, new BridgeError(problem, message));

describe('what went wrong', () => {
  it('is told in the words of the service for the person at the till, where it has some', () => {
    expect(told({ code: 'journal-failed', effect: 'none', operatorMessage: 'llame' })).toBe(
      'llame',
    );
  });

  it('is told in the language of the page otherwise', () => {
    expect(told({ code: 'unreadable', effect: 'none' })).toContain('no es Tillwire');
    const taken = [{ path: 'name', message: 'taken' }];
    expect(told({ code: 'bad-request', effect: 'none', errors: taken })).toContain('Elija otro');
    const long = [{ path: 'reason', message: 'too long' }];
    expect(told({ code: 'bad-request', effect: 'none', errors: long })).toContain(
      'Motivo: too long',
    );
  });

  it('never says that nothing was done when that is not known', () => {
    expect(told({ code: 'unreachable', effect: 'unknown' })).toContain('pudo haberse tomado');
    expect(told({ code: 'unreachable', effect: 'none' })).toContain('No se hizo nada');
    expect(told({ code: 'internal', effect: 'unknown' })).toContain('pudo haberse tomado');
  });

  it('is told as the service said it, where the page has no words for it', () => {
    expect(told({ code: 'too-large', effect: 'none' }, 'At most 16 384 bytes.')).toBe(
      'At most 16 384 bytes.',
    );
    expect(explanationOf(inSpanish, new Error('odd'))).toBe('odd');
    expect(explanationOf(inSpanish, 'odd')).toBe('odd');
  });
});
