import { toLatin1 } from '../src/framing/bytes.ts';
import type { Deframer, Frame } from '../src/framing/frame.ts';
import { shapedDeframer } from '../src/framing/shaped-deframer.ts';
import { control } from '../src/framing/stx-etx-lrc.ts';
import { isFramePart, type Wire, wireOf, writeMessage } from '../src/profiles/message.ts';
import type { Profile } from '../src/profiles/schema.ts';
import { ackNakFace } from './ack-nak-face.ts';
import type { Face, Setting } from './face.ts';
import type { Answer, Request } from './messages.ts';
import { plainFace } from './plain-face.ts';
import { type Marks, writeProfileAnswer } from './profile-answers.ts';
import { carryOutByProfile } from './profile-carry-out.ts';
import { type ProfileRequest, readProfileRequest } from './profile-requests.ts';

const isProfileRequest = (request: Request): request is ProfileRequest => 'sent' in request;

/** The terminal that a profile describes: its requests read and its answers written by the same file. */
export function profileFace(profile: Profile, setting: Setting): Face {
  const { terminal, clock } = setting;
  const wire = wireOf(profile);
  const marks: Marks = new Map();
  /** How the last request of each kind was asked, for answers to something else than was asked. */
  const asked = new Map<string, ProfileRequest>();

  const read = (data: Uint8Array, at: number): ProfileRequest | undefined => {
    const request = readProfileRequest(wire, data, at);
    if (request !== undefined) asked.set(request.command, request);
    return request;
  };

  function carryOut(request: Request): readonly Answer[] {
    if (!isProfileRequest(request)) return [];
    const answers = carryOutByProfile(wire, terminal, request);
    for (const { to, trace, sale } of answers) {
      const number = trace ?? sale?.trace;
      if (to === 'settle') marks.clear();
      if (to !== 'last-transaction' && number !== undefined && request.ticket !== undefined)
        marks.set(number, request.ticket);
    }
    return answers;
  }

  /** An answer to something else that was never asked is that of a settlement, where there is one. */
  function requestFor(answer: Answer, request: ProfileRequest): ProfileRequest | undefined {
    if (answer.to === request.command) return request;
    const { settle } = profile.commands;
    const earlier = asked.get(answer.to);
    if (earlier !== undefined || settle === undefined) return earlier;
    return { ...request, command: 'settle', name: 'settle', sent: settle };
  }

  function write(answer: Answer, request: Request): Uint8Array {
    const about = isProfileRequest(request) ? requestFor(answer, request) : undefined;
    if (about === undefined) return new Uint8Array();
    const now = new Date(clock.now()).toISOString().slice(0, 19);
    return writeProfileAnswer({ wire, terminal, answer, request: about, marks, now });
  }

  const between = (request: Request): readonly Uint8Array[] =>
    isProfileRequest(request) && request.command === 'purchase'
      ? [
          ...intermediates(wire, request),
          ...profile.link.outOfBand.map(({ starts }) => toLatin1(`${starts}1234`)),
        ]
      : [];

  if (profile.link.kind === 'plain')
    return plainFace(
      {
        deframer: () => shapedDeframer(wire.shape, []),
        read,
        acknowledges: profile.link.acknowledges,
        between,
        carryOut,
        write,
      },
      setting,
    );
  return ackNakFace(
    {
      deframer: () =>
        answeringEnquiries(shapedDeframer(wire.shape, ['ACK', 'NAK', 'ENQ']), setting),
      read,
      answered: () => true,
      check: () => undefined,
      statuses: between,
      confirmsStatus: profile.link.acknowledgeIntermediates,
      carryOut,
      write,
    },
    setting,
  );
}

/** One message of each kind that stands before an answer, with the first value it can have. */
const intermediates = (wire: Wire, request: ProfileRequest): readonly Uint8Array[] =>
  wire.profile.intermediates.flatMap(({ is, when, fields, prompts }) => {
    if (is !== 'progress' && is !== 'log') return [];
    const first = prompts && Object.keys(prompts.values)[0];
    const outside = wire.shape.parts.flatMap((part) => (part.part === 'field' ? [part.name] : []));
    const values = [...new Set([...outside, ...Object.keys(when), ...fields])].flatMap(
      (name): (readonly [string, string])[] => {
        const wanted = when[name];
        const echoed = isFramePart(wire, name) ? request.message.values.get(name) : undefined;
        const value =
          (typeof wanted === 'string' ? wanted : wanted?.[0]) ??
          (name === prompts?.field ? first : undefined) ??
          wire.field(name, 'terminal')?.sample ??
          echoed;
        return value === undefined ? [] : [[name, value]];
      },
    );
    const bytes = writeMessage(wire, 'terminal', values);
    return 'limit' in bytes ? [] : [bytes];
  });

/** ENQ is answered at once, and is no request. */
function answeringEnquiries(inner: Deframer, { wire, terminal }: Setting): Deframer {
  const heard = (frames: Frame[]): Frame[] =>
    frames.filter((frame) => {
      const enquiry = frame.kind === 'control' && frame.name === 'ENQ';
      if (enquiry && terminal.listening()) wire.play([{ bytes: Uint8Array.of(control.ACK) }]);
      return !enquiry;
    });
  return {
    push: (chunk) => heard(inner.push(chunk)),
    pending: inner.pending,
    flush: () => heard(inner.flush()),
  };
}
