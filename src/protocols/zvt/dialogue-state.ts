import { type Ending, type Heard, nothingHeard } from './heard.ts';
import type { NewMessage } from './message.ts';
import type { Receipt } from './receipts.ts';

/** One command of the till and everything until the terminal is in its basic state again. */
export interface Dialogue<A> {
  readonly name: string;
  readonly money: boolean;
  readonly message: NewMessage;
  /** `reply`: 80 00 is the whole answer. `completion`: 06 0F or 06 1E ends it. */
  readonly ends: 'reply' | 'completion';
  /** Said again when nobody acknowledges it on a serial line. Never for money. */
  readonly repeatOnSilence: boolean;
  /** Its completion has the layout of 05 01, and belongs to nothing else. */
  readonly enquiry?: boolean;
  /** There is no 04 0F in it: one that comes, and the end behind it, are those of something earlier. */
  readonly withoutResult?: boolean;
  /** `84 9C`, please wait, is no answer: it has to be asked again later. */
  readonly waitsForIdle?: boolean;
  /** A person may stop it with 06 B0 while it runs. */
  readonly stoppable?: boolean;
  /** What the terminal has said, put together; nothing when it makes no sense, or too little was heard. */
  read(ending: Ending, heard: Heard): A | undefined;
}

/** The last frame that we sent on a serial line, until the terminal has acknowledged it. */
export interface Out {
  readonly bytes: Uint8Array;
  readonly tries: number;
}

export interface State {
  /** `link`: for the ACK of the request. `reply`: for 80 00 or 84 xx. `running`: the terminal is master. */
  readonly phase: 'new' | 'link' | 'reply' | 'running' | 'ended';
  readonly id: number | undefined;
  readonly sent: number;
  readonly refused: boolean;
  readonly out: Out | undefined;
  /** The timer runs for the ACK of `out`. */
  readonly waitsForLink: boolean;
  readonly garbled: number;
  readonly messages: number;
  readonly t4Ms: number | undefined;
  readonly heard: Heard;
  readonly receipt: Receipt | undefined;
  /** The terminal has said something since it took the command. */
  readonly begun: boolean;
  /** Something earlier is still under way: the next end is its own. */
  readonly another: boolean;
  /** 06 B0: wanted by a person, sent, answered with 80 00 or 84 xx. */
  readonly stop: 'none' | 'wanted' | 'sent' | 'answered';
  readonly lastFrame: Uint8Array | undefined;
  readonly lastId: number | undefined;
  readonly result: Uint8Array | undefined;
  readonly previousAnswer: Uint8Array | undefined;
}

export const initialState: State = {
  phase: 'new',
  id: undefined,
  sent: 0,
  refused: false,
  out: undefined,
  waitsForLink: false,
  garbled: 0,
  messages: 0,
  t4Ms: undefined,
  heard: nothingHeard,
  receipt: undefined,
  begun: false,
  another: false,
  stop: 'none',
  lastFrame: undefined,
  lastId: undefined,
  result: undefined,
  previousAnswer: undefined,
};
