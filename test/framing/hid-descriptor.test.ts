import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { vendorDescriptor } from '../../mocks/hid-descriptor.ts';
import { parseReportDescriptor } from '../../src/framing/hid-descriptor.ts';

const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replaceAll(/\s/g, ''), 'hex'));

const sizes = (text: string) => {
  const found = parseReportDescriptor(hex(text));
  return (
    found && {
      numbered: found.numbered,
      input: Object.fromEntries(found.input),
      output: Object.fromEntries(found.output),
      feature: Object.fromEntries(found.feature),
      usages: found.usages.map(({ page, usage }) => `${page.toString(16)}:${usage.toString(16)}`),
    }
  );
};

/** FIDO Alliance, HID Usage Table Review Request 48: the descriptor every U2F key has. */
const fido = `06 d0 f1 09 01 a1 01 09 20 15 00 26 ff 00 75 08 95 40 81 02 09 21 15 00 26 ff 00 75 08 95
  40 91 02 c0`;

/** Device Class Definition for HID 1.11, appendix B.1: the boot keyboard. */
const keyboard = `05 01 09 06 a1 01 05 07 19 e0 29 e7 15 00 25 01 75 01 95 08 81 02 95 01 75 08 81 01
  95 05 75 01 05 08 19 01 29 05 91 02 95 01 75 03 91 01 95 06 75 08 15 00 25 65 05 07 19 00 29 65
  81 00 c0`;

/** Device Class Definition for HID 1.11, appendix E.10: the mouse. */
const mouse = `05 01 09 02 a1 01 09 01 a1 00 05 09 19 01 29 03 15 00 25 01 95 03 75 01 81 02 95 01 75
  05 81 01 05 01 09 30 09 31 15 81 25 7f 75 08 95 02 81 06 c0 c0`;

/** After the digitizer in Chromium's services/device/hid/test_report_descriptors.cc, shortened: Push and Pop. */
const pushPop = `05 0d 09 01 a1 01 85 01 09 21 a1 00 05 01 09 30 09 31 75 10 95 02 15 00 26 e0 2e 35 00
  45 0c 65 13 55 00 a4 81 02 75 01 95 08 81 02 b4 85 02 81 02 c0 c0`;

/** The main items of an Ingenico iSC250 as alfredrb/sureflow-pos0 quotes them, in a vendor collection. */
const isc250 = `06 00 ff 09 01 a1 01 15 00 26 ff 00 75 08 85 01 09 01 95 1f 81 06 85 02 09 02 95 1f 91 06
  c0`;

describe('a report descriptor', () => {
  it('of a U2F key has one report of 64 bytes each way, without ids', () => {
    expect(sizes(fido)).toEqual({
      numbered: false,
      input: { 0: 64 },
      output: { 0: 64 },
      feature: {},
      usages: ['f1d0:1'],
    });
  });

  it('of an Ingenico iSC250 has report 1 from the pad and report 2 to it', () => {
    expect(sizes(isc250)).toEqual({
      numbered: true,
      input: { 1: 31 },
      output: { 2: 31 },
      feature: {},
      usages: ['ff00:1'],
    });
  });

  it('of a keyboard and of a mouse counts bits, padding too', () => {
    expect(sizes(keyboard)).toMatchObject({ input: { 0: 8 }, output: { 0: 1 }, usages: ['1:6'] });
    expect(sizes(mouse)).toMatchObject({ input: { 0: 3 }, output: {}, usages: ['1:2'] });
  });

  it('keeps what Push saved until Pop', () => {
    expect(sizes(pushPop)).toMatchObject({ numbered: true, input: { 1: 5, 2: 4 } });
  });

  it('has feature reports, sizes of two bytes, and skips long items', () => {
    expect(
      sizes('06 20 ff 09 01 a1 01 85 07 75 08 96 2c 01 fe 02 10 aa bb b1 02 c0'),
    ).toMatchObject({
      feature: { 7: 300 },
      usages: ['ff20:1'],
    });
  });

  it('may give the page with the usage', () => {
    expect(sizes('0b 01 00 a0 ff a1 01 c0')?.usages).toEqual(['ffa0:1']);
  });

  it.each([
    ['cut short in an item', '06 d0'],
    ['cut short in a long item', 'fe 05 10 00'],
    ['with a collection that never ends', '05 01 09 06 a1 01'],
    ['with an end too many', 'c0'],
    ['with a Pop without a Push', 'b4'],
    ['with report id 0', 'a1 01 85 00 c0'],
    ['with a report id beyond a byte', 'a1 01 86 00 01 c0'],
    ['with ids on some reports only', 'a1 01 75 08 95 01 81 02 85 01 81 02 c0'],
    ['with a report that no system takes', 'a1 01 75 20 97 ff ff ff 7f 81 02 c0'],
  ])('%s is none', (_, text) => {
    expect(parseReportDescriptor(hex(text))).toBeUndefined();
  });

  it('longer than the system takes is none', () => {
    expect(parseReportDescriptor(new Uint8Array(5_000))).toBeUndefined();
  });

  it('of random bytes never throws', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
        const found = parseReportDescriptor(bytes);
        for (const size of found?.input.values() ?? []) expect(size).toBeLessThanOrEqual(16_384);
      }),
    );
  });

  it('that the mock makes says what was asked for', () => {
    const shape = fc.record({
      ids: fc.uniqueArray(fc.integer({ min: 1, max: 255 }), { minLength: 1, maxLength: 5 }),
      size: fc.integer({ min: 1, max: 600 }),
    });
    fc.assert(
      fc.property(shape, shape, (toTerminal, toTill) => {
        const found = parseReportDescriptor(
          vendorDescriptor({ toTerminal, toTill, numbered: true }),
        );
        expect(found?.output).toEqual(new Map(toTerminal.ids.map((id) => [id, toTerminal.size])));
        expect(found?.input).toEqual(new Map(toTill.ids.map((id) => [id, toTill.size])));
      }),
    );
  });
});
