import { isIP } from 'node:net';
import { UsageError } from './exit.ts';

const show = (value: string): string => JSON.stringify(value);

/** An amount in minor units. What is no integer is no amount: nothing is rounded. */
export function amountArgument(value: string): number {
  const amount = Number(value);
  if (!/^-?[0-9]+$/.test(value) || !Number.isSafeInteger(amount))
    throw new UsageError(
      `--amount must be an integer in minor units (CLP: whole pesos), such as 1500; got ${show(value)}.`,
    );
  return amount;
}

/** Reads an option that takes whole milliseconds. */
export const millisecondsArgument =
  (option: string, min: 0 | 1) =>
  (value: string): number => {
    if (!/^(0|[1-9][0-9]{0,8})$/.test(value) || Number(value) < min)
      throw new UsageError(
        `${option} must be whole milliseconds from ${min} to 999999999; got ${show(value)}.`,
      );
    return Number(value);
  };

export function currencyArgument(value: string): string {
  if (!/^[A-Z]{3}$/.test(value))
    throw new UsageError(`--currency must be an ISO 4217 code such as CLP; got ${show(value)}.`);
  return value;
}

/** Reads `127.0.0.1:20007` or `[::1]:0`. */
export function hostAndPort(option: string, value: string): { host: string; port: number } {
  const [, bracketed, plain, port = ''] = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(value) ?? [];
  const host = bracketed ?? plain;
  if (host === undefined || Number(port) > 65_535)
    throw new UsageError(
      `${option} must be HOST:PORT, such as 127.0.0.1:20007 or [::1]:0; got ${show(value)}.`,
    );
  return { host, port: Number(port) };
}

/** Only programs on this machine reach it. */
export const isLoopback = (host: string): boolean =>
  host === 'localhost' || host === '::1' || (isIP(host) === 4 && host.startsWith('127.'));
