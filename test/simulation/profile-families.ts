import type { Sale } from '../../mocks/ledger.ts';
import type { Identity } from '../../src/model/transaction.ts';
import { type BuiltinProfile, builtinProfiles, builtinText } from '../../src/profiles/builtin.ts';
import { compileProfile, type ProfileProtocol } from '../../src/profiles/compile.ts';
import { requestOf } from '../../src/profiles/describe.ts';
import { settle } from '../../src/profiles/load.ts';
import type { Wire } from '../../src/profiles/message.ts';
import { readProfile } from '../../src/profiles/read.ts';
import type { Meaning, Profile } from '../../src/profiles/schema.ts';
import { acknowledgedFaults, type Family, type MoneyRequest, serialFaults } from './family.ts';
import type { LineFault } from './line.ts';
import { faultsOfOthers } from './own-faults.ts';
import { shapedWire } from './shaped-wire.ts';

/** What the simulation has to know of a profile beside the profile. */
interface Row {
  /** Those that it cannot do without. */
  readonly settings?: Readonly<Record<string, string>>;
  readonly withoutLineFaults?: readonly LineFault[];
  /** Where something about its terminals is not as the profile lets one think. */
  readonly other?: Partial<Family>;
}

/** A profile that needs no more than itself needs no row. */
const rows: { readonly [N in BuiltinProfile]?: Row } = {
  'bank-mis-ingenico': { settings: { 'last-type': '99' } },
  'paycloud-ecrhub': { settings: { 'app-id': 'till1' } },
};

function profileOf(name: BuiltinProfile): Profile {
  const read = readProfile(builtinText(name));
  if (read.type === 'profile') return read.profile;
  throw new Error(`${name} has ${read.problems.length} problems.`);
}

/** As a till has it: a number that begins with the seconds of its clock and counts on with each use. */
function spoken(profile: Profile, settings: ReadonlyMap<string, string>) {
  return (now: () => number): ProfileProtocol => {
    let number = Math.floor(now() / 1_000);
    return compileProfile(profile, {
      settings,
      now: () => new Date(now()).toISOString().slice(0, 19),
      next: () => number++,
    });
  };
}

const requests: Readonly<Record<string, MoneyRequest>> = {
  sale: 'purchase',
  refund: 'purchase',
  void: 'void',
  settle: 'settle',
};

/** As if it had no other commands: each that a frame may be has to be tried. */
const moneyOnly = (wire: Wire): Wire => {
  const { sale, void: taking, refund, settle: closing } = wire.profile.commands;
  const commands = { sale, void: taking, refund, settle: closing, others: {} };
  return { ...wire, profile: { ...wire.profile, commands } };
};

/** What its query tells of a sale. */
function identities({ commands, fields }: Profile): (sale: Sale) => Identity {
  const asked = commands.find ?? commands.last;
  const meanings = new Set<Meaning | undefined>(
    asked?.answer.fields.map((name) => fields[name]?.means),
  );
  return ({ ticket, trace, operationNumber, authorisationCode }) => ({
    ...(meanings.has('ticket') && { ticket }),
    ...(meanings.has('trace') && { trace }),
    ...(meanings.has('operationNumber') && { operationNumber }),
    ...(meanings.has('receiptNumber') && { receiptNumber: operationNumber }),
    ...(meanings.has('authorisationCode') && { authorisationCode }),
  });
}

/** Nothing in what it tells as its last transaction says whether that was a sale. */
const tellsNoKind = ({ commands: { last } }: Profile): boolean =>
  last !== undefined && last.answer.kind === undefined && last.answer.state === undefined;

function lineFaultsOf({ link }: Profile): readonly LineFault[] {
  if (link.kind === 'ack-nak') return acknowledgedFaults;
  return link.acknowledges ? [...serialFaults, 'lose-ack'] : serialFaults;
}

function familyOf(name: BuiltinProfile): Family {
  const { settings = {}, withoutLineFaults = [], other } = rows[name] ?? {};
  const profile = profileOf(name);
  const protocol = spoken(profile, settle(profile, new Map(Object.entries(settings))));
  const spokenNow = protocol(() => 0);
  const { capabilities } = spokenNow;
  const bookings = moneyOnly(spokenNow.wire);
  const wire = shapedWire(spokenNow);
  return {
    face: name,
    transport: 'serial',
    wire,
    protocol,
    weight: 1,
    blindVoid: capabilities.voidBy === 'blind-last',
    amounts: { currency: profile.currency, least: profile.amount.min, most: profile.amount.max },
    moneyRequest(bytes) {
      const [frame] = bytes.length < 4 ? [] : wire.deframer().push(bytes);
      if (frame?.kind !== 'frame' || frame.check === 'bad') return undefined;
      return requests[requestOf(bookings, frame.data)?.name ?? ''];
    },
    mostFrames: 1,
    identityOf: identities(profile),
    tellsVoidLast: profile.commands.find === undefined,
    tellsVoidsAsSales: tellsNoKind(profile),
    forgetsSettled: true,
    wantsTicket: capabilities.queryBy === 'reference',
    unlistedCodes: ['99', '0A', 'ZZ', '50'],
    setUps: [],
    withoutFaults: faultsOfOthers(),
    lineFaults: lineFaultsOf(profile).filter((fault) => !withoutLineFaults.includes(fault)),
    ...other,
  };
}

/** A terminal of each profile that comes with the package, on a serial line. */
export const profileFamilies = Object.fromEntries(
  builtinProfiles.map((name) => [name, familyOf(name)]),
) as Readonly<Record<BuiltinProfile, Family>>;
