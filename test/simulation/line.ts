import type { MockTerminal } from '../../mocks/mock-terminal.ts';
import type { Clock } from '../../src/model/clock.ts';
import { TerminalError } from '../../src/model/error.ts';
import type { MemoryPeer } from '../../src/transports/memory.ts';
import type { Connection, ConnectionListener } from '../../src/transports/transport.ts';
import { type ByteDamage, byteDamages, damaged, noise } from './damage.ts';
import type { Random } from './random.ts';
import type { Sometimes } from './sometimes.ts';
import type { Trace } from './trace.ts';
import type { Wire } from './wires.ts';

/** What a line can do to a piece of what is sent, besides damaging one of its bytes. */
export const pieceFaults = [
  'lose',
  'repeat',
  'delay',
  'split',
  'merge',
  'noise',
  'lose-ack',
  'nak-storm',
  'echo',
  'half-open',
  'unplug',
] as const;

export type LineFault =
  | ByteDamage
  | (typeof pieceFaults)[number]
  /** Bytes that came while nobody listened are there at the next opening. */
  | 'stale'
  | 'cannot-open';

export const lineFaults: readonly LineFault[] = [
  ...byteDamages,
  ...pieceFaults,
  'stale',
  'cannot-open',
];

export type Direction = 'to-till' | 'to-terminal';

/** One fault at one place: the byte of this direction, counted from 0. */
export interface Strike {
  readonly fault: LineFault | 'power-loss';
  readonly direction: Direction;
  readonly byte: number;
  /** Which bit of it is flipped; drawn when absent. */
  readonly bit?: number;
}

/** A piece as its sender sent it. */
export interface Sent {
  readonly direction: Direction;
  /** Counts the pieces of both directions. */
  readonly order: number;
  /** The bytes of its direction before it. */
  readonly start: number;
  readonly content: Uint8Array;
}

/** What was sent in a direction so far. */
export interface Passed {
  readonly pieces: readonly Sent[];
  readonly bytes: number;
}

export interface LinePlan {
  /** For each piece sent, the probability of each fault; absent: never. */
  readonly rates: { readonly [F in LineFault]?: number };
  /** How long each piece is on its way, in milliseconds. */
  readonly latencyMs: number;
  /** No damage to bytes on their way to the till: the terminal garbles them itself. */
  readonly soundToTill: boolean;
  readonly strike?: Strike;
}

/** A process of the till, as far as the line knows it. */
export interface PortOwner {
  alive(): boolean;
  readonly name: string;
  /** A place where the process may be killed; false: it is dead. */
  touch(what: string): boolean;
  /** About to write these bytes. */
  writes(epoch: number, bytes: Uint8Array): void;
  /** These bytes have reached it. */
  hears(bytes: Uint8Array): void;
  /** Its connection is lost. */
  loses(): void;
}

/** The cable between the till's port and the terminal. It outlives processes and connections. */
export interface Cable {
  /** @throws {TerminalError} as opening a serial port does. */
  open(owner: PortOwner, epoch: number, listener: ConnectionListener): Connection;
  /** The process is dead: the system closes its port. */
  drop(owner: PortOwner): void;
  /** What has been sent so far. */
  passed(direction: Direction): Passed;
  /** No more faults, and the plug is in. */
  heal(): void;
}

interface CableParts {
  readonly clock: Clock;
  readonly trace: Trace;
  readonly random: Random;
  readonly sometimes: Sometimes;
  readonly mock: MockTerminal;
  readonly plan: LinePlan;
  readonly wire: Wire;
  readonly transport: 'serial' | 'tcp';
}

interface Piece {
  readonly bytes: Uint8Array;
  readonly afterMs: number;
  readonly act?: () => void;
}

const joined = (a: Uint8Array, b: Uint8Array): Uint8Array => Uint8Array.of(...a, ...b);

/** A till may answer each NAK, and what it says may bring the next storm: somewhere it has to end. */
const mostStorms = 4;

/** A word of the terminal or the till, so many times. */
const repeated = (word: Uint8Array, times: number): Uint8Array =>
  Uint8Array.from({ length: word.length * times }, (_, at) => word[at % word.length] ?? 0);

/** How many places in these bytes say this word. */
export function countWord(bytes: Uint8Array, word: Uint8Array): number {
  const [first] = word;
  if (first === undefined || !bytes.includes(first)) return 0;
  let found = 0;
  for (let at = 0; at + word.length <= bytes.length; at++)
    if (word.every((byte, i) => byte === bytes[at + i])) found++;
  return found;
}

/** A line keeps the order of its bytes, whatever else happens to them. */
export function createCable(parts: CableParts): Cable {
  const { clock, trace, random, sometimes, mock, plan, wire } = parts;
  const isTcp = parts.transport === 'tcp';
  let healed = false;
  let peer: MemoryPeer | undefined;
  let current: { readonly owner: PortOwner; readonly listener: ConnectionListener } | undefined;
  let stale: Uint8Array[] = [];
  let struck = false;
  let storms = 0;
  let order = 0;
  /** TCP: nothing comes through on this connection any more. */
  let dead = false;
  /** Whether anything can happen to what is sent. */
  const disturbs = Object.keys(plan.rates).length > 0;

  const strikes = (fault: LineFault): boolean =>
    disturbs && !healed && random.chance(plan.rates[fault] ?? 0);

  function unplug(message: string): void {
    if (mock.plugged) mock.unplug(message);
  }

  /** The terminal's side went away. */
  function unplugged(message: string): void {
    trace.note('line', `unplugged: ${message}`);
    peer = undefined;
    toTerminal.clear();
    if (mock.plugged) {
      // It has hung up: what it said before still comes. A connection that is dead already never tells.
      if (dead) return;
      const mine = current;
      toTill.end(() => {
        if (mine !== undefined && current === mine) lose(message);
      });
      return;
    }
    toTill.clear();
    stale = [];
    clock.after(100 + random.int(40_000), () => {
      if (mock.plugged) return;
      trace.note('line', 'plugged in');
      mock.replug();
    });
    lose(message);
  }

  function lose(message: string): void {
    const lost = current;
    current = undefined;
    if (lost === undefined) return;
    clock.after(0, () => {
      if (!lost.owner.touch('lost')) return;
      lost.owner.loses();
      lost.listener.closed({ type: 'lost', message });
    });
  }

  /** A serial line is always there; a TCP connection is made afresh each time. */
  function attach(): void {
    if (isTcp) {
      // What was sent on the connection before comes before the new one, unless that was dead.
      if (!dead) toTerminal.hurry();
      hangUp();
    }
    if (peer !== undefined) return;
    const mine: MemoryPeer = mock.plug({
      send(bytes) {
        if (peer === mine) toTill.send(bytes);
      },
      unplug: unplugged,
    });
    peer = mine;
  }

  /** TCP: the terminal sees that the till's end has gone. */
  function hangUp(): void {
    const left = peer;
    peer = undefined;
    dead = false;
    toTill.clear();
    toTerminal.clear();
    left?.closed();
  }

  /** The till has closed its end, or the system has for it. */
  function closed(): void {
    current = undefined;
    if (!isTcp) return;
    const left = peer;
    toTerminal.end(() => {
      if (peer === left) hangUp();
    });
  }

  function hear(bytes: Uint8Array): void {
    if (current === undefined) {
      if (strikes('stale')) stale.push(bytes);
      return;
    }
    trace.note('line', `till < ${current.owner.name}`, bytes);
    if (!current.owner.touch('chunk')) return;
    current.owner.hears(bytes);
    current.listener.data(bytes);
  }

  function channel(direction: Direction, deliver: (bytes: Uint8Array) => void) {
    const position = wire.createPosition();
    let free = 0;
    let generation = 0;
    let deafUntil = 0;
    let passed = 0;
    const pieces: Sent[] = [];
    let held: Uint8Array | undefined;
    /** In order, what has not arrived yet. */
    const underWay: (() => void)[] = [];

    function put({ bytes, afterMs, act }: Piece): void {
      const now = clock.now();
      free = Math.max(free, now + plan.latencyMs + afterMs);
      const mine = generation;
      const arrive = () => {
        if (mine !== generation) return;
        underWay.shift();
        if (bytes.length > 0) deliver(bytes);
        act?.();
      };
      underWay.push(arrive);
      clock.after(free - now, arrive);
    }

    const isDeaf = (): boolean => dead || clock.now() < deafUntil;

    /** A TCP connection that has lost its other end never finds it again. */
    function fallSilent(ms: number): void {
      if (isTcp) dead = true;
      else deafUntil = clock.now() + ms;
    }

    /** The one fault of a run that has just one. */
    function strikeAt({ fault, bit }: Strike, bytes: Uint8Array, at: number): Piece[] {
      const [head, tail] = [bytes.subarray(0, at), bytes.subarray(at)];
      const damage = byteDamages.find((kind) => kind === fault);
      if (damage !== undefined)
        return [{ bytes: damaged(bytes, { wire, kind: damage, at, random, bit }), afterMs: 0 }];
      switch (fault) {
        case 'unplug':
          return [{ bytes: head, afterMs: 0, act: () => unplug('the cable was pulled') }];
        case 'power-loss':
          mock.terminal.powerLoss();
          return [{ bytes: head, afterMs: 0 }];
        case 'half-open':
          fallSilent(20_000);
          return [{ bytes: head, afterMs: 0 }];
        case 'split':
          return [
            { bytes: head, afterMs: 0 },
            { bytes: tail, afterMs: 1_500 },
          ];
        case 'delay':
          return [{ bytes, afterMs: 12_000 }];
        case 'lose':
          return [];
        case 'repeat':
          return [
            { bytes, afterMs: 0 },
            { bytes, afterMs: 0 },
          ];
        case 'noise':
          return [{ bytes: joined(noise(wire, random, 8), bytes), afterMs: 0 }];
        case 'nak-storm':
          return [
            { bytes, afterMs: 0 },
            { bytes: repeated(wire.nak ?? bytes.subarray(0, 0), 12), afterMs: 0 },
          ];
        default:
          return [{ bytes, afterMs: 0 }];
      }
    }

    function disturbed(bytes: Uint8Array, whole: boolean): Piece[] {
      if (strikes('half-open')) fallSilent(1_000 + random.int(60_000));
      if (isDeaf() || strikes('lose') || (wire.isAck(bytes) && strikes('lose-ack'))) return [];
      let out = bytes;
      const kind = byteDamages.find(strikes);
      if (kind !== undefined && whole && !(plan.soundToTill && direction === 'to-till'))
        out = damaged(bytes, { wire, kind, at: random.int(bytes.length), random });
      else if (whole && strikes('noise'))
        out = joined(noise(wire, random, 1 + random.int(12)), bytes);
      const afterMs = strikes('delay') ? random.int(random.chance(0.2) ? 15_000 : 900) : 0;
      if (strikes('unplug'))
        return [
          {
            bytes: out.subarray(0, random.int(out.length + 1)),
            afterMs,
            act: () => unplug('the cable was pulled'),
          },
        ];
      if (whole && strikes('repeat'))
        return [
          { bytes: out, afterMs },
          { bytes: out, afterMs: 0 },
        ];
      if (out.length > 1 && strikes('split')) {
        const at = 1 + random.int(out.length - 1);
        const pause = random.chance(0.2) ? 1_000 + random.int(1_500) : random.int(400);
        return [
          { bytes: out.subarray(0, at), afterMs },
          { bytes: out.subarray(at), afterMs: pause },
        ];
      }
      if (wire.nak !== undefined && storms < mostStorms && strikes('nak-storm')) {
        storms++;
        const storm = repeated(wire.nak, 1 + random.int(20));
        return [
          { bytes: out, afterMs },
          { bytes: storm, afterMs: 0 },
        ];
      }
      return [{ bytes: out, afterMs }];
    }

    function send(bytes: Uint8Array): void {
      const from = passed;
      passed += bytes.length;
      if (!healed && plan.strike === undefined)
        pieces.push({ direction, order: order++, start: from, content: bytes });
      if (healed) {
        put({ bytes, afterMs: 0 });
        return;
      }
      const { strike } = plan;
      if (
        strike?.direction === direction &&
        !struck &&
        strike.byte >= from &&
        strike.byte < passed
      ) {
        struck = true;
        for (const piece of strikeAt(strike, bytes, strike.byte - from)) put(piece);
        return;
      }
      if (isDeaf()) return;
      if (!disturbs) {
        put({ bytes, afterMs: 0 });
        return;
      }
      const starts = position.between();
      position.pass(bytes);
      for (const piece of disturbed(bytes, starts && position.between())) put(piece);
    }

    return {
      send(bytes: Uint8Array): void {
        const whole = held === undefined ? bytes : joined(held, bytes);
        if (held === undefined && strikes('merge')) {
          held = bytes;
          clock.after(300, () => {
            if (held !== bytes) return;
            held = undefined;
            send(bytes);
          });
          return;
        }
        held = undefined;
        send(whole);
      },
      passed: () => ({ pieces: [...pieces], bytes: passed }),
      /** Everything arrives at once. */
      hurry(): void {
        for (const arrive of [...underWay]) arrive();
        generation++;
        underWay.length = 0;
      },
      /** Behind all that is under way. */
      end: (act: () => void) => put({ bytes: new Uint8Array(), afterMs: 0, act }),
      clear(): void {
        generation++;
        underWay.length = 0;
        held = undefined;
        free = 0;
      },
      heal(): void {
        deafUntil = 0;
      },
    };
  }

  const toTill = channel('to-till', hear);
  const toTerminal = channel('to-terminal', (bytes) => {
    trace.note('line', '> terminal', bytes);
    peer?.data(bytes);
  });

  return {
    open(owner, epoch, listener) {
      if (strikes('cannot-open'))
        throw new TerminalError('connection-failed', 'none', 'The port could not be opened.');
      if (current !== undefined)
        throw new TerminalError('device-busy', 'none', 'Another program has the port open.');
      attach();
      trace.note('line', `${owner.name} has opened the line`);
      const mine = { owner, listener };
      current = mine;
      const left = stale;
      stale = [];
      if (left.length > 0) {
        sometimes.reached('stale bytes after opening again');
        clock.after(1, () => {
          if (current === mine) for (const bytes of left) hear(bytes);
        });
      }
      return {
        epoch,
        write(bytes) {
          if (current !== mine || !owner.alive()) return false;
          owner.writes(epoch, bytes);
          trace.note('line', `${owner.name} >`, bytes);
          const copy = bytes.slice();
          if (!owner.touch('write')) {
            const part = random.int(copy.length + 1);
            if (part > 0 && part < copy.length)
              sometimes.reached('killed in the middle of a frame');
            if (part > 0) toTerminal.send(copy.subarray(0, part));
            return true;
          }
          toTerminal.send(copy);
          if (strikes('echo')) toTill.send(copy);
          owner.touch('written');
          return true;
        },
        async close() {
          if (current !== mine) return;
          trace.note('line', `${owner.name} closes the line`);
          closed();
          if (owner.touch('close')) listener.closed({ type: 'closed' });
        },
      };
    },
    drop(owner) {
      if (current?.owner === owner) closed();
    },
    passed: (direction) => (direction === 'to-till' ? toTill : toTerminal).passed(),
    heal() {
      healed = true;
      stale = [];
      // A terminal that has been restarted knows nothing of a connection from before.
      if (dead) lose('connection reset by peer');
      toTill.heal();
      toTerminal.heal();
      if (!mock.plugged) mock.replug();
    },
  };
}
