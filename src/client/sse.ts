/** One message of an event stream (WHATWG HTML, section 9.2, server-sent events). */
export interface ServerSentEvent {
  /** The last id that the stream has named; what `Last-Event-ID` resumes from. */
  readonly id: string;
  /** `message` where the stream names none. */
  readonly event: string;
  readonly data: string;
}

/** Characters of one message. A service that goes on and on must not fill the till's memory. */
const mostHeld = 4_000_000;

/**
 * Takes the text of an event stream in pieces and gives the messages that are complete. A message without
 * data is none; comments, which keep the connection open, are skipped.
 * @throws {RangeError} when one message is longer than 4 million characters
 */
export function eventStreamParser(): (text: string) => ServerSentEvent[] {
  let rest = '';
  let id = '';
  let event = '';
  let data: string[] = [];
  let held = 0;
  let first = true;

  const take = (line: string, messages: ServerSentEvent[]): void => {
    if (line === '') {
      if (data.length > 0) messages.push({ id, event: event || 'message', data: data.join('\n') });
      event = '';
      data = [];
      held = 0;
      return;
    }
    const { name, value } = fieldOf(line);
    held += line.length;
    if (name === 'data') data.push(value);
    else if (name === 'event') event = value;
    else if (name === 'id' && !value.includes('\0')) id = value;
  };

  return (text) => {
    const messages: ServerSentEvent[] = [];
    // The byte order mark may stand before the first line only.
    rest += first && text.startsWith('\uFEFF') ? text.slice(1) : text;
    if (text !== '') first = false;
    // A carriage return at the end may be half of a line end.
    const lines = rest.split(/\r\n|\n|\r(?!$)/);
    rest = lines.pop() ?? '';
    for (const line of lines) take(line, messages);
    if (rest.length + held > mostHeld)
      throw new RangeError(`A message of the event stream is longer than ${mostHeld} characters.`);
    return messages;
  };
}

function fieldOf(line: string): { name: string; value: string } {
  const colon = line.indexOf(':');
  if (colon < 0) return { name: line, value: '' };
  const value = line.slice(colon + 1);
  return { name: line.slice(0, colon), value: value.startsWith(' ') ? value.slice(1) : value };
}
