/**
 * Test vectors of ZVT: byte strings that independent implementations publish in their tests, that were observed
 * from them, or that real terminals wrote into public logs; `source` says which. Card numbers are masked.
 * `fields`: bitmaps in their order, TLV in braces; an ellipsis stands for digits left out.
 */
export interface Vector {
  readonly name: string;
  readonly hex: string;
  readonly source: string;
  readonly fields?: string;
  readonly expected?: Readonly<Record<string, string>>;
}

/** Whole serial frames, with the APDU inside. */
export const serialFrames: readonly (Vector & { readonly apdu: string; readonly crc: string })[] = [
  {
    name: 'serial-registration',
    hex: '1002060006123456ba0978100324c3',
    apdu: '060006123456ba0978',
    crc: '24c3',
    source: 'wirelane/ecrterm ecrterm/tests/test_data_encoding.py; mathiasfrey/ecrterm',
  },
  {
    name: 'serial-authorisation-dle-doubling',
    hex: '100206010a04000000011010004909781003f2ff',
    apdu: '06010a04000000011000490978',
    crc: 'f2ff',
    source: 'wirelane/ecrterm ecrterm/tests/test_data_encoding.py',
    fields: '04=000000011000 49=0978',
    expected: { amountMinor: '11000', currency: '978' },
  },
  {
    name: 'serial-positive-ack',
    hex: '10028000001003f51f',
    apdu: '800000',
    crc: 'f51f',
    source: 'wirelane/ecrterm ecrterm/tests/test_data_encoding.py',
  },
  {
    name: 'serial-status-enquiry',
    hex: '10020501031234561003e043',
    apdu: '050103123456',
    crc: 'e043',
    source: 'wirelane/ecrterm ecrterm/tests/test_data_encoding.py',
  },
  {
    name: 'serial-display-text',
    hex: '100206e025f1f1f64641485245524e554d4d455220202020f2f1f545494e474542454e20554e44204f4b1003decd',
    apdu: '06e025f1f1f64641485245524e554d4d455220202020f2f1f545494e474542454e20554e44204f4b',
    crc: 'decd',
    source: 'wirelane/ecrterm ecrterm/tests/test_data_encoding.py',
    fields: 'F1=4641485245524E554D4D455220202020 F2=45494E474542454E20554E44204F4B',
    expected: { line1: 'FAHRERNUMMER    ', line2: 'EINGEBEN UND OK' },
  },
  {
    name: 'serial-status-completion',
    hex: '1002060f0bf0f0f7322e31342e3135001003b111',
    apdu: '060f0bf0f0f7322e31342e313500',
    crc: 'b111',
    source: 'wirelane/ecrterm ecrterm/tests/test_parsing.py',
    expected: { softwareVersion: '2.14.15', terminalStatus: '0' },
  },
  {
    name: 'serial-print-line-total',
    hex: '100206d11900476573616d742020202020203020202020202020302c30301003b5ab',
    apdu: '06d11900476573616d742020202020203020202020202020302c3030',
    crc: 'b5ab',
    source: 'wirelane/ecrterm ecrterm/tests/test_data_encoding.py',
    expected: { text: 'Gesamt      0       0,00' },
  },
  {
    name: 'serial-intermediate-status-dle-in-tlv',
    hex: '100204ff1601010612241010070e454e5445522050494e2026204f4b1003355e',
    apdu: '04ff16010106122410070e454e5445522050494e2026204f4b',
    crc: '355e',
    source:
      'APDU: bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row B1.1 (derived: real apdu, framing computed)',
    fields: '06{24{07=454E5445522050494E2026204F4B}}',
    expected: { text: 'ENTER PIN & OK' },
  },
  {
    name: 'serial-crc-low-byte-is-dle',
    hex: '100206010a0400000000050049097810031036',
    apdu: '06010a04000000000500490978',
    crc: '1036',
    source: 'RevZero/zvtlib, observed',
    fields: '04=000000000500 49=0978',
    expected: { amountMinor: '500' },
  },
];

/** Small pieces of the codec. */
export const codecCases = [
  {
    name: 'crc-check-string',
    hex: '313233343536373839',
    source: 'CRC catalogue value, confirmed with the frames above',
  },
  {
    name: 'apdu-extended-length-1',
    hex: '040fff01006c',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ApduHelperTest.cs',
  },
  {
    name: 'llvar-18',
    hex: 'f1f8',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/BmpParserTest.cs',
  },
  {
    name: 'lllvar-19',
    hex: 'f0f1f9',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/BmpParserTest.cs',
  },
  { name: 'tlv-length-1-byte', hex: '27', source: 'bezahl-online/zvt apdu/tlv/length_test.go' },
  {
    name: 'tlv-length-82',
    hex: '82028a',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/TlvParserTest.cs',
  },
  {
    name: 'tlv-tag-1F07',
    hex: '1f07',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/TlvParserTest.cs',
  },
  {
    name: 'tlv-tag-25',
    hex: '25',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/TlvParserTest.cs',
  },
  {
    name: 'tlv-nested',
    hex: '20051e03303132',
    source: 'wirelane/ecrterm ecrterm/tests/test_tlv.py',
  },
  {
    name: 'bcd-amount-1250',
    hex: '000000001250',
    source: 'kaplanerkan/kotlin-zvt-library BcdHelperTest.kt',
  },
  {
    name: 'tlv-tag-1F26',
    hex: '1f26',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/TlvParserTest.cs',
  },
] as const;

/** Bare APDUs. */
export const apdus: readonly Vector[] = [
  {
    name: 'registration-status-driven',
    hex: '060006123456be0978',
    source: 'RevZero/zvtlib, observed',
  },
  {
    name: 'registration-text-block',
    hex: '060010123456be09780301060626040a0206d3',
    source: 'card complete SMART ZVT-Praezisierungen v22 (bezahl-online/zvt doc/)',
    fields: '03=01 06{26{0A=06D3}}',
  },
  {
    name: 'registration-poll-log',
    hex: '0600101234563e09780303060626040a0206d3',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns)',
    fields: '03=03 06{26{0A=06D3}}',
  },
  {
    name: 'registration-msgseqid',
    hex: '0600140000009e0978060c26040a0206d31f7303000000',
    source: 'PA00P015 rev 13.08 (bezahl-online/zvt doc/) ch. 5.1',
    fields: '06{26{0A=06D3} 1F73=000000}',
  },
  {
    name: 'logoff',
    hex: '060200',
    source: 'wirelane/ecrterm ecrterm/tests/test_apdu.py',
  },
  {
    name: 'initialisation',
    hex: '069303999999',
    source: 'wirelane/ecrterm ecrterm/tests/test_apdu.py',
  },
  {
    name: 'authorisation-amount-only',
    hex: '06010704000000001000',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ZvtClientTest.cs',
    fields: '04=000000001000',
    expected: { amountMinor: '1000' },
  },
  {
    name: 'authorisation-issue-of-goods',
    hex: '06010904000000003300020a',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ZvtClientTest.cs',
    fields: '04=000000003300 02=0A',
    expected: { amountMinor: '3300', maxStatusInfos: '10' },
  },
  {
    name: 'ack-partial-issue',
    hex: '849d0704000000002200',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ZvtClientTest.cs',
    fields: '04=000000002200',
    expected: { amountMinor: '2200' },
  },
  {
    name: 'repeat-receipt-query',
    hex: '0620051234560303',
    source: 'RevZero/zvtlib, observed',
    fields: '03=03',
  },
  {
    name: 'reversal-by-receipt',
    hex: '063006000000870001',
    source: 'RevZero/zvtlib, observed',
    fields: '87=0001',
    expected: { receipt: '1' },
  },
  {
    name: 'end-of-day',
    hex: '065003123456',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns); EVerest/zvt zvt/data',
  },
  {
    name: 'preauth-reversal',
    hex: '0625081940870231490978',
    source: 'EVerest/zvt zvt/data/1680728213…_ecr_pt.blob',
    fields: '19=40 87=0231 49=0978',
    expected: { receipt: '231' },
  },
  {
    name: 'read-card',
    hex: '06c0070106041f1501d0',
    source: 'wirelane/ecrterm ecrterm/tests/test_data_encoding.py',
    fields: '06{1F15=D0}',
  },
  {
    name: 'status-enquiry-poll',
    hex: '0501051234560307',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns)',
    fields: '03=07',
  },
  {
    name: 'enquire-open-preauths',
    hex: '06230387ffff',
    source: 'PA00P015 rev 13.08 (bezahl-online/zvt doc/) ch. 2.10.1',
    fields: '87=FFFF',
  },
  {
    name: 'registration-austria-2',
    hex: '06000a1234563e097803010600',
    source: 'card complete SMART ZVT-Praezisierungen v22 (bezahl-online/zvt doc/)',
    fields: '03=01 06{}',
  },
  {
    name: 'telephonic-authorisation',
    hex: '062118000000040000000010004909783b31324142353600001944',
    source: 'card complete SMART ZVT-Praezisierungen v22 (bezahl-online/zvt doc/) (derived amount)',
    fields: '04=000000001000 49=0978 3B=3132414235360000 19=44',
    expected: { aid: '12AB56' },
  },
  {
    name: 'read-card-extended',
    hex: '06c00f0f1910fc0206081f1501d01f600107',
    source: 'EVerest/zvt zvt/data/1680722649…_ecr_pt.blob',
    fields: '19=10 FC=02 06{1F15=D0 1F60=07}',
    expected: { timeoutSeconds: '15' },
  },
  {
    name: 'ack-plain',
    hex: '800000',
    source: 'PA00P015 rev 13.08 (bezahl-online/zvt doc/)',
  },
  {
    name: 'ack-with-msgseqid',
    hex: '80000806061f7303000001',
    source: 'PA00P015 rev 13.08 (bezahl-online/zvt doc/) ch. 5.1',
    fields: '06{1F73=000001}',
  },
  {
    name: 'nack-not-supported',
    hex: '848300',
    source:
      'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ZvtCommunicationTest.cs; PA00P015 rev 13.08 (bezahl-online/zvt doc/)',
  },
  {
    name: 'nack-registration-currency',
    hex: '841e017d',
    source: 'Portalum/Portalum.Zvt issue 49 log',
    expected: { positive: 'false', code: '1E', dataHex: '7D' },
  },
  {
    name: 'nack-password',
    hex: '843700',
    source: 'card complete SMART ZVT-Praezisierungen v22 (bezahl-online/zvt doc/)',
  },
  {
    name: 'nack-printer',
    hex: '84cc00',
    source: 'PA00P015 rev 13.08 (bezahl-online/zvt doc/) ch. 3.5',
  },
  {
    name: 'status-abort-by-customer',
    hex: '040f1e276c29280048693cf0f1f941626272756368206475726368204b756e6465',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/StatusInformationParserTest.cs',
    fields: '27=6C 29=28004869 3C=41626272756368206475726368204B756E6465',
    expected: { result: '6C', terminalId: '28004869', additionalText: 'Abbruch durch Kunde' },
  },
  {
    name: 'status-payment-good',
    hex: '040f772700040000000020400b0004700c2239530d10060e2512170001197022f0f8eeeeeeeeeeee477129280048692a3130303436313736332020202020203b36313138303400003cf0f1f447454e2e4e522e3a363131383034490978870470880004708a2e8bf1f74465626974204d61737465726361726400',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/StatusInformationParserTest.cs',
    fields:
      '27=00 04=000000002040 0B=000470 0C=223953 0D=1006 0E=2512 17=0001 19=70 22=EEEEEEEEEEEE4771 29=28004869 2A=313030343631373633202020202020 3B=3631313830340000 3C=47454E2E4E522E3A363131383034 49=0978 87=0470 88=000470 8A=2E 8B=4465626974204D61737465726361726400',
    expected: {
      result: '00',
      amountMinor: '2040',
      receipt: '470',
      trace: '470',
      turnover: '470',
      time: '223953',
      date: '1006',
      expiry: '2512',
      panMasked: '************4771',
      cardName: 'Debit Mastercard',
      additionalText: 'GEN.NR.:611804',
      aid: '611804',
      cardType: '46',
      terminalId: '28004869',
    },
  },
  {
    name: 'status-long-trace',
    hex: '040f6527000c2313550d10290e999922f0f8eeeeeeeeeeee4771a00129000000068700080b0000008a068bf1f14d41535445524341524400062e2f081f1201021f100100601b4307a000000004101044104465626974204d6173746572636172641f2b0410015008',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/StatusInformationParserTest.cs',
    fields:
      '27=00 0C=231355 0D=1029 0E=9999 22=EEEEEEEEEEEE4771 A0=01 29=00000006 87=0008 0B=000000 8A=06 8B=4D41535445524341524400 06{2F{1F12=02 1F10=00} 60{43=A0000000041010 44=4465626974204D617374657263617264} 1F2B=10015008}',
    expected: {
      result: '00',
      trace: '10015008',
      receipt: '8',
      amountMinor: 'null',
      cardTechnology: '02',
      authentication: '00',
    },
  },
  {
    name: 'status-visa-contactless',
    hex: '040fa12700040000000000014909780c1223060d062922f0f8474843eeeeee77438700023b38383931353000000b000732196029420030360e18018a0a8c038bf0f556495341002a3435353630303030303539392020203cf0f7f341532d544944203d2031334630303031330d41532d50726f632d436f6465203d203230203930332030300d436170742e2d5265662e3d20303030300d41494435393a20383039323538',
    source: 'wirelane/ecrterm ecrterm/tests/test_parsing.py',
    fields:
      '27=00 04=000000000001 49=0978 0C=122306 0D=0629 22=474843EEEEEE7743 87=0002 3B=3838393135300000 0B=000732 19=60 29=42003036 0E=1801 8A=0A 8C=03 8B=5649534100 2A=343535363030303030353939202020 3C=41532D544944203D2031334630303031330D41532D50726F632D436F…',
    expected: {
      amountMinor: '1',
      receipt: '2',
      trace: '732',
      terminalId: '42003036',
      cardName: 'VISA',
    },
  },
  {
    name: 'status-end-of-day-feig',
    hex: '040f4d2700040000000009580b0009820d04060c08170660f0f5f30233023400000000000000000000000000000200000000095800000000000000000000000000000000000000000000000000000000',
    source: 'EVerest/zvt zvt/data/1680761828…_pt_ecr.blob',
    fields:
      '27=00 04=000000000958 0B=000982 0D=0406 0C=081706 60=02330234000000000000000000000000000002000000000958000000…',
    expected: {
      amountMinor: '958',
      bmp60:
        '{"receiptFrom": "0233", "receiptTo": "0234", "groups": [[0, 0], [0, 0], [2, 958], [0, 0], [0, 0], [0, 0], [0, 0]]}',
    },
  },
  {
    name: 'status-nfc-small',
    hex: '040fdb2700040000000000010b0000220c1649230d0308170001197022f0f8eeeeeeeeeeee572629290010062a3130303736343939322020202020203b32393136373500003cf0f1f447454e2e4e522e3a323931363735490978870022880000228a2e8bf1f74465626974204d6173746572636172640006652410070e47454e2e4e522e3a3239313637354307a0000000041010461f41303030303030303034313031302035463236304546433544323845343531471f413030303030303030343130313020354632363045464335443238453435311f1001001f120102',
    source: 'bezahl-online/zvt command/testdata/data081649050.hex',
    fields:
      '27=00 04=000000000001 0B=000022 0C=164923 0D=0308 17=0001 19=70 22=EEEEEEEEEEEE5726 29=29001006 2A=313030373634393932202020202020 3B=3239313637350000 3C=47454E2E4E522E3A323931363735 49=0978 87=0022 88=000022 8A=2E 8B=4465626974204D61737465726361726400 06{24{07=47454E2E4E522E3A323931363735} 43=A0000000041010 46=413030303030303030343130313020354632… 47=413030303030303030343130313020354632… 1F10=00 1F12=02}',
    expected: { amountMinor: '1', receipt: '22', trace: '22' },
  },
  {
    name: 'status-girocard',
    hex: '040fb727002952500068040000000001000b0004850c1859290d11210e2403170001196022f1f0680590eeeeeeeee5058f8701753b36343039303000002a3134363938303034202020202020208bf0f96769726f63617264008a05065d41010545042100000046102f303030303030303030302f3030303047102f303030303030303030302f303030306020430aa000000359101002800142086769726f636172644a086769726f636172642f0c1f1001001f1101011f120102',
    source: '22chrs/totos-kiosk devices/payment/zvt++/src/Tests.cpp',
    fields:
      '27=00 29=52500068 04=000000000100 0B=000485 0C=185929 0D=1121 0E=2403 17=0001 19=60 22=680590EEEEEEEEE5058F 87=0175 3B=3634303930300000 2A=313436393830303420202020202020 8B=6769726F6361726400 8A=05 06{41=05 45=21000000 46=2F303030303030303030302F30303030 47=2F303030303030303030302F30303030 60{43=A0000003591010028001 42=6769726F63617264 4A=6769726F63617264} 2F{1F10=00 1F11=01 1F12=02}}',
    expected: {
      amountMinor: '100',
      receipt: '175',
      trace: '485',
      cardName: 'girocard',
      cardType: '5',
    },
  },
  {
    name: 'status-reversal-constructed',
    hex: '040f322700040000000001004909780b0000080c1015300d112337000007197022f0f8eeeeeeeeeeee477129290010068700088a06',
    source:
      'constructed (constructed from the field table, same shape was accepted by zvtlib and zvt++)',
    fields:
      '27=00 04=000000000100 49=0978 0B=000008 0C=101530 0D=1123 37=000007 19=70 22=EEEEEEEEEEEE4771 29=29001006 87=0008 8A=06',
    expected: { result: '00', amountMinor: '100', receipt: '8', trace: '8', originalTrace: '7' },
  },
  {
    name: 'status-reservation',
    hex: '040f5a2700040000000025004909780c2255580d040522f0f8559883eeeeee80748702313b37353030373100000b000975196029525235350e24058a068c018bf1f14d617374657243617264002a383034303131393236202020202020',
    source: 'EVerest/zvt zvt/data/1680728165.67…_pt_ecr.blob',
    fields:
      '27=00 04=000000002500 49=0978 0C=225558 0D=0405 22=559883EEEEEE8074 87=0231 3B=3735303037310000 0B=000975 19=60 29=52523535 0E=2405 8A=06 8C=01 8B=4D61737465724361726400 2A=383034303131393236202020202020',
    expected: { amountMinor: '2500', receipt: '231', trace: '975', cardType: '6' },
  },
  {
    name: 'status-eod-required',
    hex: '040f4327f029290010063cf0f2f54b617373656e7363686e6974740a647572636866fc6872656e061d241b07194b617373656e7363686e6974740a647572636866fc6872656e',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row A2.2',
    fields:
      '27=F0 29=29001006 3C=4B617373656E7363686E6974740A647572636866FC6872656E 06{24{07=4B617373656E7363686E6974740A64757263…}}',
    expected: { result: 'F0', textLatin1: 'Kassenschnitt\ndurchführen' },
  },
  {
    name: 'status-minimal-abort',
    hex: '040f07276c2929001006',
    source: 'bezahl-online/zvt command/testdata/data081537039.hex',
    fields: '27=6C 29=29001006',
    expected: { result: '6C', terminalId: '29001006' },
  },
  {
    name: 'completion-empty',
    hex: '060f00',
    source: 'all peers',
  },
  {
    name: 'completion-registration',
    hex: '060f0a19002929001006490978',
    source: 'bezahl-online/zvt command/testdata/1620218414428PT.hex',
    fields: '19=00 29=29001006 49=0978',
    expected: { statusByte: '00', terminalId: '29001006', currency: '978' },
  },
  {
    name: 'completion-status-busy',
    hex: '060f019c',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns)',
    expected: { terminalStatus: '9C' },
  },
  {
    name: 'completion-status-06',
    hex: '060f0106',
    source: 'wirelane/ecrterm ecrterm/tests/test_apdu.py',
    expected: { terminalStatus: '06', tlv: 'null' },
  },
  {
    name: 'completion-status-version',
    hex: '060f07f0f0f3626c6100',
    source: 'wirelane/ecrterm ecrterm/tests/test_apdu.py',
    expected: { softwareVersion: 'bla', terminalStatus: '00' },
  },
  {
    name: 'completion-status-full',
    hex: '060f89f0f4f04745522d4150502d76322e302e393b635330322e30312e30312d31302e31302d322d323b4343323600065b1f440452523535e4431f400a6356454e4420706c75671f41284745522d4150502d76322e302e393b635330322e30312e30312d31302e31302d322d323b434332361f420417fd1e3c1f430100340d1f0e04202304051f0f03225655',
    source: 'EVerest/zvt zvt/data/1680728219…_pt_ecr.blob',
    fields:
      '06{1F44=52523535 E4{1F40=6356454E4420706C7567 1F41=4745522D4150502D76322E302E393B635330… 1F42=17FD1E3C 1F43=00} 34{1F0E=20230405 1F0F=225655}}',
    expected: { terminalStatus: '00', deviceName: 'cVEND plug' },
  },
  {
    name: 'completion-eod-update',
    hex: '060f0227e0',
    source:
      'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row A3; Portalum PrintLineTest.cs',
    fields: '27=E0',
    expected: { result: 'E0' },
  },
  {
    name: 'abort-6C',
    hex: '061e016c',
    source:
      'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns); bezahl-online/zvt command/testdata/data091355012.hex',
  },
  {
    name: 'abort-host-05',
    hex: '061e0105',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ZvtClientTest.cs',
  },
  {
    name: 'abort-extended-error',
    hex: '061e2e6c062b1f1605ff000014411f1720416262727563682064757263682065787465726e6573204b6f6d6d616e646f21',
    source: 'wirelane/ecrterm ecrterm/tests/test_parsing_abort.py',
    fields: '06{1F16=FF00001441 1F17=416262727563682064757263682065787465…}',
    expected: {
      resultCode: '6C',
      extendedErrorCode: 'FF00001441',
      extendedErrorText: 'Abbruch durch externes Kommando!',
    },
  },
  {
    name: 'abort-no-open-preauth',
    hex: '061e04b887ffff',
    source:
      'EVerest/zvt zvt/data/partial_reversal.blob; wirelane/ecrterm ecrterm/tests/test_parsing_open_reservation_responses.py',
    fields: '87=FFFF',
  },
  {
    name: 'abort-open-preauth-list-fixed',
    hex: '061e0db8060a23080802012308024567',
    source:
      'wirelane/ecrterm ecrterm/tests/test_parsing_open_reservation_responses.py (derived: lengths corrected)',
    fields: '06{23{08=0123 08=4567}}',
    expected: { receipts: '["0123", "4567"]' },
  },
  {
    name: 'abort-64',
    hex: '061e0164',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ZvtClientTest.cs',
  },
  {
    name: 'intermediate-please-wait',
    hex: '04ff010e',
    source: 'bezahl-online/zvt command/testdata/data081621025.hex',
  },
  {
    name: 'intermediate-insert-card-text',
    hex: '04ff1e0a01061a241807164269747465204b617274652065696e737465636b656e',
    source: 'wirelane/ecrterm ecrterm/tests/test_parsing.py',
    fields: '06{24{07=4269747465204B617274652065696E737465…}}',
    expected: { text: 'Bitte Karte einstecken' },
  },
  {
    name: 'intermediate-embedded-lf',
    hex: '04ff2e0a01062a242807264b6172746520766f7268616c74656e0a65696e737465636b656e2f64757263687a696568656e',
    source:
      'bezahl-online/zvt command/testdata/data050730027.hex; bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns)',
    fields: '06{24{07=4B6172746520766F7268616C74656E0A6569…}}',
  },
  {
    name: 'intermediate-two-lines',
    hex: '04ff1eff10061a2418070845555220312e3233070c42697474652077617274656e',
    source:
      'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/IntermediateStatusInformationParserTest.cs',
    fields: '06{24{07=45555220312E3233 07=42697474652077617274656E}}',
    expected: { t4Minutes: '10', lines: '["EUR 1.23", "Bitte warten"]' },
  },
  {
    name: 'intermediate-enter-pin',
    hex: '04ff16010106122410070e454e5445522050494e2026204f4b',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns)',
    fields: '06{24{07=454E5445522050494E2026204F4B}}',
    expected: { lines: '["ENTER PIN & OK"]' },
  },
  {
    name: 'intermediate-auto-diagnosis',
    hex: '04ff01c9',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row A3',
  },
  {
    name: 'print-centred',
    hex: '06d114402a2a204b415353454e5343484e495454202a2a',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/PrintLineTest.cs',
    expected: { text: '** KASSENSCHNITT **', centred: 'true' },
  },
  {
    name: 'print-empty',
    hex: '06d10140',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/PrintLineTest.cs',
  },
  {
    name: 'print-last',
    hex: '06d10181',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/PrintLineTest.cs',
    expected: { last: 'true' },
  },
  {
    name: 'print-cp437',
    hex: '06d10d005465737420842094208120e1',
    source: 'wirelane/ecrterm ecrterm/tests/test_parsing.py',
    expected: { text: 'Test ä ö ü ß', charset: 'CP437' },
  },
  {
    name: 'print-latin1',
    hex: '06d10d005465737420e420f620fc20df',
    source: 'wirelane/ecrterm ecrterm/tests/test_parsing.py',
    expected: { text: 'Test ä ö ü ß', charset: 'ISO-8859-1' },
  },
  {
    name: 'text-block-visa-receipt',
    hex: '06d3ffe303068203df1f070102258203d70700072820202020202020202020202a2a204b756e64656e62656c6567202a2a202020202020202020202020070007282020202020202020202020202042657a61686c756e672056495341202020202020202020202020200700072832392e30362e323031392020202020202020202020202020202020202020202031323a35343a343507285465726d696e616c2d49443a20202020202020202020202020202020202020203432303033303336072854412d4e722e3a202020202020202020202020202020202020202020202020202020303030373431072842656c65672d4e722e3a2020202020202020202020202020202020202020202020202020303030360728566f7267616e67732d4e722e3a202020202020202020202020202020202020202020202030303234072856552d4e756d6d65723a20202020202020202020202020202020202034353536303030303035393907284170702d49443a20202020202020202020202020202020202020413030303030303030333130313007284b617274656e2d4e722e3a202020202020202020202020207878787878787878787878783737343307284b617274656e666f6c67652d4e722e3a2020202020202020202020202020202020202020202030300728457266617373756e67736172743a202020202020202020202020202020204b6f6e74616b746c6f7307284175746f722d4e722e3a20202020202020202020202020202020202020202020202038383931353007284149442d506172616d657465723a2020202020202020202020202020202031324142303330343035070007284265747261673a20202020202020202020202020202045555220302c3031202020202020202020200700070007282020202020202020202020205a61686c756e67206572666f6c677420202020202020202020202020070007282020202020202d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d202020202020200728496e666f3a2020202020202020202020202020202020202020202020202020202020202020202020072841532d544944203d2031334630303031332020202020202020202020202020202020202020202020072841532d50726f632d436f6465203d20323020393033203030202020202020202020202020202020200728436170742e2d5265662e3d2030303030202020202020202020202020202020202020202020202020072841494435393a2038303932353820202020202020202020202020202020202020202020202020202007282020202020202d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d2d202020202020200901ff',
    source: 'wirelane/ecrterm ecrterm/tests/test_parsing.py',
    fields:
      '06{1F07=02 25{07= 07=20202020202020202020202A2A204B756E64… 07= 07=2020202020202020202020202042657A6168… 07= 07=32392E30362E323031392020202020202020… 07=5465726D696E616C2D49443A202020202020… 07=54412D4E722E3A2020202020202020202020… 07=42656C65672D4E722E3A2020202020202020… 07=566F7267616E67732D4E722E3A2020202020… 07=56552D4E756D6D65723A2020202020202020… 07=4170702D49443A2020202020202020202020… 07=4B617…}',
    expected: { receiptType: '2', last: 'true' },
  },
  {
    name: 'print-tid',
    hex: '06d119005465726d696e616c2d49443a202020203238303034383639',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/PrintLineTest.cs',
    expected: { text: 'Terminal-ID:    28004869' },
  },
];

/** What a TCP stream does to APDUs. */
export const streams: readonly Vector[] = [
  {
    name: 'apdu-shorter-than-len',
    hex: '040f0600010203',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ApduHelperTest.cs',
    expected: { complete: 'false', missing: '2' },
  },
  {
    name: 'apdu-two-bytes-only',
    hex: '040f',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/ApduHelperTest.cs',
    expected: { complete: 'false' },
  },
  {
    name: 'print-too-long',
    hex: '06d110402a2a204b415353454e5343484e495454202a2a',
    source: 'Portalum/Portalum.Zvt src/Portalum.Zvt.UnitTest/PrintLineTest.cs',
    expected: { complete: 'true', consumed: '19' },
  },
  {
    name: 'tcp-coalesced-ack-and-completion',
    hex: '800000060f0a19002929001006490978',
    source: 'behaviour seen with several peers as failure',
    expected: { apdus: '["80 00 00", "06 0F 0A 19 00 29 29 00 10 06 49 09 78"]' },
  },
];

/** One thing said: `>` by the till, `<` by the terminal. */
export interface Dialogue extends Omit<Vector, 'hex'> {
  readonly said: readonly string[];
}

/** The exchange on a serial line, frames and bare ACKs. */
export const serialDialogues: readonly Dialogue[] = [
  {
    name: 'serial-dialogue-status-enquiry',
    source: 'constructed (constructed from pa00p016; order confirmed with zvtlib and py3-ecrterm)',
    said: [
      '> 10020501051234560303100338d9',
      '< 06',
      '< 10028000001003f51f',
      '> 06',
      '< 1002060f0100100326e1',
      '> 06',
      '> 10028000001003f51f',
      '< 06',
    ],
    expected: { outcome: 'ok' },
  },
];

/** Whole sequences of APDUs. */
export const flows: readonly Dialogue[] = [
  {
    name: 'flow-contactless-payment-ok',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row B4.2 third run',
    said: [
      '> 06010704000000001200',
      '< 800000',
      '< 04ff010e',
      '> 800000',
      '< 04ff2e0a01062a242807264b6172746520766f7268616c74656e0a65696e737465636b656e2f64757263687a696568656e',
      '> 800000',
      '< 04ff010e',
      '> 800000',
      '< 040fd42700040000000012000b0002220c1002360d0520170001197022f1f0eeeeeeeeeeeeeee4281f29290010062a3130303736343939322020202020203b32393736323500003cf0f1f447454e2e4e522e3a323937363235490978870222880002228a2e8bf0f84d41455354524f0006652410070e47454e2e4e522e3a3239373632354307a0000000043060461f41303030303030303034333036302030423541453633394439423436333232471f413030303030303030343330363020304235414536333944394234363332321f1001001f120102',
      '> 800000',
      '< 060f00',
      '> 800000',
    ],
    expected: { outcome: 'approved', amountMinor: '1200', receipt: '222', trace: '222' },
  },
  {
    name: 'flow-payment-cancelled-on-pin-pad',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row B4.2',
    said: [
      '> 06010704000000000001',
      '< 800000',
      '< 04ff2e0a01062a242807264b6172746520766f7268616c74656e0a65696e737465636b656e2f64757263687a696568656e',
      '> 800000',
      '< 04ff010e',
      '> 800000',
      '< 04ff16010106122410070e454e5445522050494e2026204f4b',
      '> 800000',
      '< 04ff0117',
      '> 800000',
      '< 04ff010b',
      '> 800000',
      '< 040f39276c29290010063cf0f1f941626272756368206475726368204b756e64658a0d06172415071341626272756368206475726368204b756e6465',
      '> 800000',
      '< 061e016c',
      '> 800000',
    ],
    expected: { outcome: 'aborted', code: '6C' },
  },
  {
    name: 'flow-registration-no-msgseqid',
    source: 'PA00P015 rev 13.08 (bezahl-online/zvt doc/) ch. 5.1',
    said: [
      '> 0600140000009e0978060c26040a0206d31f7303000000',
      '< 800000',
      '< 060f1219002965000028490978060626040a0206d3',
      '> 800000',
    ],
    expected: { msgSeqId: 'false' },
  },
  {
    name: 'flow-end-of-day-failed',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row A2.1',
    said: [
      '> 065003123456',
      '< 800000',
      '< 04ff010e',
      '> 800000',
      '< 04ff0106',
      '> 800000',
      '< 04ff010e',
      '> 800000',
      '< 04ff0117',
      '> 800000',
      '< 040f0927770c1715480d0416',
      '> 800000',
      '< 061e0177',
      '> 800000',
    ],
    expected: { outcome: 'aborted', code: '77' },
  },
  {
    name: 'flow-last-transaction-query',
    source: 'constructed (constructed; exercised with zvtlib and zvt++ as clients)',
    said: [
      '> 0620051234560303',
      '< 800000',
      '< 040f2e2700040000000010104909780b0000010c1234560d1123197022f0f8eeeeeeeeeeee477129290010068700018a06',
      '> 800000',
      '< 060f00',
      '> 800000',
    ],
    expected: { outcome: 'found', amountMinor: '1010', receipt: '1' },
  },
  {
    name: 'flow-void-ok',
    source: 'constructed (constructed; exercised with zvtlib and zvt++ as clients)',
    said: [
      '> 063006000000870001',
      '< 800000',
      '< 040f322700040000000010104909780b0000020c1235100d1123197022f0f8eeeeeeeeeeee477129290010068700028a0637000001',
      '> 800000',
      '< 060f00',
      '> 800000',
    ],
    expected: { outcome: 'voided', receipt: '2', originalTrace: '1' },
  },
  {
    name: 'flow-registration',
    source: 'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row A1',
    said: [
      '> 0600101234563e09780303060626040a0206d3',
      '< 800000',
      '< 060f0a19002929001006490978',
      '> 800000',
    ],
    expected: { outcome: 'ok', terminalId: '29001006' },
  },
  {
    name: 'flow-status-failed-without-completion',
    source:
      'bezahl-online/zvt doc/ (acquirer acceptance sheet, log columns) row B4.5 first run (shortened)',
    said: ['> 06010704000000001000', '< 800000', '< 040f07276c2929001006', '> 800000'],
    expected: { outcome: 'aborted', code: '6C', completionMissing: 'true' },
  },
];
