/** How a reader sees the page. */
export interface Appearance {
  readonly name: string;
  readonly size: 'desktop' | 'phone';
  readonly colorScheme: 'light' | 'dark';
}

function appearance(size: Appearance['size'], colorScheme: Appearance['colorScheme']): Appearance {
  return { name: `${size}, ${colorScheme}`, size, colorScheme };
}

export const desktopLight = appearance('desktop', 'light');

/** For what is to be looked at. */
export const allAppearances = [
  desktopLight,
  appearance('desktop', 'dark'),
  appearance('phone', 'light'),
  appearance('phone', 'dark'),
] as const;

/** For what is to be used: each size and each scheme once. */
export const bothSizes = [desktopLight, appearance('phone', 'dark')] as const;

export const viewports = {
  desktop: { width: 1360, height: 850 },
  phone: { width: 390, height: 844 },
} as const;
