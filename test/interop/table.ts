import type { Judged, Row } from './comparison.ts';

const cell = ({ verdict, said }: Judged): string =>
  `${verdict === 'correct' ? verdict : `**${verdict}**`}: ${said}`;

/** The table fault × driver as Markdown. */
export const table = (rows: readonly Row[]): string =>
  [
    '| fault | `transbank-pos-sdk` 4.0.0 | Tillwire |',
    '| --- | --- | --- |',
    ...rows.map(({ name, sdk, tillwire }) => `| ${name} | ${cell(sdk)} | ${cell(tillwire)} |`),
  ].join('\n');
