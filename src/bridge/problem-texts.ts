import { type Language, operatorMessage } from '../messages/messages.ts';
import { TerminalError } from '../model/error.ts';
import { type Problem, type ProblemCode, problemTitles } from './problem.ts';

type Told = Exclude<ProblemCode, 'journal-failed'>;

type Texts = Readonly<Record<Told | 'internal:unknown', string>>;

const notTaken =
  'Nothing was started and no money moved: the payment service could not take what the till sent';

const en: Texts = {
  'bad-request': `${notTaken}. Correct what was typed; if it happens again, call technical support.`,
  'key-missing': `${notTaken} (no payment number). Call technical support.`,
  'not-authenticated':
    'The payment service does not know this till, or no longer. No money moved; pair the till again.',
  forbidden: 'This till may not do that. No money moved; ask somebody who may.',
  'origin-not-allowed': `${notTaken} (from a page that may not ask). Call technical support.`,
  'header-missing': `${notTaken} (a header is missing). Call technical support.`,
  'pairing-failed':
    'The code is wrong, has been used, or is older than five minutes. Nothing was changed; type “tillwire pair” on the host for a new one.',
  'unknown-terminal':
    'There is no terminal of this name. No money moved; choose another, or call technical support.',
  'unknown-command':
    'Nothing is on record of this command. If you started a payment, look at the last transaction of the terminal before you charge again.',
  'not-found': `${notTaken} (there is nothing of this name). Call technical support.`,
  'method-not-allowed': `${notTaken} (not in this way). Call technical support.`,
  'key-reused':
    'Nothing was started: the till used the number of an earlier payment for another one. Look at the earlier one first, then call technical support.',
  'not-in-doubt': 'It is no longer in doubt. Nothing was recorded and no money moved.',
  'too-large': `${notTaken} (it is too long). Call technical support.`,
  'wrong-content-type': `${notTaken} (it is no JSON). Call technical support.`,
  'host-not-allowed': `${notTaken} (under a name that is not served). Call technical support.`,
  'too-many-requests':
    'Too much was asked in a short time. Nothing was started and no money moved; wait a moment and try again.',
  'shutting-down':
    'The payment service is being stopped and takes nothing new. No money moved; wait until it is back, then try again.',
  internal:
    'Something went wrong in the payment service. No money moved; try again, and call technical support if it happens again.',
  'internal:unknown':
    'Something went wrong in the payment service, and it is not known if money moved. Do not start another payment: repeat this one, which is never done twice, or look at the last transaction of the terminal.',
};

const noTomado =
  'No se inició nada y no hubo movimiento de dinero: el servicio de pagos no pudo tomar lo que envió la caja';

const es: Texts = {
  'bad-request': `${noTomado}. Corrija lo que escribió; si vuelve a ocurrir, llame a soporte técnico.`,
  'key-missing': `${noTomado} (sin número de pago). Llame a soporte técnico.`,
  'not-authenticated':
    'El servicio de pagos no conoce esta caja, o ya no. No hubo movimiento de dinero; vincule la caja otra vez.',
  forbidden:
    'Esta caja no tiene permiso para eso. No hubo movimiento de dinero; pídalo a quien lo tenga.',
  'origin-not-allowed': `${noTomado} (desde una página sin permiso). Llame a soporte técnico.`,
  'header-missing': `${noTomado} (falta un encabezado). Llame a soporte técnico.`,
  'pairing-failed':
    'El código no es correcto, ya se usó o tiene más de cinco minutos. No cambió nada; escriba «tillwire pair» en el equipo para obtener otro.',
  'unknown-terminal':
    'No existe un terminal con ese nombre. No hubo movimiento de dinero; elija otro o llame a soporte técnico.',
  'unknown-command':
    'No hay registro de esta operación. Si inició un pago, revise la última transacción del terminal antes de cobrar otra vez.',
  'not-found': `${noTomado} (no hay nada con ese nombre). Llame a soporte técnico.`,
  'method-not-allowed': `${noTomado} (no de esa forma). Llame a soporte técnico.`,
  'key-reused':
    'No se inició nada: la caja usó el número de un pago anterior para otro. Revise primero el anterior y luego llame a soporte técnico.',
  'not-in-doubt': 'Ya no está en duda. No se registró nada y no hubo movimiento de dinero.',
  'too-large': `${noTomado} (es demasiado largo). Llame a soporte técnico.`,
  'wrong-content-type': `${noTomado} (no es JSON). Llame a soporte técnico.`,
  'host-not-allowed': `${noTomado} (con un nombre que no se atiende). Llame a soporte técnico.`,
  'too-many-requests':
    'Fueron demasiadas solicitudes seguidas. No se inició nada y no hubo movimiento de dinero; espere un momento e intente otra vez.',
  'shutting-down':
    'El servicio de pagos se está deteniendo y no toma nada nuevo. No hubo movimiento de dinero; espere a que vuelva e intente otra vez.',
  internal:
    'Algo falló en el servicio de pagos. No hubo movimiento de dinero; intente otra vez y, si vuelve a ocurrir, llame a soporte técnico.',
  'internal:unknown':
    'Algo falló en el servicio de pagos y no se sabe si hubo movimiento de dinero. No inicie otro pago: repita este, que nunca se hace dos veces, o revise la última transacción del terminal.',
};

const weiShouLi = '没有执行任何操作，也没有发生资金变动：支付服务无法受理收银台发送的内容';

const zhCN: Texts = {
  'bad-request': `${weiShouLi}。请更正输入的内容；如再次出现，请联系技术支持。`,
  'key-missing': `${weiShouLi}（缺少支付编号）。请联系技术支持。`,
  'not-authenticated':
    '支付服务不认识此收银台，或其授权已失效。没有发生资金变动；请重新配对收银台。',
  forbidden: '此收银台无权执行该操作。没有发生资金变动；请找有权限的人员。',
  'origin-not-allowed': `${weiShouLi}（来自未获准的页面）。请联系技术支持。`,
  'header-missing': `${weiShouLi}（缺少请求头）。请联系技术支持。`,
  'pairing-failed':
    '配对码错误、已被使用或已超过五分钟。没有任何更改；请在主机上输入 “tillwire pair” 获取新的配对码。',
  'unknown-terminal': '没有这个名称的终端。没有发生资金变动；请选择其他终端，或联系技术支持。',
  'unknown-command':
    '没有该操作的记录。如果您发起过支付，请先在终端上查询末笔交易，再决定是否重新收款。',
  'not-found': `${weiShouLi}（没有这个名称的内容）。请联系技术支持。`,
  'method-not-allowed': `${weiShouLi}（不支持这种方式）。请联系技术支持。`,
  'key-reused':
    '没有执行任何操作：收银台把之前一笔支付的编号用于另一笔。请先核对之前那一笔，再联系技术支持。',
  'not-in-doubt': '该操作已不再存疑。没有记录任何内容，也没有发生资金变动。',
  'too-large': `${weiShouLi}（内容过长）。请联系技术支持。`,
  'wrong-content-type': `${weiShouLi}（不是 JSON）。请联系技术支持。`,
  'host-not-allowed': `${weiShouLi}（使用了未提供服务的主机名）。请联系技术支持。`,
  'too-many-requests': '短时间内请求过多。没有执行任何操作，也没有发生资金变动；请稍候再试。',
  'shutting-down': '支付服务正在停止，不再受理新的操作。没有发生资金变动；请等它恢复后再试。',
  internal: '支付服务出现错误。没有发生资金变动；请重试，如再次出现，请联系技术支持。',
  'internal:unknown':
    '支付服务出现错误，资金是否变动尚不清楚。请勿发起另一笔支付：请重复这一笔（绝不会重复执行），或在终端上查询末笔交易。',
};

const tables: Readonly<Record<Language, Texts>> = { en, es, 'zh-CN': zhCN };

/** For the person at the till: what the refusal of a request means for the money, and what to do now. */
export function problemMessage(
  code: ProblemCode,
  effect: Problem['effect'],
  language: Language,
): string {
  // A till reads the same of it in a command's error.
  if (code === 'journal-failed')
    return operatorMessage(new TerminalError(code, effect, problemTitles[code]), language);
  const texts = tables[language];
  return texts[code === 'internal' && effect === 'unknown' ? 'internal:unknown' : code];
}
