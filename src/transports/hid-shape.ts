import { parseReportDescriptor, type ReportDescriptor } from '../framing/hid-descriptor.ts';
import type { Packing, ReportShape } from '../framing/hid-packing.ts';
import { TerminalError } from '../model/error.ts';
import type { BothWays, HidOptions } from './hid-settings.ts';

/** The reports that carry the stream, each way, and whether the device puts ids in front of them. */
export interface HidShape {
  readonly toTerminal: ReportShape;
  readonly toTill: ReportShape;
  readonly numbered: boolean;
}

type Way = keyof BothWays;

const kindOf = { toTerminal: 'output', toTill: 'input' } as const;

/**
 * Which reports to use: as the device's own descriptor says, where there is one, else as the options or
 * the packing say. The kernel takes reports of any id and length and loses them in silence, so whatever
 * does not fit ends here.
 * @throws {TerminalError} `bad-settings`
 */
export function reportShape(
  packing: Packing,
  descriptorBytes: Uint8Array | undefined,
  asked: Pick<HidOptions, 'reportId' | 'reportSize'> = {},
): HidShape {
  const descriptor = descriptorBytes && parseReportDescriptor(descriptorBytes);
  if (descriptorBytes !== undefined && descriptor === undefined)
    throw mismatch('its report descriptor cannot be read');
  if (packing.ids !== undefined && packing.ids.toTill.length > 1 && asked.reportId !== undefined)
    throw mismatch(`the packing ${packing.name} has report ids of its own; leave report-id out`);
  const shape = {
    toTerminal: oneWay('toTerminal', packing, descriptor, asked),
    toTill: oneWay('toTill', packing, descriptor, asked),
  };
  const hasIds = [shape.toTerminal, shape.toTill].map(({ ids }) => ids.every((id) => id > 0));
  if (hasIds[0] !== hasIds[1]) throw mismatch('reports have ids in both directions, or in neither');
  return { ...shape, numbered: hasIds[0] === true };
}

function oneWay(
  way: Way,
  packing: Packing,
  descriptor: ReportDescriptor | undefined,
  { reportId, reportSize }: Pick<HidOptions, 'reportId' | 'reportSize'>,
): ReportShape {
  const wanted = reportId === undefined ? packing.ids?.[way] : [reportId[way]];
  const asked = reportSize?.[way];
  const found =
    descriptor === undefined
      ? { ids: wanted ?? [0], size: asked ?? packing.usualSize }
      : declared(way, descriptor, wanted);
  if (asked !== undefined && asked !== found.size)
    throw mismatch(
      `its ${kindOf[way]} reports have ${found.size} bytes behind the id, and the address says ${asked}`,
    );
  const { min, max } = packing.sizes;
  if (found.size < min || found.size > max)
    throw mismatch(
      `the packing ${packing.name} works with reports of ${min} to ${max} bytes behind the id, and its ${kindOf[way]} reports have ${found.size}`,
    );
  return found;
}

function declared(
  way: Way,
  descriptor: ReportDescriptor,
  wanted: readonly number[] | undefined,
): ReportShape {
  const kind = kindOf[way];
  const reports = descriptor[kind];
  const [only] = reports.keys();
  if (only === undefined)
    throw mismatch(
      `it has no ${kind} reports${descriptor.feature.size > 0 ? '; it is one of those that talk in feature reports, which this transport does not' : ''}`,
    );
  if (wanted === undefined && reports.size > 1)
    throw mismatch(`it has several ${kind} reports, ${inWords(reports)}: say which with report-id`);
  const ids = wanted ?? [only];
  const sizes = new Set(ids.map((id) => reports.get(id)));
  const [size] = sizes;
  if (size === undefined || sizes.size > 1 || sizes.has(undefined))
    throw mismatch(
      `${kind} report${ids.length > 1 ? 's' : ''} ${ids.join(', ')} of one size ${ids.length > 1 ? 'are' : 'is'} needed, and it has ${inWords(reports)}`,
    );
  return { ids, size };
}

const inWords = (reports: ReadonlyMap<number, number>): string =>
  [...reports]
    .map(([id, size]) => `${id === 0 ? 'one without an id' : id} (${size} bytes)`)
    .join(', ');

const mismatch = (what: string): TerminalError =>
  new TerminalError(
    'bad-settings',
    'none',
    `The address does not fit the HID device: ${what}. Nothing was sent.`,
  );
