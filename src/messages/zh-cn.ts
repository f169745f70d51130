import type { Texts } from './keys.ts';

const inDoubt =
  '状态未知：无法确定资金是否已经变动[（编号 {intent}）]。查清终端的末笔交易之前，请勿再次收款，也请勿再次撤销。';

const saidByPerson = '这是人工判断，不是终端的答复';

export const zhCN = {
  'result:ready': '终端已就绪。没有资金变动，可以继续。',
  'result:connected': '与终端的线路已打开。没有资金变动，可以继续。',
  'result:not-ready':
    '终端有应答但未就绪：{message}[（代码 {code}）]。没有资金变动；请按终端屏幕提示处理后重试。',
  'found:transaction': '末笔交易：{found}。这只是查询，没有资金变动；请与签购单核对。',
  'found:totals': '终端合计：[{count} 笔，]{total}。这只是查询，没有资金变动；请与收银机核对。',
  'result:none':
    '终端中没有交易，无可撤销。这只是查询，没有资金变动；已结算的交易不能撤销，请办理退货。',
  'result:approved': '收款成功：{sale}。款项已收取，请把签购单交给顾客。',
  'approved:voided': '该笔消费成功，之后已被撤销：{sale}。款项将退还顾客；请勿再次撤销或退货。',
  'approved:refund': '退货成功：{sale}。款项将退还顾客；请把签购单交给顾客，不要再撤销该笔消费。',
  'approved:pre-authorisation':
    '预授权成功：{sale}。尚未收取款项；请保留签购单，办理预授权完成时要用到上面的号码。',
  'approved:booking': '预授权完成：{sale}。冻结的款项现已收取，请把签购单交给顾客。',
  'approved:pre-authorisation-reversal': '预授权已撤销：{sale}。没有收取款项；请把签购单交给顾客。',
  'result:declined':
    '终端拒绝了本次操作[（应答码 {code}）]。没有资金变动；请查看终端屏幕，然后重试或改用其他方式。',
  'result:not-approved': '该笔消费没有成功，没有收取款项（编号 {intent}）。可以重新向顾客收款。',
  'not-approved:other': '该操作没有成功，没有资金变动（编号 {intent}）。可以重新发起。',
  'result:not-voided':
    '撤销没有成功：原消费仍然有效，款项没有退还（编号 {intent}）。如仍需退款，请重新发起撤销。',
  'result:voided': '撤销成功：{sale}。款项将退还顾客；请把撤销签购单交给顾客，不要再办理退货。',
  'result:already-voided': '该笔交易此前已经撤销：{sale}。本次没有资金变动；请勿再次撤销或退货。',
  'result:not-found': '终端中没有这笔交易。没有撤销，也没有资金变动；如果交易已结算，请办理退货。',
  'result:nothing-open': '没有状态未知的消费或撤销。没有资金变动，可以继续。',
  'result:settled': '结算完成。结算之前的交易不能再撤销；如需退还款项，请办理退货。',
  'result:unlisted': '终端报告：{message}。继续之前，请查看终端屏幕。',

  'decided:voided': `{operator} 判定：已撤销，款项将退还顾客[（{reason}）]。${saidByPerson}；请保留签购单，不要再办理退货。`,
  'decided:not-voided': `{operator} 判定：未撤销，款项没有退还[（{reason}）]。${saidByPerson}；请保留签购单，如仍需退款请重新发起撤销。`,
  'decided:approved': `{operator} 判定：消费成功，款项已收取[（{reason}）]。${saidByPerson}；请保留签购单，不要再次收款。`,
  'decided:not-approved': `{operator} 判定：消费没有成功，没有收取款项[（{reason}）]。${saidByPerson}；请保留签购单，顾客仍要购买时请重新收款。`,
  'decided:approved:other': `{operator} 判定：该操作成功，资金已变动[（{reason}）]。${saidByPerson}；请保留签购单，不要重新发起。`,
  'decided:not-approved:other': `{operator} 判定：该操作没有成功，没有资金变动[（{reason}）]。${saidByPerson}；请保留签购单，仍需要时请重新发起。`,

  'refused:invalid':
    '没有发送任何请求，没有资金变动。这个值不能使用[：{field}][ {value}][（允许：{limit}）]。请更正后重试。',
  'refused:not-supported':
    '此终端不支持由收银机发起该操作[（{value}）]。没有发送任何请求，没有资金变动；请在终端的菜单中操作。',
  'refused:not-the-last':
    '没有撤销，没有资金变动。终端的末笔交易是另一笔[：{found}]。请与签购单核对；如果要撤销的交易之后又有别的交易，请办理退货。',
  'refused:blind-void':
    '没有发送任何请求，没有资金变动。此终端会不经核对直接撤销末笔交易；请凭签购单在终端上撤销。',
  'refused:debit-card':
    '没有撤销，没有资金变动。此终端不能撤销借记卡交易[：{found}]。请办理退货，退还款项。',
  'refused:not-approved':
    '没有撤销，没有资金变动。末笔交易不能撤销[：{found}]。请查看终端及其签购单。',
  'refused:not-confirmed':
    '撤销未获确认[：{found}]。没有撤销，没有资金变动；如仍需撤销，请重新开始。',
  'refused:outside-void-window':
    '没有撤销，没有资金变动。该笔交易已超过可撤销的时间，或交易时间不明[：{found}]。请办理退货。',
  'refused:supervisor-needed':
    '没有撤销，没有资金变动。撤销须经主管确认；请主管到场，然后重新开始。',
  'refused:nothing-open': '此终端没有状态未知的交易，无需判定。没有资金变动，可以继续。',
  'refused:unlisted': '没有发送任何请求，没有资金变动。请联系技术支持并告知：{message}。',

  'error:bad-address:none': '收银机不知道如何连接终端。本次请求没有资金变动；请联系技术支持。',
  'error:bad-settings:none': '终端的设置有误。本次请求没有资金变动；请联系技术支持。',
  'error:no-such-device:none':
    '找不到终端。本次请求没有资金变动；请检查终端的连线和电源，然后重试。',
  'error:no-permission:none': '收银机无权使用终端的端口。本次请求没有资金变动；请联系技术支持。',
  'error:device-busy:none':
    '另一个程序正在使用终端的端口。本次请求没有资金变动；请关闭该程序，然后重试。',
  'error:connection-failed:none':
    '无法连接终端。本次请求没有资金变动；请拔下终端的连接线，重新插好，然后重试。',
  'error:connection-lost:none': '与终端的连接已中断。本次请求没有资金变动；请检查连线，然后重试。',
  'error:connection-lost:unknown': `与终端的连接已中断。${inDoubt}`,
  'error:no-acknowledgement:none':
    '终端没有反应。本次请求没有资金变动；请确认终端已开机并停在初始界面，然后重试。',
  'error:no-acknowledgement:unknown': `终端没有确认收到请求。${inDoubt}`,
  'error:not-acknowledged:none': '终端没有接受请求。本次请求没有资金变动；请稍候重试。',
  'error:not-acknowledged:unknown': `不清楚终端是否接受了请求。${inDoubt}`,
  'error:no-answer:none': '终端没有答复。本次请求没有资金变动；请查看终端屏幕，然后重试。',
  'error:no-answer:unknown': `没有得到终端的可靠答复。${inDoubt}`,
  'error:garbled-answer:none': '终端的答复已损坏。本次请求没有资金变动；请检查连线，然后重试。',
  'error:garbled-answer:unknown': `终端的答复已损坏。${inDoubt}`,
  'error:unreadable-answer:none':
    '收银机无法识别终端的答复。本次请求没有资金变动；请联系技术支持。',
  'error:unreadable-answer:unknown': `收银机无法识别终端的答复。${inDoubt}`,
  'error:unknown-response-code:unknown': `凭终端返回的应答码无法判断结果。${inDoubt}`,
  'error:wrong-transaction:unknown': `请停止操作：终端答复的是另一笔交易[（{found}）]。${inDoubt}`,
  'error:terminal-busy:none': '终端正忙。本次请求没有资金变动；请让终端回到初始界面，然后重试。',
  'error:terminal-held:none':
    '另一个程序正在操作此终端[（{holder}）]。本次请求没有资金变动；请等它结束，然后重试。',
  'error:unresolved-transaction:none':
    '之前的一笔消费或撤销仍然状态未知[：{amount}][（编号 {intent}）]。本次请求没有发送，没有资金变动；请先查清之前那一笔，再收款或撤销。',
  'error:unresolved-transaction:unknown':
    '状态未知：无法确定这笔消费或撤销的资金是否已经变动[：{amount}][（编号 {intent}）]。请勿再次收款，也请勿再次撤销。请查看终端的末笔交易和签购单，并登记查明的结果。',
  'error:key-reused:none':
    '编号[ {intent} ]已用于另一笔消费或撤销。本次请求没有资金变动；请联系技术支持。',
  'error:journal-failed:none': '收银机无法写入支付记录。本次请求没有资金变动；请联系技术支持。',
  'error:journal-failed:unknown': `收银机无法写入支付记录。${inDoubt}`,
  'error:cancelled:none': '请求在发送之前已取消。本次请求没有资金变动；如仍需要，请重新开始。',
  'error:closed:none': '收银机已关闭与终端的连接。本次请求没有资金变动；请重新打开连接，然后重试。',
  'error:unlisted:none': '终端出现问题。本次请求没有资金变动；请联系技术支持。',
  'error:unlisted:unknown': `终端出现问题。${inDoubt}`,

  'actor:customer': '等待顾客：{what}。',
  'actor:cashier': '请在终端上操作：{what}。',
  'actor:nobody': '终端状态：{what}。',
  'prompt:present-card': '出示银行卡',
  'prompt:confirm-amount': '确认金额',
  'prompt:enter-pin': '输入密码',
  'prompt:choose-instalments': '选择分期',
  'prompt:confirm-instalments': '确认分期',
  'prompt:choose-account': '选择信用卡或借记卡',
  'prompt:operate-card': '插卡或刷卡',
  'prompt:authorising': '正在向银行请求授权',
  'prompt:initialisation': '初始化[（代码 {code}）]',
  'prompt:reader': '读卡器[（代码 {code}）]',
  'prompt:remove-card': '取出银行卡',
  'prompt:wait': '请稍候',
  'prompt:reversing': '正在自动冲正本次付款',
  'prompt:approved': '屏幕显示“已批准”',
  'prompt:declined': '屏幕显示“已拒绝”',
  'prompt:other': '见终端屏幕[：{message}][（代码 {code}）]',

  'kind:purchase': '消费',
  'kind:void': '撤销',
  'kind:pre-authorisation': '预授权',
  'kind:booking': '预授权完成',
  'kind:refund': '退货',
  'state:submitted': '进行中',
  'state:approved': '交易成功',
  'state:declined': '交易被拒绝',
  'state:voided': '已撤销',
  'state:settled': '已结算',
  'state:in-doubt': '状态未知',
  'phrase:sale':
    '{amount}[，卡号末四位 {last4}][，操作号 {operation}][，凭证号 {receipt}][，流水号 {trace}]',
  'phrase:found':
    '[{kind} ]{amount}[，{state}][，卡号末四位 {last4}][，操作号 {operation}][，凭证号 {receipt}][，流水号 {trace}][，{time}]',
  'question:void':
    '撤销 {amount}[，卡号末四位 {last4}][，操作号 {operation}][，凭证号 {receipt}][，流水号 {trace}][，商户订单号 {ticket}][，{time}]？',
} as const satisfies Texts;
