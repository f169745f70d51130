import { sameBytes } from '../framing/bytes.ts';
import type { ControlName, Frame } from '../framing/frame.ts';
import { shapedDeframer } from '../framing/shaped-deframer.ts';
import { sameNumber } from '../model/identity.ts';
import type { LineSettings } from '../model/line-settings.ts';
import type { Declined, LastTransactionResult, Refused, TotalsResult } from '../model/results.ts';
import type { Target, Transaction } from '../model/transaction.ts';
import { idleAckNak } from '../protocols/ack-nak.ts';
import { type Effect, type Exchange, mapAnswer } from '../protocols/exchange.ts';
import type { History, Protocol, PurchaseAnswer, VoidAnswer } from '../protocols/protocol.ts';
import { checkAmount, invalid } from '../protocols/refusal.ts';
import {
  bookingAnswer,
  idleAnswer,
  lastAnswer,
  type OtherResult,
  otherAnswer,
  settleAnswer,
  statusAnswer,
  voidAnswer,
} from './answers.ts';
import { capabilitiesOf } from './capabilities.ts';
import { describe } from './describe.ts';
import {
  confirmation,
  exchangeOf,
  impossible,
  intermediateOf,
  refusedAtOnce,
  type Sending,
} from './exchanges.ts';
import type { Given } from './expression.ts';
import { describedFields } from './meaning.ts';
import { readerOf, type Wire, wireOf } from './message.ts';
import { namesOf, onlyByName } from './only-by-name.ts';
import {
  givenBy,
  isMade,
  makeRequest,
  refusedRequest,
  type Surroundings,
  uses,
} from './requests.ts';
import type { Meaning, Profile, ProfileCommand } from './schema.ts';
import { withVariant } from './variant.ts';

/** A protocol that was made from a profile. */
export interface ProfileProtocol extends Protocol {
  readonly profile: Profile;
  readonly wire: Wire;
  /** The exchange of a command of this terminal only. */
  other(name: string): Exchange<OtherResult | Declined> | Refused;
}

export const isProfileProtocol = (protocol: Protocol): protocol is ProfileProtocol =>
  'profile' in protocol && 'wire' in protocol;

/** A profile as the protocol that it describes; `variant`: one of its own, such as another rail. */
export function compileProfile(
  written: Profile,
  surroundings: Surroundings,
  variant?: string,
): ProfileProtocol {
  const profile = variant === undefined ? written : withVariant(written, variant);
  const wire = wireOf(profile);
  const { commands, currency, link } = profile;
  const limits = { currency, ...profile.amount };

  function sending<A>(
    name: string,
    command: ProfileCommand | undefined,
    given: Given,
    how: Pick<Sending<A>, 'read'> &
      Partial<Pick<Sending<A>, 'money' | 'wait' | 'names' | 'correlated'>>,
    without: Parameters<typeof makeRequest>[4] = [],
  ): Exchange<A> {
    const { money = false } = how;
    const request = command && makeRequest(wire, command.send, given, surroundings, without);
    if (command === undefined || request === undefined || !isMade(request))
      return impossible(name, money);
    return exchangeOf<A>({
      wire,
      name,
      command,
      request,
      settings: surroundings.settings,
      money,
      correlated: true,
      wait: money ? 'answer' : 'acknowledgement',
      now: surroundings.now(),
      names: () => false,
      ...how,
    });
  }

  /** A mark that the request chose by itself tells its answer; one of a transaction may be another one's. */
  const isOwnMark = (command: ProfileCommand | undefined): boolean => {
    const { correlation } = profile;
    return (
      correlation !== undefined &&
      /^\$(?:sequence|unique)/.test(String(command?.send[correlation.field]))
    );
  };

  const asking = (
    name: string,
    command: ProfileCommand | undefined,
    given: Given,
  ): Exchange<LastTransactionResult> => {
    const refused = checkMade(command, given);
    if (refused !== undefined)
      return refusedAtOnce(name, lacksName(command, given) ? onlyByName(profile) : refused);
    return sending<LastTransactionResult>(name, command, given, {
      read: lastAnswer,
      correlated: isOwnMark(command),
    });
  };

  const lacksName = (command: ProfileCommand | undefined, given: Given): boolean =>
    commands.last === undefined &&
    command === commands.find &&
    namesOf(command).some((source) => given[source] === undefined);

  const last = (about?: Target): Exchange<LastTransactionResult> =>
    asking(
      'last transaction',
      commands.last ?? commands.find,
      about === undefined ? {} : givenBy(about),
    );

  /** The command that asks for one transaction, where the target has what that wants. */
  function find(target: Target): Exchange<LastTransactionResult> | undefined {
    const made =
      commands.find && makeRequest(wire, commands.find.send, givenBy(target), surroundings);
    if (made !== undefined && isMade(made))
      return asking('transaction', commands.find, givenBy(target));
    if (commands.last?.tellsVoids !== true) return undefined;
    return mapAnswer(last(target), (told) => asVoided(told, target));
  }

  function history(about?: Target): Exchange<History | Declined> {
    const named = commands.find && about && find(about);
    return mapAnswer(named ?? last(about), (told): History | Declined => {
      switch (told.outcome) {
        case 'found':
          return {
            whole: false,
            ...(named && { oneOfReference: true as const }),
            transactions: [told.transaction],
          };
        case 'declined':
          return told;
        case 'none':
        case 'refused':
          return { whole: false, transactions: [] };
      }
    });
  }

  function booking(
    kind: 'purchase' | 'refund',
    command: ProfileCommand | undefined,
    given: Given,
  ): Exchange<PurchaseAnswer> {
    const name = kind === 'purchase' ? 'sale' : 'refund';
    return sending<PurchaseAnswer>(name, command, given, {
      money: true,
      read: (answered) => bookingAnswer(answered, kind),
      names: (answer) =>
        answer.outcome === 'approved' && sameNumber(answer.transaction.ticket, given.ticket),
    });
  }

  /** Of what can name a sale, only the best that is known is sent. */
  function unneeded(found: Transaction) {
    const references = commands.void?.references ?? [];
    const given = givenBy(found);
    const best = references.find((reference) => given[reference] !== undefined);
    return references.filter((reference) => reference !== best);
  }

  function checkVoidable(found: Transaction): Refused | undefined {
    const { void: command } = commands;
    if (command === undefined) return undefined;
    const references = command.references;
    const given = givenBy(found);
    const cannot = (message: string): Refused => ({
      outcome: 'refused',
      reason: 'not-approved',
      message,
      found,
    });
    if (references.length > 0 && references.every((reference) => given[reference] === undefined))
      return cannot(
        `The terminal told no ${references.join(' and no ')} for this transaction, so it cannot be named in a void.`,
      );
    const made = makeRequest(wire, command.send, given, surroundings, unneeded(found));
    if (isMade(made)) return undefined;
    return made.type === 'missing' && !made.source.startsWith('$setting.')
      ? cannot(
          `The terminal told no ${made.source.slice(1)} for this transaction, which the void has to name.`,
        )
      : refusedRequest(wire, command.send, made);
  }

  const checkMade = (command: ProfileCommand | undefined, given: Given): Refused | undefined => {
    if (command === undefined) return undefined;
    const made = makeRequest(wire, command.send, given, { ...surroundings, next: () => 0 });
    return isMade(made) ? undefined : refusedRequest(wire, command.send, made);
  };

  const protocol: ProfileProtocol = {
    name: profile.name,
    ...(variant !== undefined && { variant }),
    profile,
    wire,
    line: lineOf(profile),
    timing: { ...profile.timing, answerMs: longestMs(profile) },
    capabilities: capabilitiesOf(profile),
    connection: 'kept',
    provenIdleFirst: link.kind === 'plain',
    marksRequests: isMarkedForGood(profile),
    ...(profile.tcpPort !== undefined && { tcpPort: profile.tcpPort }),
    relays: profile.intermediates.some(({ relay }) => relay !== undefined),
    currency,

    deframer: () => shapedDeframer(wire.shape, controlsOf(profile)),
    describe: (data, from) => describe(wire, data, from),
    idle: (frame, previousAnswer) =>
      link.kind === 'plain' || isUnacknowledged(wire, frame)
        ? surfaced(wire, frame, previousAnswer)
        : idleAckNak(frame, previousAnswer),
    ...(commands.opening && { greeting: () => greeting() }),
    synchronise: () => probing(idleAnswer),

    history,

    status: () => probing(statusAnswer),
    lastTransaction: () => last(),
    find,
    totals,
    settle: () => sending('settlement', commands.settle, {}, { money: true, read: settleAnswer }),

    checkPurchase: (request) =>
      checkAmount(request.amount, limits) ??
      unknownHere('commerceCode', request.commerceCode) ??
      checkMade(commands.sale, {
        amount: String(request.amount.amount),
        ticket: request.ticket ?? 'A'.repeat(profile.ticket.length),
        // Whether it has to be there is asked when the sale is to be made.
        payCode: request.payCode ?? '000000',
      }),
    ticket: (random) => random(profile.ticket.length),
    purchase: ({ amount, ticket, payCode }) =>
      booking('purchase', commands.sale, {
        amount: String(amount.amount),
        ticket,
        ...scanned(payCode),
      }),

    checkRefund: (request) =>
      checkAmount(request.amount, limits) ??
      // A reference that is not sent is none that the answer could repeat.
      (request.ticket === undefined || (commands.refund && uses(commands.refund.send, 'ticket'))
        ? undefined
        : invalid('ticket', 'left out: the refund of this terminal sends none', request.ticket)) ??
      checkMade(commands.refund, givenForRefund(request)),
    refund: (request) => booking('refund', commands.refund, givenForRefund(request)),

    checkTarget: (target) =>
      checkAmount(target.amount, limits) ??
      numbers
        .filter((name) => !tells(profile, name))
        .map((name) => unknownHere(name, target[name]))
        .find((refused) => refused !== undefined),
    checkVoidable,
    void: (found) =>
      sending<VoidAnswer>(
        'void',
        commands.void,
        givenBy(found),
        {
          money: true,
          read: voidAnswer,
          names: ({ outcome }) => outcome === 'voided' && isOwnMark(commands.void),
        },
        unneeded(found),
      ),
    other(name) {
      const command = Object.hasOwn(commands.others, name) ? commands.others[name] : undefined;
      if (command === undefined)
        return invalid(
          'command',
          `one of ${Object.keys(commands.others).join(', ') || 'none'}`,
          name,
        );
      return sending<OtherResult | Declined>(
        name,
        command,
        {},
        {
          read: (answered) =>
            otherAnswer(answered, describedFields(wire, answered.message, 'terminal')),
          wait: 'answer',
        },
      );
    },
  };
  return protocol;

  /** Shows that the terminal is there. */
  function probing<A>(read: Sending<A>['read']): Exchange<A> {
    const { status: own, last: other } = commands;
    return sending('status', own ?? other, {}, { read, correlated: isOwnMark(own ?? other) });
  }

  function greeting(): Exchange<Protocol | Declined> {
    return mapAnswer(
      sending('opening', commands.opening, {}, { read: statusAnswer }),
      (told): Protocol | Declined =>
        told.outcome === 'ready'
          ? protocol
          : { outcome: 'declined', responseCode: told.terminalCode, message: told.message },
    );
  }
}

/** A running number comes again; the time with one does not. */
const isMarkedForGood = ({ correlation, commands: { sale } }: Profile): boolean =>
  correlation?.required === true && /^\$unique$/.test(String(sale?.send[correlation.field]));

/**
 * How long this terminal may be at work on money: recovery says that a command was not carried out no sooner
 * than that. Each command waits for its answer by its own time.
 */
const longestMs = ({ timing, commands: { sale, refund, void: taking } }: Profile): number =>
  Math.max(timing.answerMs, ...[sale, refund, taking].map((command) => command?.answerMs ?? 0));

function lineOf({ line }: Profile): LineSettings {
  const { dtr, rts, ...rest } = line;
  return { ...rest, ...(dtr !== undefined && { dtr }), ...(rts !== undefined && { rts }) };
}

const givenForRefund = ({
  amount,
  ticket,
  rrn,
}: {
  readonly amount: { readonly amount: number };
  readonly ticket?: string;
  readonly rrn?: string;
}): Given => ({
  amount: String(amount.amount),
  ...(ticket !== undefined && { ticket }),
  ...(rrn !== undefined && { rrn }),
});

const numbers = ['receiptNumber', 'trace', 'operationNumber', 'authorisationCode'] as const;

/** What this terminal cannot tell, nobody could compare. */
const unknownHere = (field: string, value: string | undefined): Refused | undefined =>
  value === undefined ? undefined : invalid(field, 'left out: this terminal tells none', value);

function tells(profile: Profile, meaning: Meaning): boolean {
  const command = profile.commands.find ?? profile.commands.last;
  return (command?.answer.fields ?? []).some((name) => profile.fields[name]?.means === meaning);
}

/**
 * The last transaction is the void of what was asked for, by its own number: then that is what there is to
 * tell, and its state.
 */
function asVoided(told: LastTransactionResult, target: Target): LastTransactionResult {
  if (told.outcome !== 'found' || told.transaction.kind !== 'void') return told;
  const { original, amount, time: _, rrn: _rrn, voucher: _voucher, ...rest } = told.transaction;
  const isIt = numbers.some((name) => sameNumber(original?.[name], target[name]));
  if (original === undefined || !isIt) return told;
  const {
    trace: _trace,
    receiptNumber: _receipt,
    operationNumber: _operation,
    authorisationCode: _code,
    ticket: _ticket,
    ...about
  } = rest;
  const transaction: Transaction = {
    ...about,
    ...original,
    kind: 'purchase',
    state: 'voided',
    amount: { ...amount, amount: Math.abs(amount.amount) },
  };
  return { ...told, transaction };
}

const scanned = (payCode: string | undefined): Pick<Given, 'payCode'> =>
  payCode === undefined ? {} : { payCode };

const controlsOf = ({ link }: Profile): readonly ControlName[] => {
  if (link.kind === 'ack-nak') return ['ACK', 'NAK', 'ENQ', 'EOT'];
  return link.acknowledges || link.enquiry ? ['ACK', 'NAK'] : [];
};

/** What is no answer is not acknowledged where the terminal wants it so. */
const isUnacknowledged = (wire: Wire, frame: Frame): boolean =>
  !wire.profile.link.acknowledgeIntermediates &&
  frame.kind === 'frame' &&
  frame.check === 'ok' &&
  intermediateOf(wire, readerOf(wire, frame.data, 'terminal')) !== undefined;

function surfaced(
  wire: Wire,
  frame: Frame,
  previousAnswer: Uint8Array | undefined,
): readonly Effect<never>[] {
  if (frame.kind !== 'frame' || frame.check === 'bad') return [];
  if (intermediateOf(wire, readerOf(wire, frame.data, 'terminal'))?.intermediate.is === 'ignore')
    return [];
  const said = confirmation(wire, frame.data);
  const repeated = previousAnswer !== undefined && sameBytes(previousAnswer, frame.bytes);
  return [
    ...(said === undefined ? [] : [{ type: 'write', as: 'reply', bytes: said } as const]),
    { type: 'stray', frame, reason: repeated ? 'duplicate' : 'stale' },
  ];
}

/** There is no command for totals in this language; the driver refuses them before it comes here. */
const totals = (): Exchange<TotalsResult> => impossible('totals', false);
