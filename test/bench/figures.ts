/** Percentiles of a list of figures, and how they are printed. */

export function percentile(figures: readonly number[], p: number): number {
  const sorted = figures.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor((p / 100) * sorted.length))] ?? Number.NaN;
}

export const spread = (figures: readonly number[]) => ({
  p10: percentile(figures, 10),
  p50: percentile(figures, 50),
  p99: percentile(figures, 99),
});

export const say = (text = ''): boolean => process.stdout.write(`${text}\n`);

/** A table of rows with aligned columns. */
export function table(rows: readonly (readonly string[])[]): void {
  const widths = (rows[0] ?? []).map((_, i) =>
    Math.max(...rows.map((row) => (row[i] ?? '').length)),
  );
  for (const row of rows)
    say(
      `  ${row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')}`,
    );
}

export const ms = (figure: number): string => `${figure.toFixed(3)} ms`;
export const times = (figure: number): string => `${figure.toFixed(2)} x`;
