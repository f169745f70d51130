import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { problemTitles } from '../../src/bridge/problem.ts';
import { problemMessage } from '../../src/bridge/problem-texts.ts';
import { languages } from '../../src/messages/messages.ts';
import { json, openTestBridge, type TestBridge } from './test-bridge.ts';

let bridge: TestBridge;

beforeAll(async () => {
  bridge = await openTestBridge();
});
afterAll(async () => {
  await bridge.stop();
  bridge.remove();
});

const codes = Object.keys(problemTitles) as (keyof typeof problemTitles)[];

/** What became of the money, or of what was recorded; or that it has to be looked at first. */
const said = {
  en: /no money moved|moved no money|nothing was (?:changed|started|recorded)|look at the last transaction/i,
  es: /no hubo movimiento de dinero|no movió dinero|no cambió nada|no se inició nada|última transacción/i,
  'zh-CN': /没有发生资金变动|没有资金变动|没有任何更改|没有执行任何操作|查询末笔交易/,
};

describe.each(languages)('what a refused request means, in %s', (language) => {
  it.each(codes)('%s says what became of the money', (code) => {
    expect(problemMessage(code, 'none', language)).toMatch(said[language]);
  });

  it.each(['internal', 'journal-failed'] as const)('%s says when that is not known', (code) => {
    const unsure = problemMessage(code, 'unknown', language);
    expect(unsure).toMatch(/not known|no se sabe|en duda|状态未知|尚不清楚/i);
    expect(unsure).not.toMatch(
      /no money moved|moved no money|no hubo movimiento|no movió dinero|没有(?:发生)?资金变动/i,
    );
  });
});

it('is answered in the language that was asked for', async () => {
  const ask = (path: string) => json(bridge.ask('GET', path));
  expect(await ask('/v1/me?lang=es')).toMatchObject({
    code: 'not-authenticated',
    effect: 'none',
    operatorMessage: problemMessage('not-authenticated', 'none', 'es'),
  });
  expect(await ask('/v1/nowhere?lang=zh-CN')).toMatchObject({
    code: 'not-found',
    operatorMessage: problemMessage('not-found', 'none', 'zh-CN'),
  });
  expect(await ask('/nowhere')).toMatchObject({
    operatorMessage: problemMessage('not-found', 'none', 'en'),
  });
});
