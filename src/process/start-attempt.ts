/**
 * One attempt to make a child: what it needs is found, its logs are opened, its user is looked up, and it is spawned. Opening and
 * looking up may take a while, during which the process may be asked to stop, or be given other settings.
 *
 * There is one outcome in every case, told within {@link StartAttempt.begin} if nothing had to be waited for. One without a child is
 * told when the outputs have finished.
 */
import type { ProcessSettings } from '../config/settings.ts';
import type { Clock } from '../system/clock.ts';
import { AwaitedAnswer } from '../system/answers.ts';
import { logsFailed, type Prepared, prepareSpawn, type SpawnContext, spawnProcess } from './spawner.ts';
import type { SpawnFailed, SpawnOutcome } from './spawner.ts';
import type { Place, StartOrder } from './start-order.ts';
import type { ProcessStreams } from './streams.ts';

/** `given-up`: a stop was asked for before there was a child. */
export type StartOutcome = SpawnOutcome | 'given-up';

/** What may change while the attempt is under way. */
export type Current = Pick<SpawnContext, 'trouble'> & {
  readonly settings: ProcessSettings;
  readonly isStopWanted: boolean;
};

/** The process that is to be started. */
export interface StartHost extends Omit<SpawnContext, 'trouble' | 'outputs'> {
  readonly streams: ProcessStreams;
  readonly clock: Clock;
  /** In which the processes are spawned. */
  readonly order: StartOrder;
  current(): Current;
  /** Does what had to be waited for, in order with the events of the process. */
  goOn(work: () => void): void;
  ended(outcome: StartOutcome): void;
  /** Takes an error that nobody expected. */
  reportError(error: unknown): void;
}

export class StartAttempt {
  readonly #host: StartHost;
  /** Of the opening of the logs that is under way. */
  #opening: AwaitedAnswer<string | null> | null = null;
  #hasOutcome = false;
  readonly #place: Place;

  constructor(host: StartHost) {
    this.#host = host;
    this.#place = host.order.enter();
  }

  begin(): void {
    this.#try(() => this.#prepare());
  }

  /** A stop is wanted: ends the attempt if its logs are still being opened. Later than that there is an outcome soon anyhow. */
  giveUp(): void {
    if (this.#opening !== null) {
      this.#end('given-up');
    }
  }

  /** Nobody wants to know the outcome any more. */
  dispose(): void {
    this.#opening?.giveUp();
    this.#hasOutcome = true;
    this.#place.leave();
  }

  #prepare(): void {
    const { streams, clock } = this.#host;
    const { settings, isStopWanted } = this.#host.current();
    const prepared = isStopWanted ? 'given-up' : prepareSpawn(settings, this.#host);
    if (prepared === 'given-up' || !prepared.ok) {
      this.#end(prepared);
      return;
    }
    const opening = new AwaitedAnswer<string | null>(clock, null, (problem) =>
      this.#goOn(() => {
        this.#opening = null;
        this.#opened(prepared, problem);
      }),
    );
    this.#opening = opening;
    opening.ask((opened) => streams.open(opened));
  }

  #opened(prepared: Prepared, problem: string | null): void {
    const { system } = this.#host;
    const { settings } = prepared;
    if (!this.#isCurrent(prepared)) {
      this.#prepareAgain();
    } else if (problem !== null) {
      this.#end(logsFailed(settings, problem));
    } else {
      const { uid } = settings;
      const isAnother = uid !== null && uid !== system.ownUid();
      const waits =
        isAnother && system.renewIdentity(uid, () => this.#goOn(() => this.#identified(prepared)));
      if (!waits) {
        this.#spawnInTurn(prepared);
      }
    }
  }

  #identified(prepared: Prepared): void {
    if (this.#isCurrent(prepared)) {
      this.#spawnInTurn(prepared);
    } else {
      this.#prepareAgain();
    }
  }

  /** Other settings may mean another command, other logs and another user. */
  #isCurrent({ settings }: Prepared): boolean {
    return settings === this.#host.current().settings;
  }

  #prepareAgain(): void {
    this.#host.streams.finish(() => this.#goOn(() => this.#prepare()));
  }

  #spawnInTurn(prepared: Prepared): void {
    let isWithin = true;
    this.#place.ready(() => {
      if (isWithin) {
        this.#spawn(prepared);
      } else {
        this.#goOn(() => this.#spawnLate(prepared));
      }
    });
    isWithin = false;
  }

  /** Something else may be wanted by now. */
  #spawnLate(prepared: Prepared): void {
    if (this.#isCurrent(prepared)) {
      this.#spawn(prepared);
    } else {
      this.#prepareAgain();
    }
  }

  #spawn(prepared: Prepared): void {
    const { outputs } = this.#host.streams;
    const { trouble } = this.#host.current();
    const outcome = spawnProcess(prepared, { ...this.#host, outputs, trouble });
    if (outcome.ok) {
      this.#hasOutcome = true;
      this.#host.ended(outcome);
    } else {
      this.#end(outcome);
    }
  }

  #end(outcome: SpawnFailed | 'given-up'): void {
    const { streams } = this.#host;
    this.#opening?.giveUp();
    this.#opening = null;
    this.#hasOutcome = true;
    this.#place.leave();
    streams.finish(() => this.#host.goOn(() => this.#host.ended(outcome)));
  }

  #goOn(work: () => void): void {
    if (!this.#hasOutcome) {
      this.#host.goOn(() => this.#try(work));
    }
  }

  #try(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.#host.reportError(error);
      if (!this.#hasOutcome) {
        this.#end({ ok: false, message: `unexpected error: ${String(error)}`, fault: 'program' });
      }
    }
  }
}
