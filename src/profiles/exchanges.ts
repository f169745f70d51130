import { toLatin1 } from '../framing/bytes.ts';
import { type AckNakRequest, ackNakExchange, type Reading } from '../protocols/ack-nak.ts';
import type { Exchange, Wait } from '../protocols/exchange.ts';
import type { Answered } from './answers.ts';
import { behindEnquiry } from './enquiry.ts';
import { readExpression } from './expression.ts';
import { type Message, type ReadAs, readerOf, type Wire } from './message.ts';
import { type PlainReading, plainExchange } from './plain-exchange.ts';
import { readRelay, still } from './relay.ts';
import { isMade, type MadeRequest, makeRequest } from './requests.ts';
import type { Intermediate, Profile, ProfileAnswer, ProfileCommand } from './schema.ts';

/** One command on its way: what is sent, and how its answer is known and read. */
export interface Sending<A> {
  readonly wire: Wire;
  readonly name: string;
  readonly command: ProfileCommand;
  readonly request: MadeRequest;
  /** As the address gives them. */
  readonly settings: ReadonlyMap<string, string>;
  readonly money: boolean;
  /** Another value in the field of correlation makes it the answer to something else. */
  readonly correlated: boolean;
  /** Where a person has to act at the terminal, or its host to answer. */
  readonly wait: Wait;
  readonly now: string;
  /** Nothing: it makes no sense. */
  read(answered: Answered): A | undefined;
  /** It says that this very command was carried out. */
  names(answer: A): boolean;
}

/** Do the fields of a message hold what they have to? */
export const matches = (when: ProfileAnswer['when'], { values }: Message): boolean =>
  Object.entries(when).every(([name, wanted]) => {
    const value = values.get(name) ?? '';
    return (typeof wanted === 'string' ? [wanted] : wanted).some(
      (one) => one.trim() === value.trim(),
    );
  });

/** What stands in front of the answer, if the frame is that. */
export function intermediateOf(
  wire: Wire,
  read: ReadAs,
): { readonly intermediate: Intermediate; readonly message: Message } | undefined {
  for (const intermediate of wire.profile.intermediates) {
    const message = read(intermediate.fields);
    if (matches(intermediate.when, message)) return { intermediate, message };
  }
  return undefined;
}

const readIntermediate = (
  { wire, request, settings }: Pick<Sending<unknown>, 'wire' | 'request' | 'settings'>,
  { intermediate, message }: NonNullable<ReturnType<typeof intermediateOf>>,
): PlainReading<never> => {
  switch (intermediate.is) {
    case 'log':
      return { type: 'alive' };
    case 'ignore':
      return { type: 'ignored' };
    case 'progress': {
      const value = message.values.get(intermediate.prompts?.field ?? '') ?? '';
      const { prompts } = intermediate;
      const known =
        prompts !== undefined && Object.hasOwn(prompts.values, value)
          ? prompts.values[value]
          : undefined;
      const prompt = known ?? {
        who: 'nobody',
        code: 'other',
        text: `the terminal says ${value}`,
      };
      return { type: 'progress', progress: { type: 'prompt', terminalCode: value, ...prompt } };
    }
    case 'more':
      return { type: 'part' };
    case 'relay':
      return readRelay(wire, intermediate, message, request.values, settings);
  }
};

function readAnswer<A>(sending: Sending<A>, data: Uint8Array): PlainReading<A> {
  const { wire, command, request, now } = sending;
  const read = readerOf(wire, data, 'terminal');
  const between = intermediateOf(wire, read);
  if (between !== undefined) return readIntermediate(sending, between);
  const message = read(command.answer.fields);
  if (!matches(command.answer.when, message)) return { type: 'other' };
  if (sending.correlated && !belongs(wire, message, request)) return { type: 'other' };
  if (message.malformed.length > 0) return { type: 'unreadable' };
  const answer = sending.read({ wire, command, message, now, asked: request.amount });
  if (answer === undefined) return { type: 'unreadable' };
  return { type: 'answer', answer, names: sending.names(answer) };
}

/** Does the answer repeat what its request sent for this? */
function belongs({ profile }: Wire, { values }: Message, request: MadeRequest): boolean {
  const { correlation } = profile;
  const sent = correlation && request.values.get(correlation.field);
  if (correlation === undefined || sent === undefined) return true;
  const told = values.get(correlation.field);
  if (told === undefined) return !correlation.required;
  return sameMark(told, sent);
}

/** Binary and decimal marks come back with zeros in front. */
const sameMark = (a: string, b: string): boolean => {
  const bare = (text: string) => text.trim().replace(/^0+(?=.)/, '');
  return bare(a) === bare(b);
};

/** The exchange of a command, by the link of the profile. */
export function exchangeOf<A>(sending: Sending<A>): Exchange<A> {
  const { wire, name, money, request, command } = sending;
  const { link } = wire.profile;
  const read = (data: Uint8Array) => readAnswer(sending, data);
  const started = withPrompt(
    link.kind === 'plain' ? plain(sending, read) : acknowledged(),
    command,
  );
  return link.enquiry ? behindEnquiry(started) : started;

  function acknowledged(): Exchange<A> {
    const spec: AckNakRequest<A> = {
      name,
      money,
      request: request.bytes,
      repeatOnSilence: !money,
      confirmsProgress: link.acknowledgeIntermediates,
      answer: {
        by: 'frame',
        read: (data) => {
          const reading = read(data);
          return isPlainOnly(reading) ? { type: 'other' } : (reading satisfies Reading<A>);
        },
      },
    };
    return withTime(ackNakExchange(spec), usualMs(wire.profile, command));
  }
}

const isPlainOnly = <A>(
  reading: PlainReading<A>,
): reading is Exclude<PlainReading<A>, Reading<A>> =>
  reading.type === 'relay' || reading.type === 'alive' || reading.type === 'ignored';

/** The frame that confirms a message, where the profile has one. What is ignored is not confirmed. */
export function confirmation(wire: Wire, data: Uint8Array): Uint8Array | undefined {
  const { confirm } = wire.profile.link;
  const read = readerOf(wire, data, 'terminal');
  const between = intermediateOf(wire, read);
  if (confirm === undefined || between?.intermediate.is === 'ignore') return undefined;
  const { values } = read([]);
  // What has no number is not waited for.
  const numbers = Object.values(confirm).flatMap((written) => {
    const expression = readExpression(written);
    return expression?.type === 'received' ? [values.get(expression.field) ?? '0'] : [];
  });
  if (numbers.some((number) => /^0*$/.test(number))) return undefined;
  const made = makeRequest(wire, confirm, {}, still(new Map()), [], { received: values });
  return isMade(made) ? made.bytes : undefined;
}

const plain = <A>(
  { wire, name, money, request, command, wait }: Sending<A>,
  read: (data: Uint8Array) => PlainReading<A>,
): Exchange<A> =>
  plainExchange({
    name,
    money,
    request: request.bytes,
    acknowledges: wire.profile.link.acknowledges,
    wait,
    ...((wait === 'answer' || command.answerMs !== undefined) && {
      usual: usualMs(wire.profile, command),
    }),
    outOfBand: wire.profile.link.outOfBand.map(({ starts }) => toLatin1(starts)),
    read,
    confirm: (data) => confirmation(wire, data),
  });

/** A command that takes a person takes longer than the others. */
const usualMs = ({ timing }: Profile, { answerMs }: ProfileCommand): number =>
  answerMs ?? timing.answerMs;

function withTime<A, S>(exchange: Exchange<A, S>, usual: number): Exchange<A, S> {
  return {
    ...exchange,
    step(state, input) {
      const step = exchange.step(state, input);
      return {
        state: step.state,
        effects: step.effects.map((effect) =>
          effect.type === 'wait' && effect.for === 'answer' ? { ...effect, usual } : effect,
        ),
      };
    },
  };
}

/** Tells who has to act as soon as the terminal has the request. */
function withPrompt<A, S>(exchange: Exchange<A, S>, { prompt }: ProfileCommand): Exchange<A, S> {
  if (prompt === undefined) return exchange;
  return {
    ...exchange,
    step(state, input) {
      const step = exchange.step(state, input);
      if (input.type !== 'start') return step;
      const progress = { type: 'prompt', terminalCode: '', ...prompt } as const;
      return { state: step.state, effects: [...step.effects, { type: 'progress', progress }] };
    },
  };
}

/** An exchange that cannot be made: over before anything is written. */
export const impossible = <A>(name: string, money: boolean): Exchange<A> => ({
  name,
  money,
  request: () => new Uint8Array(),
  initial: undefined,
  step: (state) => ({ state, effects: [{ type: 'failed', failure: 'not-acknowledged' }] }),
});

/** A question that lacks what it has to be asked with: answered by ourselves. */
export const refusedAtOnce = <A>(name: string, refused: A): Exchange<A> => ({
  name,
  money: false,
  request: () => new Uint8Array(),
  initial: undefined,
  step: (state) => ({
    state,
    effects: [{ type: 'done', answer: refused, bytes: undefined, again: false }],
  }),
});
