import { describe, expect, it } from 'vitest';
import { EventBus } from './bus.ts';
import { declaredEventTypes } from './declared-types.ts';
import { eventTypeNamed, type OwnEventType } from './types.ts';

describe('types of events that plugins declare', () => {
  it('B20.15: have a summary, and may stand below an abstract type', () => {
    const eventTypes = { OWN: { summary: 'One.' }, OTHER_1: { parent: 'TICK', summary: 'Two.' } };
    expect(declaredEventTypes({ eventTypes })).toEqual({ ok: true, eventTypes });
    expect(declaredEventTypes({})).toEqual({ ok: true, eventTypes: {} });
  });

  it.each([
    ['text', 'eventTypes is no object'],
    [{ own: { summary: '' } }, 'eventTypes.own is not a name in upper case'],
    [{ TICK_5: { summary: '' } }, 'eventTypes.TICK_5 is a type that there is already'],
    [{ OWN: {} }, 'eventTypes.OWN has no summary'],
    [{ OWN: { summary: '', parent: 'TICK_5' } }, 'eventTypes.OWN has a parent that is no abstract type'],
    [{ OWN: { summary: '', parent: 'toString' } }, 'eventTypes.OWN has a parent that is no abstract type'],
  ])('are refused: %#', (eventTypes, reason) => {
    expect(declaredEventTypes({ eventTypes })).toEqual({ ok: false, reason });
  });

  it('B20.15: reach who subscribed to them, or to what they stand below', () => {
    const bus = new EventBus((error) => {
      throw error;
    });
    const heard: string[] = [];
    for (const type of ['OWN', 'TICK', 'EVENT', 'TICK_5', 'OTHER', 'PROCESS_STATE']) {
      bus.subscribe(eventTypeNamed(type), ({ payload }) => heard.push(`${type} ${payload}`));
    }
    bus.publish({ type: 'OWN' as OwnEventType, parent: 'TICK', payload: 'x' });
    expect(heard).toEqual(['OWN x', 'TICK x', 'EVENT x']);
  });
});
