/** Prometheus text exposition format, version 0.0.4. */

type Labels = Readonly<Record<string, string>>;

interface Family {
  readonly type: 'counter' | 'gauge' | 'histogram';
  readonly help: string;
}

/** What is measured; the names are other programs' too. Durations are in seconds, as Prometheus wants them. */
export const families = {
  tillwire_commands_total: {
    type: 'counter',
    help: 'Commands that have ended, by kind and by outcome or error code.',
  },
  tillwire_command_duration_seconds: {
    type: 'histogram',
    help: 'From the request of a command to its end, by kind.',
  },
  tillwire_naks_total: {
    type: 'counter',
    help: 'NAKs on the line, by terminal and by who said them.',
  },
  tillwire_noise_bytes_total: {
    type: 'counter',
    help: 'Bytes on the line that were no frame or had a bad check, by terminal.',
  },
  tillwire_connections_total: {
    type: 'counter',
    help: 'Openings of the line to a terminal; all but the first are reconnects.',
  },
  tillwire_connections_lost_total: {
    type: 'counter',
    help: 'Lines that were lost or could not be opened, by terminal.',
  },
  tillwire_terminal_connected: {
    type: 'gauge',
    help: '1 while the line to the terminal is open, by terminal.',
  },
  tillwire_queue_depth: { type: 'gauge', help: 'Commands that wait for a terminal.' },
  tillwire_in_doubt: { type: 'gauge', help: 'Commands in doubt, by terminal.' },
  tillwire_journal_write_seconds: {
    type: 'histogram',
    help: 'Writing to the journal; sync="yes" is on the disk when it ends.',
  },
  tillwire_event_streams: { type: 'gauge', help: 'Event streams that are open.' },
  tillwire_requests_total: { type: 'counter', help: 'Requests answered, by status.' },
} as const satisfies Readonly<Record<string, Family>>;

export type MetricName = keyof typeof families;

type OfType<T extends Family['type']> = {
  [N in MetricName]: (typeof families)[N]['type'] extends T ? N : never;
}[MetricName];

/** A customer at a terminal takes a minute, a query a tenth of a second. */
const commandBuckets = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 240];
/** A disk takes a millisecond, or a hundred. */
const writeBuckets = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1];

const buckets: Readonly<Record<OfType<'histogram'>, readonly number[]>> = {
  tillwire_command_duration_seconds: commandBuckets,
  tillwire_journal_write_seconds: writeBuckets,
};

interface Histogram {
  readonly labels: Labels;
  readonly counts: number[];
  sum: number;
  count: number;
}

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

function labelled(labels: Labels): string {
  const parts = Object.entries(labels).map(([name, value]) => `${name}="${escaped(value)}"`);
  return parts.length === 0 ? '' : `{${parts.join(',')}}`;
}

/** Counts what happens. Labels come from closed lists and from the configuration, never from a request. */
export class Metrics {
  readonly #values = new Map<MetricName, Map<string, number>>();
  readonly #histograms = new Map<MetricName, Map<string, Histogram>>();

  count(name: OfType<'counter'>, labels: Labels, by = 1): void {
    const values = this.#valuesOf(name);
    const key = labelled(labels);
    values.set(key, (values.get(key) ?? 0) + by);
  }

  set(name: OfType<'gauge'>, labels: Labels, value: number): void {
    this.#valuesOf(name).set(labelled(labels), value);
  }

  observe(name: OfType<'histogram'>, labels: Labels, seconds: number): void {
    const key = labelled(labels);
    const all = this.#histograms.get(name) ?? new Map<string, Histogram>();
    this.#histograms.set(name, all);
    const known = all.get(key) ?? { labels, counts: buckets[name].map(() => 0), sum: 0, count: 0 };
    all.set(key, known);
    known.sum += seconds;
    known.count += 1;
    for (const [n, limit] of buckets[name].entries())
      if (seconds <= limit) known.counts[n] = (known.counts[n] ?? 0) + 1;
  }

  /** The text that Prometheus reads. */
  text(): string {
    const names = Object.keys(families) as MetricName[];
    return `${names.flatMap((name) => this.#family(name)).join('\n')}\n`;
  }

  #family(name: MetricName): string[] {
    const { type, help } = families[name];
    const lines = type === 'histogram' ? this.#histogram(name) : this.#simple(name);
    return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
  }

  #simple(name: MetricName): string[] {
    return [...(this.#values.get(name) ?? [])].map(([key, value]) => `${name}${key} ${value}`);
  }

  #histogram(name: MetricName): string[] {
    return [...(this.#histograms.get(name)?.values() ?? [])].flatMap(
      ({ labels, counts, sum, count }) => [
        ...counts.map((n, i) => {
          const le = String(limitsOf(name)[i]);
          return `${name}_bucket${labelled({ ...labels, le })} ${n}`;
        }),
        `${name}_bucket${labelled({ ...labels, le: '+Inf' })} ${count}`,
        `${name}_sum${labelled(labels)} ${sum}`,
        `${name}_count${labelled(labels)} ${count}`,
      ],
    );
  }

  #valuesOf(name: MetricName): Map<string, number> {
    const known = this.#values.get(name) ?? new Map<string, number>();
    this.#values.set(name, known);
    return known;
  }
}

const isHistogram = (name: MetricName): name is OfType<'histogram'> => Object.hasOwn(buckets, name);
const limitsOf = (name: MetricName): readonly number[] => (isHistogram(name) ? buckets[name] : []);
