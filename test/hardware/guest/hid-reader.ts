/** Reads a HID device in a process of its own, so that the process can be stopped for a while. */
import { hidTransport } from '../../../src/transports/hid.ts';

/** What the reader tells the case that started it. */
export type Read =
  | { readonly type: 'open' }
  | { readonly type: 'data'; readonly hex: string }
  | { readonly type: 'closed'; readonly message: string };

const tell = (read: Read): void => {
  process.send?.(read);
};

const [, , path = ''] = process.argv;
await hidTransport({ path, packing: 'mms' }).open({
  data: (chunk) => tell({ type: 'data', hex: Buffer.from(chunk).toString('hex') }),
  closed: (reason) =>
    tell({ type: 'closed', message: reason.type === 'lost' ? reason.message : reason.type }),
});
tell({ type: 'open' });
