import { TerminalError } from '../../model/error.ts';
import { looksLikeCardNumber } from '../../model/mask.ts';
import type { ProtocolSetup } from '../table.ts';
import { type PrivatbankProtocol, privatbankProtocol } from './protocol.ts';

/** @throws {TerminalError} `bad-address` for a merchant that cannot be one */
export function load({ options, texts }: ProtocolSetup): PrivatbankProtocol {
  const merchantId = texts.get('merchant-id') ?? '0';
  const subMerchant = texts.get('sub-merchant');
  if (!/^[0-9]{1,3}$/.test(merchantId))
    throw bad('merchant-id', 'the merchant’s index, 1 to 3 digits', merchantId);
  if (
    subMerchant !== undefined &&
    (!/^[\p{L}\p{N} ._-]{1,40}$/u.test(subMerchant) || looksLikeCardNumber(subMerchant))
  )
    throw bad('sub-merchant', 'as the bank has registered it, 1 to 40 characters', '');
  return privatbankProtocol({
    merchantId,
    facepay: options.get('facepay') ?? false,
    ...(subMerchant !== undefined && { subMerchant }),
  });
}

const bad = (option: string, must: string, got: string): TerminalError =>
  new TerminalError(
    'bad-address',
    'none',
    `The option ${option} must be ${must}${got === '' ? '' : `; got ${JSON.stringify(got)}`}.`,
  );
