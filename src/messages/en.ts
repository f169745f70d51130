import type { Texts } from './keys.ts';

const inDoubt =
  "It is not known if money moved[ (reference {intent})]. Do not charge or void again; check the terminal's last transaction first.";

const saidByPerson = 'A person said so, not the terminal';

export const en = {
  'result:ready': 'The terminal is ready. No money moved; you can go on.',
  'result:connected': 'The line to the terminal is open. No money moved; you can go on.',
  'result:not-ready':
    'The terminal answers but is not ready: {message}[ (code {code})]. No money moved; do what its screen asks for, then try again.',
  'found:transaction':
    'Last transaction: {found}. This only asked and moved no money; compare it with the voucher.',
  'found:totals':
    "The terminal's totals: [{count} transactions, ]{total}. This only asked and moved no money; compare them with the till.",
  'result:none':
    'The terminal holds no transaction, so there is nothing to void. This only asked and moved no money; for a sale before the settlement, make a refund.',
  'result:approved': 'Paid: {sale}. The money was charged; give the customer the voucher.',
  'approved:voided':
    'The sale was made and has been voided since: {sale}. The money goes back to the customer; do not void or refund it again.',
  'approved:refund':
    'Refunded: {sale}. The money goes back to the customer; give the customer the voucher and do not void the sale as well.',
  'approved:pre-authorisation':
    'Reserved: {sale}. No money is charged yet; keep the voucher, the booking needs its numbers.',
  'approved:booking':
    'Booked: {sale}. The reserved money is charged now; give the customer the voucher.',
  'approved:pre-authorisation-reversal':
    'The reservation is given back: {sale}. No money was charged; give the customer the voucher.',
  'result:declined':
    'The terminal declined[ (code {code})]. No money moved; look at its screen, then try again or choose another way.',
  'result:not-approved':
    'The sale was not made and no money was charged (reference {intent}). You may charge the customer again.',
  'not-approved:other':
    'It was not carried out and no money moved (reference {intent}). You may start it again.',
  'result:not-voided':
    'The void was not made: the sale stands and its money stays charged (reference {intent}). If it must be given back, start the void again.',
  'result:voided':
    'Voided: {sale}. The money goes back to the customer; hand over the void voucher and do not refund it as well.',
  'result:already-voided':
    'This sale had been voided before: {sale}. No money moved now; do not void or refund it again.',
  'result:not-found':
    'The terminal does not hold this sale. Nothing was voided and no money moved; if the sale is settled already, make a refund.',
  'result:nothing-open': 'No sale or void is in doubt. No money moved; you can go on.',
  'result:settled':
    'The settlement is done and the sales of the day are final. From now on, give their money back by refund, not by void.',
  'result:unlisted': 'The terminal reports: {message}. Look at its screen before you go on.',

  'decided:voided': `{operator} decided: voided, the money goes back to the customer[ ({reason})]. ${saidByPerson}; keep the vouchers and do not refund it as well.`,
  'decided:not-voided': `{operator} decided: not voided, the money stays charged[ ({reason})]. ${saidByPerson}; keep the vouchers, and start a new void if it must be given back.`,
  'decided:approved': `{operator} decided: the sale was made, the money is charged[ ({reason})]. ${saidByPerson}; keep the vouchers and do not charge again.`,
  'decided:not-approved': `{operator} decided: the sale was not made, no money was charged[ ({reason})]. ${saidByPerson}; keep the vouchers, and charge again if the customer still buys.`,
  'decided:approved:other': `{operator} decided: it was carried out, the money moved[ ({reason})]. ${saidByPerson}; keep the vouchers and do not start it again.`,
  'decided:not-approved:other': `{operator} decided: it was not carried out, no money moved[ ({reason})]. ${saidByPerson}; keep the vouchers, and start it again if it is still wanted.`,

  'refused:invalid':
    'Nothing was sent and no money moved. This value cannot be used[: {field}][ {value}][ (allowed: {limit})]. Correct it and try again.',
  'refused:not-supported':
    'This terminal cannot do this from the till[ ({value})]. Nothing was sent and no money moved; use the menu of the terminal.',
  'refused:not-the-last':
    "Nothing was voided and no money moved. The terminal's last transaction is another one[: {found}]. Compare with the voucher; if there was a later sale, make a refund.",
  'refused:blind-void':
    'Nothing was sent and no money moved. This terminal would void its last transaction unseen; void at the terminal itself, with the voucher in hand.',
  'refused:debit-card':
    'Nothing was voided and no money moved. This terminal cannot void a debit card sale[: {found}]. Give the money back by refund.',
  'refused:not-approved':
    'Nothing was voided and no money moved. The last transaction cannot be voided[: {found}]. Look at the terminal and its vouchers.',
  'refused:not-confirmed':
    'The void was not confirmed[: {found}]. Nothing was voided and no money moved; start again if you still want to void it.',
  'refused:outside-void-window':
    'Nothing was voided and no money moved. The sale is too old to void, or its time is not known[: {found}]. Make a refund.',
  'refused:supervisor-needed':
    'Nothing was voided and no money moved. A supervisor has to agree first; call the supervisor and start again.',
  'refused:nothing-open':
    'Nothing is in doubt on this terminal, so there is nothing to decide. No money moved; you can go on.',
  'refused:unlisted': 'Nothing was sent and no money moved. Call support and say: {message}.',

  'error:bad-address:none':
    'The till does not know how to reach its terminal. This request moved no money; call support.',
  'error:bad-settings:none':
    'A setting for the terminal is wrong. This request moved no money; call support.',
  'error:no-such-device:none':
    'The terminal was not found. This request moved no money; check its cable and power, then try again.',
  'error:no-permission:none':
    'The till may not use the port of the terminal. This request moved no money; call support.',
  'error:device-busy:none':
    'Another program is using the port of the terminal. This request moved no money; close that program and try again.',
  'error:connection-failed:none':
    'The terminal could not be reached. This request moved no money; unplug it, plug it in again and try again.',
  'error:connection-lost:none':
    'The connection to the terminal was lost. This request moved no money; check the cable and try again.',
  'error:connection-lost:unknown': `The connection to the terminal was lost. ${inDoubt}`,
  'error:no-acknowledgement:none':
    'The terminal did not react. This request moved no money; check that it is on and shows its start screen, then try again.',
  'error:no-acknowledgement:unknown': `The terminal has not said that it got the request. ${inDoubt}`,
  'error:not-acknowledged:none':
    'The terminal did not take the request. This request moved no money; wait a moment and try again.',
  'error:not-acknowledged:unknown': `It is unclear whether the terminal took the request. ${inDoubt}`,
  'error:no-answer:none':
    'The terminal gave no answer. This request moved no money; look at its screen and try again.',
  'error:no-answer:unknown': `There is no sure answer from the terminal. ${inDoubt}`,
  'error:garbled-answer:none':
    'The answer arrived damaged. This request moved no money; check the cable and try again.',
  'error:garbled-answer:unknown': `The answer arrived damaged. ${inDoubt}`,
  'error:unreadable-answer:none':
    'The answer of the terminal makes no sense to the till. This request moved no money; call support.',
  'error:unreadable-answer:unknown': `The answer of the terminal makes no sense to the till. ${inDoubt}`,
  'error:unknown-response-code:unknown': `The terminal answered with a code that the till does not know. ${inDoubt}`,
  'error:wrong-transaction:unknown': `Stop: wrong transaction in the answer[ ({found})]. ${inDoubt}`,
  'error:terminal-busy:none':
    'The terminal is busy. This request moved no money; bring it back to its start screen and try again.',
  'error:terminal-held:none':
    'Another program is working with this terminal[ ({holder})]. This request moved no money; wait until it has ended and try again.',
  'error:unresolved-transaction:none':
    'An earlier sale or void is still in doubt[: {amount}][ (reference {intent})]. This request was not sent and moved no money; find out about the earlier one before you charge or void.',
  'error:unresolved-transaction:unknown':
    'It is not known if money moved in this sale or void[: {amount}][ (reference {intent})]. Do not charge or void again. Check the last transaction and the vouchers, then have your finding recorded.',
  'error:key-reused:none':
    'The reference[ {intent}] belongs to another sale or void. This request moved no money; call support.',
  'error:journal-failed:none':
    'The till cannot write its payment record. This request moved no money; call support.',
  'error:journal-failed:unknown': `The till cannot write its payment record. ${inDoubt}`,
  'error:cancelled:none':
    'Cancelled before it was sent. This request moved no money; start again if you still need it.',
  'error:closed:none':
    'The till has closed its connection to the terminal. This request moved no money; open it again and retry.',
  'error:unlisted:none':
    'There was a problem with the terminal. This request moved no money; call support.',
  'error:unlisted:unknown': `There was a problem with the terminal. ${inDoubt}`,

  'actor:customer': 'Waiting for the customer: {what}.',
  'actor:cashier': 'Please do this at the terminal: {what}.',
  'actor:nobody': 'The terminal reports: {what}.',
  'prompt:present-card': 'card',
  'prompt:confirm-amount': 'confirmation of the amount',
  'prompt:enter-pin': 'PIN entry',
  'prompt:choose-instalments': 'choice of instalments',
  'prompt:confirm-instalments': 'confirmation of the instalments',
  'prompt:choose-account': 'choice of credit or debit',
  'prompt:operate-card': 'inserting or swiping the card',
  'prompt:authorising': 'asking the bank',
  'prompt:initialisation': 'start-up[ (code {code})]',
  'prompt:reader': 'card reader[ (code {code})]',
  'prompt:remove-card': 'taking the card out',
  'prompt:wait': 'please wait',
  'prompt:reversing': 'taking the payment back by itself',
  'prompt:approved': 'it shows "approved"',
  'prompt:declined': 'it shows "declined"',
  'prompt:other': 'see its screen[: {message}][ (code {code})]',

  'kind:purchase': 'sale',
  'kind:void': 'void',
  'kind:pre-authorisation': 'pre-authorisation',
  'kind:booking': 'booking',
  'kind:refund': 'refund',
  'state:submitted': 'under way',
  'state:approved': 'approved',
  'state:declined': 'declined',
  'state:voided': 'voided',
  'state:settled': 'settled',
  'state:in-doubt': 'in doubt',
  'phrase:sale':
    '{amount}[, card {last4}][, operation {operation}][, receipt {receipt}][, trace {trace}]',
  'phrase:found':
    '[{kind} ]{amount}[, {state}][, card {last4}][, operation {operation}][, receipt {receipt}][, trace {trace}][, {time}]',
  'question:void':
    'Void {amount}[, card {last4}][, operation {operation}][, receipt {receipt}][, trace {trace}][, ticket {ticket}][, of {time}]?',
} as const satisfies Texts;
