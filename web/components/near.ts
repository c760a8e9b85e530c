/** Whether an element is on the screen or nearly so. What is far away needs no figures. */
import { signal, type ReadonlySignal, type Signal } from '@preact/signals';
import { useLayoutEffect, useMemo } from 'preact/hooks';

const signals = new WeakMap<Element, Signal<boolean>>();
const observers = new Map<string, IntersectionObserver>();

function observerOf(margin: string): IntersectionObserver {
  const known = observers.get(margin);
  if (known !== undefined) {
    return known;
  }
  const observer = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        const near = signals.get(target);
        if (near !== undefined) {
          near.value = isIntersecting;
        }
      }
    },
    // Lists that scroll by themselves are widened by the same.
    { rootMargin: margin, scrollMargin: margin },
  );
  observers.set(margin, observer);
  return observer;
}

/** `margin`: how near, in pixels above and below. */
export function useNear(
  element: { readonly current: Element | null },
  margin = 200,
  initial = false,
): ReadonlySignal<boolean> {
  const near = useMemo(() => signal(initial), []);
  useLayoutEffect(() => {
    const target = element.current;
    if (target === null) {
      return;
    }
    const observer = observerOf(`${margin}px 0px`);
    signals.set(target, near);
    observer.observe(target);
    return () => observer.unobserve(target);
  }, []);
  return near;
}
