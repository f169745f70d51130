import type { WireFrame } from '../trace/wire-frame.ts';
import type { Desk } from './desk.ts';
import { h } from './dom.ts';

export type { WireFrame } from '../trace/wire-frame.ts';

/**
 * The till on the left, the terminal on the right, time running down: an arrow for each frame, with what
 * it says. Everything in it was masked before it reached the page.
 */
export function wirePicture({ words }: Desk, frames: readonly WireFrame[]): HTMLElement {
  const begun = frames[0]?.at ?? 0;
  let before = begun;
  const rows = frames.map((frame) => {
    const pause = frame.at - before;
    before = frame.at;
    return rowOf(words, frame, frame.at - begun, pause);
  });
  return h(
    'div',
    { class: 'sequence' },
    h(
      'div',
      { class: 'ends', 'aria-hidden': 'true' },
      h('span', {}, words('till')),
      h('span', {}, words('line')),
      h('span', {}, words('terminal')),
    ),
    h('ol', {}, ...rows),
  );
}

/** A silence worth seeing, milliseconds. */
const longPause = 500;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;

function rowOf(
  words: Desk['words'],
  frame: WireFrame,
  afterMs: number,
  pauseMs: number,
): HTMLElement {
  const { from, name, fields, hex, length, check } = frame;
  const told = Object.entries(fields).filter(([, value]) => value !== '');
  const way = `${words(from)} → ${words(from === 'till' ? 'terminal' : 'till')}`;
  return h(
    'li',
    { class: `from-${from}${check === 'bad' ? ' bad' : ''}` },
    pauseMs >= longPause && h('p', { class: 'pause' }, words('pause', { time: seconds(pauseMs) })),
    h('span', { class: 'after' }, seconds(afterMs)),
    h(
      'details',
      {},
      h(
        'summary',
        { 'aria-label': `${seconds(afterMs)} ${way}: ${name}` },
        h(
          'span',
          { class: 'name' },
          name,
          check === 'bad' && h('strong', {}, ` ${words('badCheck')}`),
        ),
        h('span', { class: 'arrow', 'aria-hidden': 'true' }),
      ),
      h(
        'p',
        { class: 'hex' },
        hex.replace(/(..)(?=.)/g, '$1 '),
        h('small', {}, words('bytes', { count: length })),
      ),
    ),
    told.length > 0 &&
      h(
        'p',
        { class: 'fields' },
        ...told.map(([field, value]) =>
          h('span', {}, h('span', { class: 'hint' }, words(field)), ` ${inWords(value)}`),
        ),
      ),
  );
}

const inWords = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : JSON.stringify(value);
