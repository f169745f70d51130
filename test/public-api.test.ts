import { describe, expect, it } from 'vitest';
import * as mock from '../mocks/index.ts';
import * as tillwire from '../src/index.ts';

describe('the public API', () => {
  it('of tillwire is these names', () => {
    expect(Object.keys(tillwire).sort()).toEqual([
      'Terminal',
      'TerminalError',
      'clp',
      'ecr17',
      'formatHead',
      'formatMoney',
      'hidTransport',
      'idtechNeo2',
      'ingenicoRba',
      'languages',
      'listSerialPorts',
      'memoryJournal',
      'memoryLock',
      'openJournal',
      'openTerminal',
      'operatorMessage',
      'privatbank',
      'profiles',
      'promptMessage',
      'result',
      'resultOf',
      'systemClock',
      'systemWorld',
      'terminalLock',
      'terminals$',
      'transbank',
      'watchTerminals',
      'zvt',
    ]);
    expect(Object.keys(tillwire.transbank).sort()).toEqual([
      'initialisation',
      'initialisationResult',
      'loadKeys',
      'multicodeLastSale',
      'normalMode',
      'printSalesDetail',
      'salesDetail',
    ]);
  });

  it('of tillwire/mock is these names', () => {
    expect(Object.keys(mock).sort()).toEqual([
      'createMockHid',
      'createMockTerminal',
      'during',
      'faceNames',
      'faults',
      'isFaceName',
      'mockTransport',
      'openPty',
      'openTcp',
      'openUhid',
      'parseFault',
      'parseSales',
      'replayTerminal',
    ]);
  });

  it('knows an error of another copy of the package', () => {
    const foreign = Object.assign(new Error('x'), { [Symbol.for('tillwire.TerminalError')]: true });
    expect(foreign instanceof tillwire.TerminalError).toBe(true);
    expect(new Error('x') instanceof tillwire.TerminalError).toBe(false);
  });
});
