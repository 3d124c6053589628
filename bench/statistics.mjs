/** The middle of some numbers (mean of the two middle ones for an even count); NaN for none. */
export function median(numbers) {
  if (numbers.length === 0) return NaN;
  const sorted = Float64Array.from(numbers).sort();
  const middle = sorted.length >> 1;
  return sorted.length % 2 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The value below which `share` (0 to 1) of the numbers lie; NaN for none. */
export function percentile(numbers, share) {
  if (numbers.length === 0) return NaN;
  const sorted = Float64Array.from(numbers).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** The median over rounds of `value(round) / base(round)`: noise that lasts longer than a round cancels out. */
export function medianRatio(values, bases) {
  return median(values.map((value, round) => value / bases[round]));
}

/** The median over rounds of `value(round) - base(round)`. */
export function medianDifference(values, bases) {
  return median(values.map((value, round) => value - bases[round]));
}
