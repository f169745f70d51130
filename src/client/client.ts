import type {
  CommandEventView,
  CommandView,
  DecisionBody,
  GreetingView,
  MeView,
  QuestionBody,
  RefundBody,
  SaleBody,
  SnapshotView,
  TerminalView,
  VoidBody,
} from '../bridge/schemas.ts';
import { answered } from './answer.ts';
import { BridgeError } from './error.ts';
import { followStream } from './streams.ts';

export interface BridgeOptions {
  /** Where `tillwire serve` listens: `http://127.0.0.1:7465`. In a page of the service: its own origin. */
  readonly url: string;
  /** The token that `tillwire clients add` printed or {@link pair} gave. Without it only {@link Bridge.greeting} answers. */
  readonly token?: string;
  /** Of messages for the person at the till: `en`, `es`, `zh-CN`. The service's own otherwise. */
  readonly language?: string;
  /** Takes the place of the global `fetch`. */
  readonly fetch?: typeof fetch;
}

export interface Paired extends MeView {
  /** Shown once. Keep it where only this till can read it. */
  readonly token: string;
}

/** What happens on the service: everything first, then what has changed. */
export type BridgeEvent =
  | { readonly type: 'snapshot'; readonly snapshot: SnapshotView }
  | { readonly type: 'terminal'; readonly terminal: TerminalView }
  | { readonly type: 'command'; readonly command: CommandView };

interface Watching {
  /** Ends the watching, and nothing else. */
  readonly signal?: AbortSignal;
}

/**
 * A till's view of `tillwire serve`, in browsers and in Node. Every command is a durable resource of the
 * service: a method gives its first view at once, {@link Bridge.outcome} waits for its end. To be gone, to
 * reload, or to lose the connection ends no command; ask for it again by its id, or make the same request
 * with the same key, which never moves money twice.
 *
 * Every method can reject with a {@link BridgeError}.
 */
export class Bridge {
  readonly #base: string;
  readonly #options: BridgeOptions;

  constructor(options: BridgeOptions) {
    this.#base = options.url.replace(/\/+$/, '');
    this.#options = options;
  }

  /**
   * Trades the six-digit code that `tillwire pair` shows for a token of this till's own. In a browser the
   * token then works from this origin only.
   */
  static pair(
    options: Omit<BridgeOptions, 'token'>,
    request: { readonly code: string; readonly name: string },
  ): Promise<Paired> {
    return new Bridge(options).#post('/v1/pairing', request, 'none');
  }

  /** Name, version and languages of the service. Needs no token. */
  greeting(): Promise<GreetingView> {
    return this.#get('/v1');
  }

  /** Who this token is, and its roles. */
  me(): Promise<MeView> {
    return this.#get('/v1/me');
  }

  /** The terminals, from the service's memory: asking moves nothing. */
  async terminals(): Promise<readonly TerminalView[]> {
    const { terminals } = await this.#get<{ terminals: readonly TerminalView[] }>('/v1/terminals');
    return terminals;
  }

  terminal(name: string): Promise<TerminalView> {
    return this.#get(`/v1/terminals/${encodeURIComponent(name)}`);
  }

  /** Is the terminal there and ready? Role `query`. */
  status(terminal: string, body: QuestionBody = {}): Promise<CommandView> {
    return this.#command(terminal, 'status', body);
  }

  /** What did the terminal do last? Role `query`. */
  lastTransaction(terminal: string, body: QuestionBody = {}): Promise<CommandView> {
    return this.#command(terminal, 'last-transaction', body);
  }

  /** Count and sum since the last settlement. Role `query`. */
  totals(terminal: string, body: QuestionBody = {}): Promise<CommandView> {
    return this.#command(terminal, 'totals', body);
  }

  /** Ends the day; nothing before it can be voided after it. Role `void`. */
  settle(terminal: string, body: QuestionBody = {}): Promise<CommandView> {
    return this.#command(terminal, 'settlements', body, 'unknown');
  }

  /** Finds out how the command in doubt ended; it only asks. Role `sell` or `void`. */
  recover(terminal: string, body: QuestionBody = {}): Promise<CommandView> {
    return this.#command(terminal, 'recoveries', body);
  }

  /** Records what a person has found out about the command in doubt; the terminal is not asked. Role `admin`. */
  decide(terminal: string, body: DecisionBody): Promise<CommandView> {
    return this.#command(terminal, 'decisions', body);
  }

  /**
   * Sells. Role `sell`.
   * @param key the till's own id of this sale: the same key never sells twice
   */
  sell(terminal: string, body: SaleBody, key: string): Promise<CommandView> {
    return this.#command(terminal, 'sales', body, 'unknown', key);
  }

  /** Gives money back as a transaction of its own. Role `void`. */
  refund(terminal: string, body: RefundBody, key: string): Promise<CommandView> {
    return this.#command(terminal, 'refunds', body, 'unknown', key);
  }

  /** Takes the terminal's last transaction back, if it is this one. Role `void`. */
  void(terminal: string, body: VoidBody, key: string): Promise<CommandView> {
    return this.#command(terminal, 'voids', body, 'unknown', key);
  }

  /** A command as it stands now. */
  command(id: string): Promise<CommandView> {
    return this.#get(`/v1/commands/${encodeURIComponent(id)}`);
  }

  /** The latest commands, the newest first: this client's own, with the role `admin` everybody's. */
  async commands(
    filter: { readonly state?: CommandView['state']; readonly limit?: number } = {},
  ): Promise<readonly CommandView[]> {
    const query = new URLSearchParams();
    if (filter.state !== undefined) query.set('state', filter.state);
    if (filter.limit !== undefined) query.set('limit', String(filter.limit));
    const { commands } = await this.#get<{ commands: readonly CommandView[] }>(
      `/v1/commands${query.size === 0 ? '' : `?${query}`}`,
    );
    return commands;
  }

  /** Asks to stop. It promises nothing: what the terminal answers counts. */
  cancel(id: string): Promise<CommandView> {
    return this.#post(`/v1/commands/${encodeURIComponent(id)}/cancel`, {}, 'none');
  }

  /**
   * The events of a command from its first one, `result` or `failed` last; then it ends. A lost connection
   * is made again and goes on behind the last event. Leaving the loop stops watching, and nothing else.
   */
  async *events(id: string, { signal }: Watching = {}): AsyncGenerator<CommandEventView> {
    const path = `/v1/commands/${encodeURIComponent(id)}/events`;
    const isLast = ({ event }: { event: string }) => event === 'result' || event === 'failed';
    for await (const { data } of followStream(this.#stream(path), isLast, signal))
      yield JSON.parse(data);
  }

  /**
   * Waits until a command has ended, however long that takes, and gives its last view: `done` with a
   * certain statement, `failed` when nothing moved, or `in-doubt`.
   */
  async outcome(command: string | CommandView, watching: Watching = {}): Promise<CommandView> {
    const id = typeof command === 'string' ? command : command.id;
    // The view is read once more: what the last event said may have been cleared up since.
    for await (const event of this.events(id, watching)) void event;
    return this.command(id);
  }

  /** Everything first, then what changes, until the loop is left. Role `query`. */
  async *watch({ signal }: Watching = {}): AsyncGenerator<BridgeEvent> {
    for await (const { event, data } of followStream(
      this.#stream('/v1/events'),
      () => false,
      signal,
    ))
      switch (event) {
        case 'snapshot':
          yield { type: event, snapshot: JSON.parse(data) };
          break;
        case 'terminal':
          yield { type: event, terminal: JSON.parse(data) };
          break;
        case 'command':
          yield { type: event, command: JSON.parse(data) };
          break;
      }
  }

  /** Any other resource of the service, such as `/v1/journal?q=V-17`; JSON. */
  read(path: string): Promise<unknown> {
    return this.#get(path);
  }

  /** What a resource of the service holds, as it is: an export of the journal. */
  async download(path: string): Promise<Blob> {
    const response = await this.#reach(path, {}, 'none');
    if (!response.ok) await answered(response, 'none');
    return response.blob();
  }

  /** `effect`: what is known when the request was answered by nobody; it may have been carried out. */
  #command(
    terminal: string,
    what: string,
    body: object,
    effect: 'none' | 'unknown' = 'none',
    key?: string,
  ): Promise<CommandView> {
    const path = `/v1/terminals/${encodeURIComponent(terminal)}/${what}`;
    return this.#post(path, body, effect, key === undefined ? {} : { 'Idempotency-Key': key });
  }

  #stream(path: string) {
    return (lastId: string | undefined, signal: AbortSignal): Promise<Response> =>
      this.#fetch(path, {
        headers: {
          Accept: 'text/event-stream',
          ...(lastId !== undefined && { 'Last-Event-ID': lastId }),
        },
        signal,
      });
  }

  async #get<T>(path: string): Promise<T> {
    return trusted(await answered(await this.#reach(path, {}, 'none'), 'none'));
  }

  async #post<T>(
    path: string,
    body: object,
    effect: 'none' | 'unknown',
    headers: Record<string, string> = {},
  ): Promise<T> {
    const init = {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-Tillwire': '1', ...headers },
      body: JSON.stringify(body),
    };
    return trusted(await answered(await this.#reach(path, init, effect), effect));
  }

  async #reach(path: string, init: RequestInit, effect: 'none' | 'unknown'): Promise<Response> {
    try {
      return await this.#fetch(path, init);
    } catch (cause) {
      const advice =
        effect === 'unknown' ? ' It may have taken the request; ask again with the same key.' : '';
      throw new BridgeError(
        { code: 'unreachable', effect },
        `The service at ${this.#base} cannot be reached.${advice}`,
        { cause },
      );
    }
  }

  #fetch(path: string, init: RequestInit): Promise<Response> {
    const { token, language, fetch: fetchWith = fetch } = this.#options;
    const headers = new Headers(init.headers);
    if (token !== undefined) headers.set('Authorization', `Bearer ${token}`);
    if (language !== undefined) headers.set('Accept-Language', language);
    return fetchWith(`${this.#base}${path}`, {
      ...init,
      headers,
      // Who may ask is told by the token alone, and no answer comes from elsewhere.
      credentials: 'omit',
      redirect: 'error',
    });
  }
}

/** The service's answers are what its OpenAPI document says; its tests hold it to that. */
const trusted = <T>(body: unknown): T => body as T;
