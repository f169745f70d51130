import type { Texts } from './keys.ts';

const inDoubt =
  'Queda en duda si se movió dinero[ (referencia {intent})]. No cobre ni anule otra vez sin revisar la última venta del terminal.';

const saidByPerson = 'Lo dijo una persona, no el terminal';

export const es = {
  'result:ready': 'El terminal está listo. No hubo movimiento de dinero; puede continuar.',
  'result:connected':
    'La línea con el terminal está abierta. No hubo movimiento de dinero; puede continuar.',
  'result:not-ready':
    'El terminal responde pero no está listo: {message}[ (código {code})]. No hubo movimiento de dinero; haga lo que pide su pantalla e intente de nuevo.',
  'found:transaction':
    'Última venta: {found}. Fue solo una consulta y no movió dinero; compárela con el comprobante.',
  'found:totals':
    'Totales del terminal: [{count} transacciones, ]{total}. Fue solo una consulta y no movió dinero; compárelos con la caja.',
  'result:none':
    'El terminal no tiene ventas guardadas, así que no hay nada que anular. Fue solo una consulta y no movió dinero; si la venta es anterior al cierre, haga una devolución.',
  'result:approved':
    'Venta pagada: {sale}. El dinero fue cobrado; entregue el comprobante al cliente.',
  'approved:voided':
    'La venta se hizo y después fue anulada: {sale}. El dinero vuelve al cliente; no la anule ni la devuelva otra vez.',
  'approved:refund':
    'Devuelto: {sale}. El dinero vuelve al cliente; entregue el comprobante y no anule además la venta.',
  'approved:pre-authorisation':
    'Reservado: {sale}. Aún no se cobró dinero; guarde el comprobante, la captura necesita sus números.',
  'approved:booking':
    'Capturado: {sale}. El dinero reservado se cobra ahora; entregue el comprobante al cliente.',
  'approved:pre-authorisation-reversal':
    'La reserva quedó sin efecto: {sale}. No se cobró dinero; entregue el comprobante al cliente.',
  'result:declined':
    'El terminal rechazó la operación[ (código {code})]. No hubo movimiento de dinero; mire la pantalla e intente de nuevo, o use otro medio de pago.',
  'result:not-approved':
    'La venta no se hizo y no se cobró dinero (referencia {intent}). Puede cobrar de nuevo al cliente.',
  'not-approved:other':
    'No se realizó y no hubo movimiento de dinero (referencia {intent}). Puede iniciarlo de nuevo.',
  'result:not-voided':
    'La anulación no se hizo: la venta sigue vigente y su dinero sigue cobrado (referencia {intent}). Si hay que devolverlo, inicie la anulación de nuevo.',
  'result:voided':
    'Venta anulada: {sale}. El dinero vuelve al cliente; entregue el comprobante de anulación y no haga además una devolución.',
  'result:already-voided':
    'Esta venta ya estaba anulada: {sale}. Ahora no hubo movimiento de dinero; no la anule ni la devuelva otra vez.',
  'result:not-found':
    'El terminal no tiene esta venta. Nada fue anulado y no hubo movimiento de dinero; si la venta ya pasó por el cierre, haga una devolución.',
  'result:nothing-open':
    'No hay ventas ni anulaciones en duda. No hubo movimiento de dinero; puede continuar.',
  'result:settled':
    'El cierre está hecho y las ventas del día son definitivas. Desde ahora, devuelva su dinero con una devolución, no con una anulación.',
  'result:unlisted': 'El terminal informa: {message}. Mire la pantalla antes de continuar.',

  'decided:voided': `{operator} decidió: anulada, el dinero vuelve al cliente[ ({reason})]. ${saidByPerson}; guarde los comprobantes y no haga además una devolución.`,
  'decided:not-voided': `{operator} decidió: no anulada, el dinero sigue cobrado[ ({reason})]. ${saidByPerson}; guarde los comprobantes y, si hay que devolverlo, inicie otra anulación.`,
  'decided:approved': `{operator} decidió: la venta se hizo, el dinero está cobrado[ ({reason})]. ${saidByPerson}; guarde los comprobantes y no cobre otra vez.`,
  'decided:not-approved': `{operator} decidió: la venta no se hizo, no se cobró dinero[ ({reason})]. ${saidByPerson}; guarde los comprobantes y cobre de nuevo si el cliente aún compra.`,
  'decided:approved:other': `{operator} decidió: se realizó, el dinero se movió[ ({reason})]. ${saidByPerson}; guarde los comprobantes y no lo inicie otra vez.`,
  'decided:not-approved:other': `{operator} decidió: no se realizó, no hubo movimiento de dinero[ ({reason})]. ${saidByPerson}; guarde los comprobantes e inícielo de nuevo si aún se quiere.`,

  'refused:invalid':
    'Nada fue enviado y no hubo movimiento de dinero. Este valor no se puede usar[: {field}][ {value}][ (permitido: {limit})]. Corríjalo e intente de nuevo.',
  'refused:not-supported':
    'Este terminal no puede hacer esto desde la caja[ ({value})]. Nada fue enviado y no hubo movimiento de dinero; use el menú del terminal.',
  'refused:not-the-last':
    'Nada fue anulado y no hubo movimiento de dinero. La última venta es otra[: {found}]. Compárela con el comprobante; si hubo una venta posterior, haga una devolución.',
  'refused:blind-void':
    'Nada fue enviado y no hubo movimiento de dinero. Este terminal anularía su última venta sin mostrarla; anule en el terminal mismo, con el comprobante en la mano.',
  'refused:debit-card':
    'Nada fue anulado y no hubo movimiento de dinero. Este terminal no puede anular ventas con débito[: {found}]. Devuelva el dinero con una devolución.',
  'refused:not-approved':
    'Nada fue anulado y no hubo movimiento de dinero. La última venta no se puede anular[: {found}]. Revise el terminal y sus comprobantes.',
  'refused:not-confirmed':
    'La anulación no fue confirmada[: {found}]. Nada fue anulado y no hubo movimiento de dinero; inicie de nuevo si aún quiere anular.',
  'refused:outside-void-window':
    'Nada fue anulado y no hubo movimiento de dinero. La venta es muy antigua para anularla, o su hora es desconocida[: {found}]. Haga una devolución.',
  'refused:supervisor-needed':
    'Nada fue anulado y no hubo movimiento de dinero. Antes debe autorizar un supervisor; llámelo e inicie de nuevo.',
  'refused:nothing-open':
    'Nada está en duda en este terminal, así que no hay nada que decidir. No hubo movimiento de dinero; puede continuar.',
  'refused:unlisted':
    'Nada fue enviado y no hubo movimiento de dinero. Llame a soporte y diga: {message}.',

  'error:bad-address:none':
    'La caja no sabe cómo llegar a su terminal. Esta solicitud no movió dinero; llame a soporte.',
  'error:bad-settings:none':
    'Un ajuste del terminal está mal. Esta solicitud no movió dinero; llame a soporte.',
  'error:no-such-device:none':
    'La caja no encuentra el terminal. Esta solicitud no movió dinero; revise el cable y la corriente, e intente de nuevo.',
  'error:no-permission:none':
    'La caja no tiene permiso para usar el puerto del terminal. Esta solicitud no movió dinero; llame a soporte.',
  'error:device-busy:none':
    'Otro programa está usando el puerto del terminal. Esta solicitud no movió dinero; cierre ese programa e intente de nuevo.',
  'error:connection-failed:none':
    'La caja no pudo conectarse con el terminal. Esta solicitud no movió dinero; desenchúfelo, enchúfelo e intente de nuevo.',
  'error:connection-lost:none':
    'La conexión con el terminal se cortó. Esta solicitud no movió dinero; revise el cable e intente de nuevo.',
  'error:connection-lost:unknown': `La conexión con el terminal se cortó. ${inDoubt}`,
  'error:no-acknowledgement:none':
    'El terminal no reaccionó. Esta solicitud no movió dinero; revise que esté encendido y en su pantalla inicial, e intente de nuevo.',
  'error:no-acknowledgement:unknown': `Falta la confirmación de que el terminal recibió la solicitud. ${inDoubt}`,
  'error:not-acknowledged:none':
    'El terminal no aceptó la solicitud. Esta solicitud no movió dinero; espere un momento e intente de nuevo.',
  'error:not-acknowledged:unknown': `Falta saber si el terminal tomó la solicitud. ${inDoubt}`,
  'error:no-answer:none':
    'El terminal no respondió. Esta solicitud no movió dinero; mire la pantalla e intente de nuevo.',
  'error:no-answer:unknown': `Falta una respuesta segura del terminal. ${inDoubt}`,
  'error:garbled-answer:none':
    'La respuesta llegó dañada. Esta solicitud no movió dinero; revise el cable e intente de nuevo.',
  'error:garbled-answer:unknown': `La respuesta llegó dañada. ${inDoubt}`,
  'error:unreadable-answer:none':
    'La caja no entiende la respuesta del terminal. Esta solicitud no movió dinero; llame a soporte.',
  'error:unreadable-answer:unknown': `La caja no entiende la respuesta del terminal. ${inDoubt}`,
  'error:unknown-response-code:unknown': `El terminal respondió con un código que la caja no conoce. ${inDoubt}`,
  'error:wrong-transaction:unknown': `Alto: respuesta de otra transacción[ ({found})]. ${inDoubt}`,
  'error:terminal-busy:none':
    'El terminal está ocupado. Esta solicitud no movió dinero; llévelo a su pantalla inicial e intente de nuevo.',
  'error:terminal-held:none':
    'Otro programa está trabajando con este terminal[ ({holder})]. Esta solicitud no movió dinero; espere a que termine e intente de nuevo.',
  'error:unresolved-transaction:none':
    'Una venta o anulación anterior sigue en duda[: {amount}][ (referencia {intent})]. Esta solicitud no fue enviada ni movió dinero; antes de cobrar o anular, averigüe qué pasó con la anterior.',
  'error:unresolved-transaction:unknown':
    'Queda en duda si se movió dinero en esta venta o anulación[: {amount}][ (referencia {intent})]. No cobre ni anule otra vez. Revise la última venta y los comprobantes, y haga registrar lo que encontró.',
  'error:key-reused:none':
    'La referencia[ {intent}] es de otra venta o anulación. Esta solicitud no movió dinero; llame a soporte.',
  'error:journal-failed:none':
    'La caja no puede escribir su registro de pagos. Esta solicitud no movió dinero; llame a soporte.',
  'error:journal-failed:unknown': `La caja no puede escribir su registro de pagos. ${inDoubt}`,
  'error:cancelled:none':
    'Cancelado antes de enviar. Esta solicitud no movió dinero; inicie de nuevo si aún la necesita.',
  'error:closed:none':
    'La caja cerró su conexión con el terminal. Esta solicitud no movió dinero; ábrala de nuevo y repita.',
  'error:unlisted:none':
    'Hubo un problema con el terminal. Esta solicitud no movió dinero; llame a soporte.',
  'error:unlisted:unknown': `Hubo un problema con el terminal. ${inDoubt}`,

  'actor:customer': 'Esperando al cliente: {what}.',
  'actor:cashier': 'Por favor, en el terminal: {what}.',
  'actor:nobody': 'El terminal informa: {what}.',
  'prompt:present-card': 'tarjeta',
  'prompt:confirm-amount': 'confirmación del monto',
  'prompt:enter-pin': 'ingreso de la clave',
  'prompt:choose-instalments': 'selección de cuotas',
  'prompt:confirm-instalments': 'confirmación de las cuotas',
  'prompt:choose-account': 'selección de crédito o débito',
  'prompt:operate-card': 'insertar o deslizar la tarjeta',
  'prompt:authorising': 'consultando al banco',
  'prompt:initialisation': 'inicialización[ (código {code})]',
  'prompt:reader': 'lector de tarjetas[ (código {code})]',
  'prompt:remove-card': 'retirar la tarjeta',
  'prompt:wait': 'espere por favor',
  'prompt:reversing': 'anulando el pago por sí mismo',
  'prompt:approved': 'muestra "aprobado"',
  'prompt:declined': 'muestra "rechazado"',
  'prompt:other': 'vea su pantalla[: {message}][ (código {code})]',

  'kind:purchase': 'venta',
  'kind:void': 'anulación',
  'kind:pre-authorisation': 'preautorización',
  'kind:booking': 'captura',
  'kind:refund': 'devolución',
  'state:submitted': 'en curso',
  'state:approved': 'aprobada',
  'state:declined': 'rechazada',
  'state:voided': 'anulada',
  'state:settled': 'cerrada',
  'state:in-doubt': 'en duda',
  'phrase:sale':
    '{amount}[, tarjeta {last4}][, operación {operation}][, comprobante {receipt}][, traza {trace}]',
  'phrase:found':
    '[{kind} ]{amount}[, {state}][, tarjeta {last4}][, operación {operation}][, comprobante {receipt}][, traza {trace}][, {time}]',
  'question:void':
    '¿Anular {amount}[, tarjeta {last4}][, operación {operation}][, comprobante {receipt}][, traza {trace}][, ticket {ticket}][, de {time}]?',
} as const satisfies Texts;
