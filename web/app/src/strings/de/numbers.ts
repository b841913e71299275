// Zahlen, wie man sie auf Deutsch schreibt.

export const zahl = (count: number): string => count.toLocaleString('de');

export const komma = (value: number): string => value.toFixed(1).replace('.', ',');
