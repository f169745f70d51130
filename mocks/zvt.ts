import type { Face, Setting } from './face.ts';
import { zvtConversation } from './zvt-conversation.ts';
import type { Link } from './zvt-link.ts';
import { serialLink } from './zvt-serial-link.ts';
import { tcpLink } from './zvt-tcp-link.ts';

/** A ZVT terminal (PA00P015 rev. 13.08), at a serial line or on TCP. */
export function zvtFace(setting: Setting): Face {
  const conversation = zvtConversation(setting, { say: (saying) => link.say(saying) });
  const makeLink = setting.transport === 'tcp' ? tcpLink : serialLink;
  const link: Link = makeLink(setting, (apdu) => conversation.hear(apdu));

  return {
    receive(chunk) {
      link.receive(
        setting.behaviours.receive({
          bytes: chunk,
          request: conversation.request(),
          awaitingAck: link.awaitingAck(),
        }),
      );
    },
    reset() {
      conversation.reset();
      link.reset();
    },
    hungUp() {
      if (setting.transport !== 'tcp') return;
      conversation.hungUp();
      link.reset();
    },
  };
}
