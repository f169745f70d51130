import { Bridge, BridgeError, type MeView } from '../client/index.ts';
import { commandView } from './command-view.ts';
import { type Desk, News } from './desk.ts';
import { askPerson } from './dialog.ts';
import { button, fill, h } from './dom.ts';
import { doubtsView } from './doubts-view.ts';
import { explanationOf } from './explain.ts';
import { journalView } from './journal-view.ts';
import { type Label, wordsOf } from './labels.ts';
import { pairingView } from './pairing-view.ts';
import { keepLanguage, keepToken, pageLanguages, readLanguage, readToken } from './session.ts';
import { terminalsView } from './terminals-view.ts';
import type { View } from './view.ts';
import { whileSeen } from './while-seen.ts';

const language = readLanguage();
const words = wordsOf(language);
const root = document.getElementById('page') ?? document.body;
const told = h('div', { class: 'told', role: 'alert' });
const offline = h('p', { class: 'offline', role: 'status', hidden: true }, words('offline'));

/** A token that is not known any more is no use; pair again. */
function pairAgain(): void {
  keepToken(undefined);
  location.reload();
}

function explain(error: unknown): string {
  if (error instanceof BridgeError && error.code === 'not-authenticated') pairAgain();
  return explanationOf(words, error);
}

function tell(error: unknown): void {
  fill(
    told,
    h('p', {}, explain(error)),
    button(words('close'), () => fill(told)),
  );
}

function languageChoice(): HTMLElement {
  const choice = h('select', { 'aria-label': words('language') });
  const names = { en: 'English', es: 'Español', 'zh-CN': '简体中文' };
  for (const one of pageLanguages)
    choice.append(h('option', { value: one, selected: one === language }, names[one]));
  choice.addEventListener('change', () => {
    const chosen = pageLanguages.find((one) => one === choice.value);
    if (chosen !== undefined) keepLanguage(chosen);
    location.reload();
  });
  return choice;
}

const pages = [
  ['#/', 'terminals'],
  ['#/doubts', 'doubts'],
  ['#/journal', 'journal'],
] as const satisfies readonly (readonly [string, Label])[];

function viewAt(desk: Desk, place: string): View {
  const [, command] = /^#\/commands\/(.+)$/.exec(place) ?? [];
  if (command !== undefined) return commandView(desk, decodeURIComponent(command));
  if (place === '#/doubts') return doubtsView(desk);
  if (place === '#/journal') return journalView(desk);
  return terminalsView(desk);
}

/** Keeps the news up to date while a person can see it: a hidden page holds no connection. */
function follow(desk: Desk): Promise<void> {
  return whileSeen(async (signal) => {
    for await (const event of desk.bridge.watch({ signal }))
      switch (event.type) {
        case 'snapshot':
          desk.news.everything(event.snapshot.terminals, event.snapshot.commands);
          break;
        case 'terminal':
          desk.news.terminal(event.terminal);
          break;
        case 'command':
          desk.news.command(event.command);
          break;
      }
  });
}

/** Who this browser is to the service, and what is seldom changed. */
function menuOf(me: MeView): HTMLElement {
  const forget = () =>
    askPerson({
      title: words('signOut'),
      body: [h('p', {}, words('signOutWhat'))],
      yes: words('signOut'),
      no: words('back'),
      danger: true,
      explain,
      act: async () => pairAgain(),
    });
  return h(
    'details',
    { class: 'menu' },
    h('summary', {}, me.client),
    h('div', {}, languageChoice(), button(words('signOut'), forget)),
  );
}

function showDesk(desk: Desk): void {
  const links = pages.map(([place, label]) => h('a', { href: place }, words(label)));
  const [, doubts] = links;
  const main = h('main');
  let view: View | undefined;
  const go = () => {
    view?.leave();
    fill(told);
    view = viewAt(desk, location.hash);
    fill(main, view.element);
    for (const link of links)
      if (link.hash === (location.hash || '#/')) link.setAttribute('aria-current', 'page');
      else link.removeAttribute('aria-current');
  };
  desk.news.listen(() => {
    const open = [...desk.news.terminals.values()].reduce((n, one) => n + one.inDoubt.length, 0);
    if (doubts === undefined) return;
    doubts.textContent = open === 0 ? words('doubts') : `${words('doubts')} (${open})`;
    doubts.classList.toggle('some', open > 0);
  });
  fill(
    root,
    h(
      'header',
      { class: 'head' },
      h('strong', {}, 'Tillwire'),
      h('nav', { 'aria-label': words('title') }, ...links),
      menuOf(desk.me),
    ),
    offline,
    told,
    main,
  );
  window.addEventListener('hashchange', go);
  go();
}

/** Says so while the service cannot be reached: what is shown may be old. */
function watchfulFetch(): typeof fetch {
  return async (...args) => {
    try {
      const response = await fetch(...args);
      offline.hidden = true;
      return response;
    } catch (error) {
      if (!(error instanceof DOMException && error.name === 'AbortError')) offline.hidden = false;
      throw error;
    }
  };
}

async function start(): Promise<void> {
  document.documentElement.lang = language;
  document.title = `${words('title')} · Tillwire`;
  const token = readToken();
  if (token === undefined) {
    const paired = (given: { token: string }) => {
      keepToken(given.token);
      location.reload();
    };
    const head = h('header', { class: 'head' }, h('strong', {}, 'Tillwire'), languageChoice());
    fill(root, head, h('main', {}, pairingView({ words, language, explain, paired })));
    root.querySelector('input')?.focus();
    return;
  }
  fill(root, offline, told, h('main', {}, h('p', { class: 'hint' }, words('connecting'))));
  const bridge = new Bridge({ url: location.origin, token, language, fetch: watchfulFetch() });
  const me = await whoAmI(bridge);
  const desk: Desk = { bridge, me, language, words, news: new News(), tell, explain };
  showDesk(desk);
  await follow(desk);
}

/** A service that starts at this moment, or is asked too much of, is asked again. */
async function whoAmI(bridge: Bridge): Promise<MeView> {
  for (;;)
    try {
      return await bridge.me();
    } catch (error) {
      if (!(error instanceof BridgeError)) throw error;
      const { code, retryAfterMs = 1000 } = error;
      if (code !== 'unreachable' && code !== 'too-many-requests') throw error;
      await new Promise((resolve) => setTimeout(resolve, retryAfterMs));
    }
}

start().catch(tell);
