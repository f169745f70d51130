/**
 * Golden vectors of PrivatBank's JSON protocol.
 *
 * Bytes and samples of the bank's integrator text, version 1.0.3.1 of 17.01.2025, as published in
 * VSydorenko/SimplyAddinConnect, docs/ECR_Privat_JSON_Protokol.md. `withdrawal`: the layout from there, the
 * number made up.
 */
const hex = (text: string): Uint8Array =>
  Uint8Array.from(Buffer.from(text.replace(/\s/g, ''), 'hex'));

/** What the till sends, to the byte. */
export const requestVectors = {
  handshake: hex(
    '00 7B 22 6D 65 74 68 6F 64 22 3A 22 50 69 6E 67 44 65 76 69 63 65 22 2C 22 73 74 65 70 22 3A 30 7D 00',
  ),
  terminalInfo: hex(
    '7b 22 6d 65 74 68 6f 64 22 3a 22 47 65 74 54 65 72 6d 69 6e 61 6c 49 6e 66 6f 22 2c 22 73 74 65 70 22 3a 30 7d 00',
  ),
  identify: hex(
    '7b 22 6d 65 74 68 6f 64 22 3a 22 53 65 72 76 69 63 65 4d 65 73 73 61 67 65 22 2c 22 73 74 65 70 22 3a 30 2c 22 70 61 72 61 6d 73 22 3a 7b 22 6d 73 67 54 79 70 65 22 3a 22 69 64 65 6e 74 69 66 79 22 7d 7d 00',
  ),
  purchase: hex(
    '7B 22 6D 65 74 68 6F 64 22 3A 22 50 75 72 63 68 61 73 65 22 2C 22 73 74 65 70 22 3A 30 2C 22 70 61 72 61 6D 73 22 3A 7B 22 61 6D 6F 75 6E 74 22 3A 22 30 2E 36 30 22 2C 22 64 69 73 63 6F 75 6E 74 22 3A 22 22 2C 22 6D 65 72 63 68 61 6E 74 49 64 22 3A 22 30 22 2C 22 66 61 63 65 70 61 79 22 3A 22 66 61 6C 73 65 22 7D 7D 00',
  ),
  lastReceipt: hex(
    '7B 22 6D 65 74 68 6F 64 22 3A 22 47 65 74 52 65 63 65 69 70 74 49 6E 66 6F 22 2C 22 73 74 65 70 22 3A 30 2C 22 70 61 72 61 6D 73 22 3A 7B 22 69 6E 76 6F 69 63 65 4E 75 6D 62 65 72 22 3A 22 30 22 7D 7D 00',
  ),
  withdrawal: hex(
    '7B 22 6D 65 74 68 6F 64 22 3A 22 57 69 74 68 64 72 61 77 61 6C 22 2C 22 73 74 65 70 22 3A 30 2C 22 70 61 72 61 6D 73 22 3A 7B 22 69 6E 76 6F 69 63 65 4E 75 6D 62 65 72 22 3A 22 30 30 30 30 30 35 22 7D 7D 00',
  ),
  interrupt: hex(
    '7B 22 6D 65 74 68 6F 64 22 3A 22 53 65 72 76 69 63 65 4D 65 73 73 61 67 65 22 2C 22 73 74 65 70 22 3A 30 2C 22 70 61 72 61 6D 73 22 3A 7B 22 6D 73 67 54 79 70 65 22 3A 22 69 6E 74 65 72 72 75 70 74 22 7D 7D 00',
  ),
} as const;

/** What the terminal sends, to the byte. */
export const answerVectors = {
  handshake: hex(
    '7B 22 6D 65 74 68 6F 64 22 3A 22 50 69 6E 67 44 65 76 69 63 65 22 2C 22 73 74 65 70 22 3A 30 2C 22 70 61 72 61 6D 73 22 3A 7B 22 63 6F 64 65 22 3A 22 30 30 22 2C 22 72 65 73 70 6F 6E 73 65 43 6F 64 65 22 3A 22 30 30 30 30 22 7D 2C 22 65 72 72 6F 72 22 3A 66 61 6C 73 65 2C 22 65 72 72 6F 72 44 65 73 63 72 69 70 74 69 6F 6E 22 3A 22 22 7D 00',
  ),
  /** The same, with the key misspelt, as the text prints it in section 2. */
  handshakeMisspelt: hex(
    '7b 22 6d 65 74 68 6f 64 22 3a 22 50 69 6e 67 44 65 76 69 63 65 22 2c 22 73 74 65 70 22 3a 30 2c 22 70 61 72 61 6d 73 22 3a 7b 22 63 6f 64 65 22 3a 22 30 30 22 2c 22 72 65 73 70 6f 6e 73 65 43 6f 64 65 22 3a 22 30 30 30 30 22 7d 2c 22 65 72 72 6f 72 22 3a 66 61 6c 73 65 2c 22 65 72 72 6f 72 44 65 73 63 72 69 74 70 74 69 6f 6e 22 3a 22 22 7d 00',
  ),
  /** The recorded port trace of the handshake: no JSON, a number 00 and a brace too few. */
  handshakeTraced: hex(
    '7b 22 6d 65 74 68 6f 64 22 3a 22 50 69 6e 67 44 65 76 69 63 65 22 2c 22 73 74 65 70 22 3a 30 2c 22 70 61 72 61 6d 73 22 3a 7b 22 63 6f 64 65 22 3a 20 30 30 2c 22 72 65 73 70 6f 6e 73 65 43 6f 64 65 22 3a 20 22 30 30 30 30 22 2c 22 65 72 72 6f 72 22 3a 20 66 61 6c 73 65 2c 22 65 72 72 6f 72 44 65 73 63 72 69 70 74 69 6f 6e 22 3a 22 22 7d 00',
  ),
  deviceBusy: hex(
    '7B 22 6D 65 74 68 6F 64 22 3A 22 53 65 72 76 69 63 65 4D 65 73 73 61 67 65 22 2C 22 73 74 65 70 22 3A 30 2C 22 70 61 72 61 6D 73 22 3A 7B 22 6D 73 67 54 79 70 65 22 3A 22 64 65 76 69 63 65 42 75 73 79 22 7D 7D 00',
  ),
  identify: hex(
    '7b 22 6d 65 74 68 6f 64 22 3a 20 22 53 65 72 76 69 63 65 4d 65 73 73 61 67 65 22 2c 20 22 73 74 65 70 22 3a 20 30 2c 20 22 70 61 72 61 6d 73 22 3a 20 7b 22 6d 73 67 54 79 70 65 22 3a 20 22 69 64 65 6e 74 69 66 79 22 2c 20 22 72 65 73 75 6c 74 22 3a 20 22 74 72 75 65 22 2c 20 22 76 65 6e 64 6f 72 22 3a 20 22 50 41 58 22 2c 20 22 6d 6f 64 65 6c 22 3a 20 22 73 38 30 30 22 7d 2c 20 22 65 72 72 6f 72 22 3a 20 66 61 6c 73 65 2c 20 22 65 72 72 6f 72 44 65 73 63 72 69 70 74 69 6f 6e 22 3a 20 22 22 7d 00',
  ),
} as const;

/** What the terminal sends, as the text prints it: 5.1.2, 5.3.2, 5.30.2 and others, shortened to what is read. */
export const printedAnswers = {
  purchase: `{"method":"Purchase","step":0,"params":{"amount":"0.60","approvalCode":"999999","captureReference":"","cardExpiryDate":"2020","cardHolderName":"INSTANT/ISSUE","date":"02.10.2019","discount":"0.00","hstFld63Sf89":"","invoiceNumber":"999999","issuerName":"VISA ПРИВАТ","merchant":"TSTTTTTT","pan":"4731XXXXXXXX9838","posConditionCode":"00","posEntryMode":"022","processingCode":"000000","receipt":"text-of-receipt","responseCode":"0000","rrn":"9999999999999","rrnExt":"8888888888888","terminalId":"TSTSALE2","time":"09:11:07","track1":"","signVerif":"0","txnType":"1","trnStatus":"1","adv":"ПриватБанк","adv2p":"Беремо і робимо!","bankAcquirer":"ПриватБанк","paymentSystem":"VISA","subMerchant":""},"error":false,"errorDescription":""}`,
  cancelled: `{"method":"Purchase","step":0,"params":{"responseCode":"1001"},"error":true,"errorDecsription":"Transaction canceled by user"}`,
  declinedByHost: `{"method":"Purchase","step":0,"params":{"receipt":"ПРИВАТБАНК\\nDNIPRO\\nАВТОРИЗАЦІЮ ВІДХИЛЕНО!\\nКОД 05\\n************9732","responseCode":"0005"},"error":true,"errorDescription":"ВІДХИЛЕНО!  ЗВЕРНІТЬСЯ ДО БАНКУ-ЕМІТЕНТА КАРТКИ"}`,
  partial: `{"method":"Purchase","step":0,"params":{"amount":"1500.00","approvalCode":"999999","invoiceNumber":"999999","responseCode":"0010","txnType":"1","trnStatus":"1"},"error":false,"errorDescription":""}`,
  withdrawal: `{"method":"Withdrawal","step":0,"params":{"amount":"0.60","approvalCode":"999999","date":"02.10.2019","invoiceNumber":"999999","pan":"4731XXXXXXXX983","receipt":"text-of-receipt","responseCode":"0000","terminalId":"TSTSALE2","time":"09:11:07","txnType":"3","trnStatus":"1"},"error":false,"errorDescription":""}`,
  receiptInfo: `{"method":"GetReceiptInfo","step":0,"params":{"amount":"0.60","approvalCode":"999999","date":"02.10.2019","invoiceNumber":"999999","issuerName":"VISA ПРИВАТ","merchant":"TSTTTTTT","pan":"4731XXXXXXXX9838","receipt":"text-of-receipt","rrn":"9999999999999","time":"09:11:07","bankAcquirer":"ПриватБанк","paymentSystem":"VISA","signVerif":"0","txnType":"1","responseCode":"0000"},"error":false,"errorDescription":""}`,
  noReceipt: `{"method":"GetReceiptInfo","step":0,"params":{"responseCode":"1000"},"error":true,"errorDescription":"Cannot get receipt: Невірний мерчант!"}`,
  verify: `{"method":"Verify","step":0,"params":{"receipt":"[ Z БАЛАНС ] ПІДСУМКИ ВИЛУЧЕНІ","responseCode":"0000"},"error":false,"errorDescription":""}`,
  emptyVerify: `{"method":"Verify","step":0,"params":{"receipt":"","responseCode":"0001"},"error":true,"errorDescription":"Cannot obtain receipt: log file is empty!"}`,
  interruptTransmitted: `{"method":"ServiceMessage","step":0,"params":{"msgType":" interruptTransmitted"},"error":false,"errorDescription":""}`,
  methodNotImplemented: `{"method":"ServiceMessage","step":0,"params":{"msgType":" methodNotImplemented"},"error":false,"errorDescription":""}`,
  status: `{"method":"ServiceMessage","step":0,"params":{"msgType":"getLastStatMsgCode","LastStatMsgCode":"6"},"error":false,"errorDescription":""}`,
  discountName: `{"method":"ServiceMessage","step":0,"params":{"msgType":"getDiscountName","discountName":"someDiscountGroup","pan":"123456******9876","posEntryMode":"071"},"error":false,"errorDescritption":""}`,
  merchantList: `{"method":"ServiceMessage","step":0,"params":{"3":"Оплата Частинами в періоді","4":"Оплата частинами","12":"Табелювання","msgType":"getMerchantList"},"error":false,"errorDescription":""}`,
  shortPing: `{"method":"PingDevice","step":0,"params":{"code":"00"},"error":false}`,
} as const;
