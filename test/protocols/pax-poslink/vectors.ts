/**
 * Golden vectors of PAX POSLINK; `|` stands for FS (1C), `~` for US (1F).
 *
 * Requests: computed from the field order of Global Payments' public SDKs, in another language. The bytes of
 * A14 are also asserted in one of their tests; the groups of T00 01 are those of their tests for version 1.35,
 * without the flag that allows duplicates; the groups of T00 16 are those of a public client, and its B00 is
 * byte for byte this one.
 */
export const requestVectors = {
  initialise: { data: 'A00|1.35|', hex: '024130301c312e33351c035b' },
  cancel: { data: 'A14|1.35|', hex: '024131341c312e33351c035e' },
  sale: {
    data: 'T00|1.35|01|1000||1|||||',
    hex: '025430301c312e33351c30311c313030301c1c311c1c1c1c1c037f',
  },
  void: {
    data: 'T00|1.35|16|||12/V~~~12|||||',
    hex: '025430301c312e33351c31361c1c1c31322f561f1f1f31321c1c1c1c1c032f',
  },
  report: { data: 'R02|1.35|00|||||||', hex: '025230321c312e33351c30301c1c1c1c1c1c1c0356' },
  byReference: {
    data: 'R02|1.35|00||||||INV-7|',
    hex: '025230321c312e33351c30301c1c1c1c1c1c494e562d371c031d',
  },
  byNumber: {
    data: 'R02|1.35|00||||12|||',
    hex: '025230321c312e33351c30301c1c1c1c31321c1c1c0355',
  },
  byRecord: {
    data: 'R02|1.35|00|||4||||',
    hex: '025230321c312e33351c30301c1c1c341c1c1c1c0362',
  },
  close: { data: 'B00|1.28||', hex: '024230301c312e32381c1c0348' },
} as const;

/**
 * Answers of real terminals, as they stand in comments and tests of public clients (TerminalGateway, a
 * Titanium till, a pharmacy's till). Their LRCs agree as they were recorded. In the report the name of a card
 * holder was replaced by blanks, and its LRC computed anew; it was 23.
 */
export const recordedAnswers = {
  sale: {
    data: '0|T01|1.54|000000|OK|00~APPROVAL~611529~410813655803~~3~MCC0000135180417~~|01|15000~0~0~0~0~0~~~~~~0~0~0|4111~4~1225~~~~02~UAT USA/Test Card 07      ~~~0~~~~~~|1~163135~20240417141656~~~~~|0~AVS Not Requested.~~~|||~EDCTYPE=CREDIT~HRef=200069123678~CARDBIN=541333~PROGRAMTYPE=0~SN=1240334673~PINSTATUSNUM=0~GLOBALUID=1240334673202404171416564204~ARQC=93198522979CE040~TVR=0400088000~AID=A0000000041010~TSI=E800~ATC=0025~APPLAB=MASTERCARD~APPPN=Mastercard~IAD=0110200009620000000000000000000000FF~CID=00~CVM=6~userLanguageStatus=1~||||',
    lrc: 0x5f,
  },
  secondSale: {
    data: '0|T01|1.54|000000|OK|00~APPROVAL~611532~410813655763~~3~MCC0000135210417~~|01|15000~0~0~0~0~0~~~~~~0~0~0|4111~4~1225~~~~02~UAT USA/Test Card 07      ~~~0~~~~~~|2~256549~20240417141959~~~~~|0~AVS Not Requested.~~~|||~EDCTYPE=CREDIT~HRef=200069124602~CARDBIN=541333~PROGRAMTYPE=0~SN=1240334673~PINSTATUSNUM=0~GLOBALUID=1240334673202404171419590310~ARQC=6FD3375A73F0F2DC~TVR=0400088000~AID=A0000000041010~TSI=E800~ATC=0026~APPLAB=MASTERCARD~APPPN=Mastercard~IAD=0110200009620000000000000000000000FF~CID=00~CVM=6~userLanguageStatus=1~||||',
    lrc: 0x2a,
  },
  olderSale: {
    data: '0|T01|1.37|000000|OK|00~APPROVAL~021417~815614699977~~|01|1~0~0~0~0~0~~|1581~4~1021~~~~02~INSTA DEBIT CARD         /~~~0|1~123456~20180605031742|0~AVS Not Requested.|||CARDBIN=536132~HRef=1776874924~SN=53236566~TC=28CA0A09A361C4C0~TVR=0000008000~AID=A0000000041010~TSI=E800~ATC=007A~APPLAB=Debit MasterCard~APPPN=Debit MasterCard~IAD=01106090012400001F9800000000000000FF~ARC=00~CID=40~CVM=6',
    lrc: 0x2d,
  },
  timeout: { data: '0|T01|1.40|100001|TIMEOUT', lrc: 0x26 },
  report: {
    data: '0|R03|1.44|000000|OK|1|0|00~APPROVAL~145759~206826963337~~~|02|01||11382~0~0~0~0~0~~|1725~4~0522~~~~01~                          ~~~0|7~033619842~20220309115113~|~|||CARDBIN=471743~HRef=1122474233~SN=70050066~PINSTATUSNUM=1~GLOBALUID=70050066202203091151136342~TC=E836791A671C563B~TVR=8000048000~AID=A0000000980840~TSI=6800~ATC=0295~APPLAB=US DEBIT~APPPN=US DEBIT        ~IAD=06010A03218000~ARC=Z3~CID=00~CVM=2',
    lrc: 0x53,
  },
} as const;
