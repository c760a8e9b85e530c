import { describe, expect, it } from 'vitest';
import { EventBus } from './bus.ts';
import { processGroupEvent, supervisorStateChangeEvent, tickEvent } from './payloads.ts';

function makeBus() {
  const errors: unknown[] = [];
  return { errors, bus: new EventBus((error) => errors.push(error)) };
}

const added = processGroupEvent('ADDED', 'web');
const removed = processGroupEvent('REMOVED', 'web');

describe('EventBus', () => {
  it('B20.8: a subscriber to an abstract type gets the events of all types below it', () => {
    const { bus } = makeBus();
    const heard: string[] = [];
    bus.subscribe('PROCESS_GROUP', (event) => heard.push(`group ${event.type}`));
    bus.subscribe('EVENT', (event) => heard.push(`any ${event.type}`));
    bus.subscribe('PROCESS_GROUP_REMOVED', (event) => heard.push(`removed ${event.type}`));
    bus.publish(added);
    bus.publish(tickEvent(5, 10));
    expect(heard).toEqual(['group PROCESS_GROUP_ADDED', 'any PROCESS_GROUP_ADDED', 'any TICK_5']);
  });

  it('calls subscribers in the order of their subscription, and one with two types twice', () => {
    const { bus } = makeBus();
    const heard: string[] = [];
    const twice = () => heard.push('twice');
    bus.subscribe('PROCESS_GROUP_ADDED', twice);
    bus.subscribe('EVENT', () => heard.push('once'));
    bus.subscribe('PROCESS_GROUP', twice);
    bus.publish(added);
    expect(heard).toEqual(['twice', 'once', 'twice']);
  });

  it('reports a subscriber that throws and still calls the next one', () => {
    const { bus, errors } = makeBus();
    const heard: string[] = [];
    bus.subscribe('EVENT', () => {
      throw new Error('broken');
    });
    bus.subscribe('EVENT', (event) => heard.push(event.type));
    bus.publish(added);
    expect(heard).toEqual(['PROCESS_GROUP_ADDED']);
    expect(errors).toEqual([new Error('broken')]);
  });

  it('no longer calls one that was ended, even while an event is being delivered', () => {
    const { bus } = makeBus();
    const heard: string[] = [];
    bus.subscribe('EVENT', () => end());
    const end = bus.subscribe('EVENT', () => heard.push('ended'));
    bus.subscribe('EVENT', () => heard.push('other'));
    bus.publish(added);
    end();
    bus.publish(removed);
    expect(heard).toEqual(['other', 'other']);
  });

  it('calls one that subscribes during an event from the next event on', () => {
    const { bus } = makeBus();
    const heard: string[] = [];
    const endFirst = bus.subscribe('EVENT', () => {
      endFirst();
      bus.subscribe('EVENT', (event) => heard.push(event.type));
    });
    bus.publish(added);
    bus.publish(removed);
    expect(heard).toEqual(['PROCESS_GROUP_REMOVED']);
  });

  it('knows whether anybody listens, and tells its watchers of changes', () => {
    const { bus } = makeBus();
    const interest: boolean[] = [];
    const unwatch = bus.watchSubscriptions(() => interest.push(bus.hasSubscribers('TICK_60')));
    const endTick = bus.subscribe('TICK', () => undefined);
    bus.subscribe('PROCESS_STATE', () => undefined);
    endTick();
    unwatch();
    bus.subscribe('EVENT', () => undefined);
    expect(interest).toEqual([true, true, false]);
    expect(bus.hasSubscribers('SUPERVISOR_STATE_CHANGE_RUNNING')).toBe(true);
    bus.publish(supervisorStateChangeEvent('RUNNING'));
  });
});
