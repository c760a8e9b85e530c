import { describe, expect, it } from 'vitest';
import { Room, type RoomLimits } from './room.ts';

function roomOf(limits: Partial<RoomLimits> = {}) {
  const time = { nowMs: 0 };
  const room = new Room({ maxBytes: 100, graceMs: 0, ...limits }, () => time.nowMs);
  const gone: string[] = [];
  const enter = (name: string) => room.enter(() => gone.push(name));
  return { room, gone, enter, time };
}

describe('Room', () => {
  it('lets whoever has not got on for longest give way', () => {
    const { room, gone, enter } = roomOf();
    const [first, second, third] = [enter('first'), enter('second'), enter('third')];
    expect([first.take(40), second.take(40)]).toEqual([true, true]);
    first.moved();
    expect(third.take(40)).toBe(true);
    expect([gone, room.usedBytes]).toEqual([['second'], 80]);
  });

  it('refuses what does not fit, although all have given way who could', () => {
    const { gone, enter } = roomOf();
    const settled = enter('settled');
    expect(settled.take(60)).toBe(true);
    settled.settle();
    expect(enter('late').take(41)).toBe(false);
    settled.leave();
    settled.leave();
    expect([enter('later').take(100), gone]).toEqual([true, []]);
  });

  it('drops nobody before his time', () => {
    const { gone, enter, time } = roomOf({ graceMs: 10 });
    enter('slow').take(100);
    const other = enter('other');
    time.nowMs = 9;
    expect(other.take(1)).toBe(false);
    time.nowMs = 10;
    expect([other.take(1), gone]).toEqual([true, ['slow']]);
  });

  it('is open to a single one beyond its size', () => {
    const { enter } = roomOf({ graceMs: 10 });
    const large = enter('large');
    expect([large.take(150), enter('small').take(1), large.take(1)]).toEqual([true, false, true]);
    large.leave();
    expect(enter('small').take(1)).toBe(true);
  });
});
